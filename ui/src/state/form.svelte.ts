import { asApiError } from '../backend/backend';
import type { ApiError, SettingsChange } from '../backend/types';
import { t } from '../words/words.svelte';
import { agent } from './agent.svelte';
import { say } from './messages.svelte';

/** Writes one part of the settings. */
export class Saving {
  busy = $state(false);
  error = $state.raw<ApiError | null>(null);

  async save(change: SettingsChange): Promise<boolean> {
    this.busy = true;
    this.error = null;
    try {
      agent.settings = await agent.ask({ change_settings: { change } }, 'settings');
      say(t('saved'));
      return true;
    } catch (thrown) {
      this.error = asApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
