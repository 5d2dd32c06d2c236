import { asApiError } from '../backend/backend';
import type { ApiError } from '../backend/types';
import { newest } from '../pure/load';

/** Something that is asked of the agent and asked again: the last answer stays while a new one is fetched. */
export class Loaded<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  busy = $state(false);
  readonly #fetch: () => Promise<T>;
  readonly #order = newest();

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  load = async (): Promise<void> => {
    const ticket = this.#order.next();
    this.busy = true;
    try {
      const value = await this.#fetch();
      if (!this.#order.is(ticket)) return;
      this.value = value;
      this.error = null;
    } catch (thrown) {
      if (this.#order.is(ticket)) this.error = asApiError(thrown);
    } finally {
      if (this.#order.is(ticket)) this.busy = false;
    }
  };
}
