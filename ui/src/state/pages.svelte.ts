import { asApiError } from '../backend/backend';
import type { ApiError, Query, RecordView, Sorting } from '../backend/types';
import { newest } from '../pure/load';
import { batches } from '../pure/selection';
import { pagesOf, type Span } from '../pure/window';
import { agent } from './agent.svelte';

const SIZE = 100;
/** Pages that are kept; the rest is asked for again. */
const KEPT = 30;
/** So many pages are asked for at once. */
const AT_ONCE = 8;

/** One answer to a search, and what was read of its list since. */
interface List {
  query: Query;
  sorting: Sorting;
  pages: Map<number, RecordView[]>;
  /** The pages that are on their way. */
  asked: Set<number>;
}

/** A long list of mails of which only the pages around the visible rows are known. */
export class Pages {
  total = $state(0);
  error = $state.raw<ApiError | null>(null);
  /** Whether the first page of the newest search is still to come. */
  searching = $state(true);
  /** Whether the rows that are shown are those of the newest search. */
  settled = $state(false);
  /** Grows with every search that begins at the top. */
  begun = $state(0);
  #stamp = $state(0);
  /** What is shown; a newer search takes its place when it is answered. */
  #list: List | null = null;
  #query: Query | null = null;
  #sorting: Sorting = { by: 'arrived', ascending: false };
  #wanted: Span = { first: 0, end: 0 };
  readonly #order = newest();

  /** The search whose rows are shown. */
  get shown(): Query | null {
    return this.#list?.query ?? null;
  }

  /**
   * Begins anew at the top; what is shown stays until the new first page is there. Says whether it came: not where it
   * failed, or a newer search has begun.
   */
  async search(query: Query, sorting: Sorting): Promise<boolean> {
    this.settled = false;
    const before = this.#wanted;
    this.#wanted = { first: 0, end: 1 };
    const came = await this.#ask(query, sorting);
    if (came) this.begun += 1;
    // The old rows stay in sight.
    else if (came === false) this.want(before);
    return came === true;
  }

  /** Whether the answer came; null where a newer search has begun meanwhile. */
  async #ask(query: Query, sorting: Sorting): Promise<boolean | null> {
    const ticket = this.#order.next();
    this.#query = query;
    this.#sorting = sorting;
    this.searching = true;
    const list: List = { query, sorting, pages: new Map(), asked: new Set() };
    const first = pagesOf(this.#wanted, SIZE)[0] ?? 0;
    let came = false;
    try {
      const page = await this.#fetch(list, first);
      if (!this.#order.is(ticket)) return null;
      list.pages.set(first, page.records);
      this.#list = list;
      this.total = page.total;
      this.#wanted = { first: this.#wanted.first, end: Math.min(this.#wanted.end, page.total) };
      this.error = null;
      came = true;
    } catch (thrown) {
      if (!this.#order.is(ticket)) return null;
      this.error = asApiError(thrown);
    }
    this.searching = false;
    this.settled = came;
    this.#stamp += 1;
    this.want(this.#wanted);
    return came;
  }

  /** The same search once more, because mails have moved. */
  again = async (): Promise<void> => {
    if (this.#query) await this.#ask(this.#query, this.#sorting);
  };

  /** The mail of a row, if it is known yet. */
  row(index: number): RecordView | undefined {
    void this.#stamp;
    return this.#list?.pages.get(Math.floor(index / SIZE))?.[index % SIZE];
  }

  /** These rows are in sight. */
  want(span: Span): void {
    this.#wanted = span;
    const list = this.#list;
    if (this.searching || !list) return;
    for (const number of pagesOf(span, SIZE)) {
      if (!list.pages.has(number) && !list.asked.has(number)) void this.#load(list, number).catch(() => {});
    }
  }

  /** The names of the mails of these rows, asked for where they are not known; throws where one cannot be had. */
  async names(span: Span): Promise<string[]> {
    const list = this.#list;
    if (!list) return [];
    const names: string[] = [];
    // They are taken from the answers: of so many pages not all are kept.
    for (const numbers of batches(pagesOf(span, SIZE), AT_ONCE)) {
      const answers = await Promise.all(
        numbers.map(async (number) => ({
          first: number * SIZE,
          records: list.pages.get(number) ?? (await this.#load(list, number)),
        })),
      );
      for (const { first, records } of answers)
        names.push(
          ...records.slice(Math.max(0, span.first - first), Math.max(0, span.end - first)).map(({ id }) => id),
        );
    }
    return names;
  }

  #fetch({ query, sorting }: List, number: number) {
    return agent.ask({ search: { query, sorting, offset: number * SIZE, limit: SIZE } }, 'records');
  }

  async #load(list: List, number: number): Promise<RecordView[]> {
    list.asked.add(number);
    try {
      const page = await this.#fetch(list, number);
      // What comes late belongs to a list that is shown no more.
      if (list === this.#list) {
        list.pages.set(number, page.records);
        this.total = page.total;
        this.#dropOld(list);
        this.#stamp += 1;
      }
      return page.records;
    } catch (thrown) {
      if (list === this.#list) this.error = asApiError(thrown);
      throw thrown;
    } finally {
      list.asked.delete(number);
    }
  }

  /** Lets the oldest pages go, but none of those in sight. */
  #dropOld(list: List): void {
    const wanted = new Set(pagesOf(this.#wanted, SIZE));
    for (const old of list.pages.keys()) {
      if (list.pages.size <= KEPT) break;
      if (!wanted.has(old)) list.pages.delete(old);
    }
  }
}
