import type { Query, RecordState, Sorting } from '../types';
import { HOSTS, Mail, MAILS } from './mails';

/** The hundred thousand, made when they are first looked for, and what was changed since. */
export class Mails {
  #all: Mail[] | null = null;
  #texts: string[] | null = null;
  readonly #now: number;
  readonly #count: number;

  constructor(now: number, count = MAILS) {
    this.#now = now;
    this.#count = count;
  }

  get all(): Mail[] {
    this.#all ??= Array.from({ length: this.#count }, (_, index) => new Mail(index, this.#now)).sort(
      (a, b) => b.arrived - a.arrived,
    );
    return this.#all;
  }

  get(id: string): Mail | undefined {
    this.#byId ??= new Map(this.all.map((one) => [one.id, one]));
    return this.#byId.get(id);
  }

  #byId: Map<string, Mail> | null = null;

  count(account: string, state: RecordState): number {
    return this.all.reduce((sum, one) => sum + (one.account === account && one.state === state ? 1 : 0), 0);
  }

  #text(nth: number, one: Mail): string {
    this.#texts ??= new Array<string>(this.#count);
    return (this.#texts[nth] ??=
      `${one.subject} ${one.from} ${HOSTS[one.host]?.name} ${HOSTS[one.host]?.ip}`.toLowerCase());
  }

  search(query: Query, sorting: Sorting): Mail[] {
    const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(query.states);
    const kinds = new Set(query.kinds);
    const found = this.all.filter((one, nth) => {
      if (query.account && one.account !== query.account) return false;
      if (states.size > 0 && !states.has(one.state)) return false;
      if (kinds.size > 0 && !kinds.has(one.kind)) return false;
      if (query.from !== null && one.arrived < query.from) return false;
      if (query.to !== null && one.arrived >= query.to) return false;
      const host = HOSTS[one.host];
      if (query.server && host?.ip !== query.server && host?.name !== query.server) return false;
      const text = words.length > 0 ? this.#text(nth, one) : '';
      return words.every((word) => text.includes(word));
    });
    return order(found, sorting);
  }
}

function order(found: Mail[], { by, ascending }: Sorting): Mail[] {
  if (by === 'arrived') return ascending ? found.reverse() : found;
  const key = (one: Mail): string =>
    by === 'server' ? (HOSTS[one.host]?.name ?? '') : by === 'from' ? one.from : by === 'kind' ? one.kind : one.subject;
  const sign = ascending ? 1 : -1;
  // Plain comparison: a collator takes seconds for so many.
  return found.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -sign : left > right ? sign : b.arrived - a.arrived;
  });
}
