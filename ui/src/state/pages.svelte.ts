import { asApiError } from '../backend/backend';
import type { ApiError, Query, RecordView, Sorting } from '../backend/types';
import { newest } from '../pure/load';
import { pagesOf, type Span } from '../pure/window';
import { agent } from './agent.svelte';

const SIZE = 100;
/** Pages that are kept; the rest is asked for again. */
const KEPT = 30;

/** A long list of mails of which only the pages around the visible rows are known. */
export class Pages {
  total = $state(0);
  error = $state.raw<ApiError | null>(null);
  /** Whether the first page of the newest search is still to come. */
  searching = $state(true);
  /** Grows with every search that begins at the top. */
  begun = $state(0);
  #stamp = $state(0);
  #pages = new Map<number, RecordView[]>();
  #asked = new Set<number>();
  #query: Query | null = null;
  #sorting: Sorting = { by: 'arrived', ascending: false };
  #wanted: Span = { first: 0, end: 0 };
  readonly #order = newest();

  /** Begins anew at the top; what is shown stays until the new first page is there. */
  async search(query: Query, sorting: Sorting): Promise<void> {
    this.#wanted = { first: 0, end: 1 };
    await this.#ask(query, sorting);
    this.begun += 1;
  }

  async #ask(query: Query, sorting: Sorting): Promise<void> {
    const ticket = this.#order.next();
    this.#query = query;
    this.#sorting = sorting;
    this.searching = true;
    this.#asked.clear();
    const numbers = pagesOf(this.#wanted, SIZE);
    const first = numbers[0] ?? 0;
    try {
      const page = await this.#fetch(first);
      if (!this.#order.is(ticket)) return;
      this.#pages = new Map([[first, page.records]]);
      this.total = page.total;
      this.#wanted.end = Math.min(this.#wanted.end, page.total);
      this.error = null;
    } catch (thrown) {
      if (this.#order.is(ticket)) this.error = asApiError(thrown);
    }
    if (!this.#order.is(ticket)) return;
    this.searching = false;
    this.#stamp += 1;
    this.want(this.#wanted);
  }

  /** The same search once more, because mails have moved. */
  again = async (): Promise<void> => {
    if (this.#query) await this.#ask(this.#query, this.#sorting);
  };

  /** The mail of a row, if it is known yet. */
  row(index: number): RecordView | undefined {
    void this.#stamp;
    return this.#pages.get(Math.floor(index / SIZE))?.[index % SIZE];
  }

  /** These rows are in sight. */
  want(span: Span): void {
    this.#wanted = span;
    if (this.searching) return;
    for (const number of pagesOf(span, SIZE)) {
      if (!this.#pages.has(number) && !this.#asked.has(number)) void this.#load(number);
    }
  }

  /** The names of the mails of these rows, asked for where they are not known. */
  async names(span: Span): Promise<string[]> {
    await Promise.all(pagesOf(span, SIZE).map((number) => (this.#pages.has(number) ? null : this.#load(number))));
    const names: string[] = [];
    for (let row = span.first; row < span.end; row += 1) {
      const record = this.row(row);
      if (record) names.push(record.id);
    }
    return names;
  }

  #fetch(number: number) {
    const query = this.#query as Query;
    return agent.ask({ search: { query, sorting: this.#sorting, offset: number * SIZE, limit: SIZE } }, 'records');
  }

  async #load(number: number): Promise<void> {
    const query = this.#query;
    this.#asked.add(number);
    try {
      const page = await this.#fetch(number);
      if (query !== this.#query) return;
      this.#pages.set(number, page.records);
      this.total = page.total;
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= KEPT) break;
        this.#pages.delete(old);
      }
      this.#stamp += 1;
    } catch (thrown) {
      if (query === this.#query) this.error = asApiError(thrown);
    } finally {
      this.#asked.delete(number);
    }
  }
}
