import type { AccountState } from '../backend/types';
import { format, t } from '../words/words.svelte';

/** What an account is doing, in a sentence. */
export function stateSentence(state: AccountState, now: number): string {
  if (state === 'stopped') return t('state-stopped');
  if (state === 'connecting') return t('state-connecting');
  if (state === 'signing_in') return t('state-signing-in');
  if (state === 'scanning') return t('state-scanning');
  if (state === 'sign_in_failed') return t('state-sign-in-failed');
  if ('indexing' in state) {
    const { done, total } = state.indexing;
    return t('state-indexing', { done: format().number(done), total: format().number(total) });
  }
  if ('watching' in state) return t('state-watching');
  if ('waiting' in state)
    return `${t('state-waiting', { when: format().relative(state.waiting.until, now) })} ${state.waiting.why}`;
  const until = state.paused.until;
  return until === null ? t('state-paused') : t('state-paused-until', { until: format().dateTime(until) });
}
