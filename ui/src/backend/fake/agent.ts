import { failure } from '../backend';
import type { Event, RecordState, RecordView, Request, Response, SettingsChange } from '../types';
import { Accounts } from './accounts';
import { CONSTANT, draft, findServers, tryAccount } from './answers';
import { overview, sources } from './figures';
import { hostile } from './hostile';
import { record, shown, source } from './mails';
import { Reports } from './reports';
import { Mails } from './search';
import { LEARNED, RULES } from './settings';
import { say } from './told';
import { Undecided } from './undecided';

type Orders = Exclude<Request, string>;

const REFUSED = 'The mail server refused to move it. Look whether the folder is there.';

/** An agent that is made up: it keeps everything in memory and forgets it with the page. */
export class FakeAgent {
  readonly #now: () => number;
  readonly #scenario: string;
  readonly #tell: (events: Event[]) => void;
  readonly #mails: Mails;
  readonly #undecided: Undecided;
  readonly #hostile: RecordView[];
  #learned = [...LEARNED];
  readonly #accounts: Accounts;
  #madeReports: Reports | null = null;

  constructor(scenario: string, now: () => number, tell: (events: Event[]) => void, count?: number) {
    this.#scenario = scenario;
    this.#now = now;
    this.#tell = tell;
    const none = scenario.startsWith('first-run') || scenario === 'empty';
    this.#mails = new Mails(now(), none ? 0 : count);
    this.#undecided = new Undecided(now());
    if (none) this.#undecided.settle([...this.#undecided.records.keys()], false);
    this.#accounts = new Accounts(scenario, now, tell, this.#mails, this.#undecided);
    this.#hostile = scenario === 'hostile' ? hostile(record(this.#mails.all[0] as never), now()) : [];
  }

  get #reports(): Reports {
    if (!this.#madeReports) {
      const moved = this.#mails.all.filter((one) => one.state === 'quarantined').slice(0, 60);
      this.#madeReports = new Reports(moved.map(record), this.#now());
    }
    return this.#madeReports;
  }

  /** Answers, or throws an `ApiError`. */
  async ask(request: Request): Promise<Response> {
    if (typeof request === 'string') return this.#plain(request);
    const [name, body] = Object.entries(request)[0] as [string, never];
    const answer = (this.#orders as Record<string, (body: never) => Response>)[name];
    if (!answer) throw failure('The request is none that this agent knows.');
    return answer(body);
  }

  #plain(request: Request & string): Response {
    switch (request) {
      case 'status':
        return {
          status: {
            version: '0.1.0',
            running: true,
            accounts: this.#accounts.views(),
          },
        };
      case 'settings':
        return { settings: structuredClone(this.#accounts.settings) };
      case 'groups':
        return { groups: this.#undecided.groups() };
      case 'reports':
        return { reports: this.#reports.list() };
      case 'reports_send':
        return { changed: this.#reports.send(this.#now()) };
      case 'sources':
        return {
          sources: {
            sources: sources(this.#mails.all),
            problem:
              this.#scenario === 'fail'
                ? 'The table of networks could not be read; look whether the file is there.'
                : null,
          },
        };
      case 'learned':
        return { learned: this.#learned };
      case 'rules':
        return { rules: [...RULES] };
      default:
        return CONSTANT[request] ?? 'accepted';
    }
  }

  readonly #orders = {
    overview: ({ offset }: { offset: number }): Response => ({
      overview: overview(this.#mails.all, this.#now(), offset),
    }),
    search: ({ query, sorting, offset, limit }: Extract<Orders, { search: unknown }>['search']): Response => {
      const undecided = query.states.length === 1 && query.states[0] === 'undecided';
      if (undecided) {
        const list = [...this.#undecided.records.values()].filter((one) => one.state === 'undecided');
        return { records: { records: list.slice(offset, offset + limit), total: list.length, next: null } };
      }
      const found = this.#mails.search(query, sorting);
      const first = query.text || sorting.by !== 'arrived' ? [] : this.#hostile;
      const page = [...first.slice(offset, offset + limit)];
      const skipped = Math.max(0, offset - first.length);
      page.push(...found.slice(skipped, skipped + limit - page.length).map(record));
      return { records: { records: page, total: found.length + first.length, next: null } };
    },
    matching: ({ query }: Extract<Orders, { matching: unknown }>['matching']): Response => ({
      ids: this.#mails.search(query, { by: 'arrived', ascending: false }).map((one) => one.id),
    }),
    quarantine_show: ({ id }: { id: string }): Response => ({ record: this.#show(id) }),
    source_text: ({ id }: { id: string }): Response => {
      const text = source(this.#show(id));
      return { source_text: { text, size: text.length, whole: true } };
    },
    quarantine_restore: ({ ids }: { ids: string[] }): Response =>
      this.#change(ids, 'restored', (account, count) => ({ restored: { account, count } })),
    quarantine_purge: ({ which }: Extract<Orders, { quarantine_purge: unknown }>['quarantine_purge']): Response =>
      this.#change('ids' in which ? which.ids : [], 'purged', (account, count) => ({ moved: { account, count } })),
    quarantine_apply: ({ account: only }: { account: string | null }): Response => {
      const ids = this.#mails.all
        .filter((one) => one.state === 'judged' && (!only || one.account === only))
        .map((one) => one.id);
      return this.#change(ids, 'quarantined', (account, count) => ({ moved: { account, count } }));
    },
    decide: ({ ids, decision }: Extract<Orders, { decide: unknown }>['decide']): Response => {
      this.#failing();
      const refused = ids.filter((_, nth) => this.#refuses(nth));
      const changed = this.#undecided.settle(
        ids.filter((id) => !refused.includes(id)),
        decision === 'never_sent',
      );
      changed.failed.push(...refused.map((id) => ({ id, why: REFUSED })));
      this.#tell([{ moved: { account: 'home', count: changed.done } }]);
      return { changed };
    },
    propose: ({ ids }: { ids: string[] }): Response => {
      if (ids[0]?.startsWith('u4'))
        return {
          proposals: {
            senders: [],
            why_none:
              'These mails have nothing in common by which a sender could be told. Add the address to the account, if it is yours.',
          },
        };
      return {
        proposals: {
          senders: [
            {
              sender: { id: '*@mailer.test' },
              text: 'mail numbered *@mailer.test',
              brings_back: 14,
              settles: Math.max(0, ids.length - 1),
              seem_forged: 0,
              forgeable: true,
              examples: ['Quarterly figures', 'Your order 1188'],
            },
            {
              sender: { relay: '192.0.2.25' },
              text: 'mail that the server 192.0.2.25 hands over',
              brings_back: 210,
              settles: 31,
              seem_forged: 96,
              forgeable: false,
              examples: ['Your parcel is waiting'],
            },
          ],
          why_none: null,
        },
      };
    },
    declare: ({ sender }: Extract<Orders, { declare: unknown }>['declare']): Response => {
      this.#learned.push({
        name: Object.entries(sender)[0]?.join(' ') ?? '',
        what: 'declared',
        time: '2026-11-28T00:00:00+00:00',
        mails: null,
        accounts: {},
      });
      const prefix = 'id' in sender ? 'u2' : 'u0';
      this.#undecided.settle(
        [...this.#undecided.records.keys()].filter((id) => id.startsWith(prefix)),
        false,
      );
      this.#tell([{ rescued: { account: 'home', count: 14, why: 'You said that this sender is yours.' } }]);
      return 'accepted';
    },
    forget: ({ name }: { name: string }): Response => {
      this.#learned = this.#learned.filter((one) => one.name !== name);
      return 'accepted';
    },
    report: ({ id }: { id: string }): Response => {
      const one = this.#mails.get(id);
      const report = this.#reports.one(id) ?? null;
      const why_not =
        report || !one
          ? null
          : one.kind === 'list_notice'
            ? say('why-not-list')
            : this.#now() - one.arrived > 2 * 86_400
              ? say('why-not-too-old')
              : null;
      return { report: { report, why_not: why_not?.text ?? null, ...(why_not && { why_not_told: why_not.told }) } };
    },
    reports_order: ({ ids, order }: Extract<Orders, { reports_order: unknown }>['reports_order']): Response => {
      this.#failing();
      const changed = this.#reports.order(ids, order, this.#now(), (id) => {
        const one = this.#mails.get(id);
        return one && record(one);
      });
      this.#tell(ids.slice(0, 20).map((id) => ({ report: { account: 'home', id, state: order } })));
      return { changed };
    },
    complain: ({ id, complaint }: Extract<Orders, { complain: unknown }>['complain']): Response => {
      const about = this.#reports.make(this.#show(id), this.#now());
      this.#reports.put({
        ...about,
        id: `${id}/${complaint.channel}`,
        channel: complaint.channel,
        to: complaint.to,
        state: 'sent',
        sent: this.#now(),
      });
      return 'accepted';
    },
    save: (): Response => 'accepted',
    export: (): Response => ({
      exported: { path: '/home/ada/neversent-2026-11-28.export', entries: 51_002, bytes: 4_200_000 },
    }),
    import: (): Response => ({ imported: { entries: 51_002, known: 0, damaged: 0 } }),
    pause: ({ until }: { until: number | null }): Response => {
      this.#accounts.become(() => ({ paused: { until } }));
      return 'accepted';
    },
    check_now: (): Response => {
      this.#failing();
      return 'accepted';
    },
    draft: (asked: Extract<Orders, { draft: unknown }>['draft']): Response => draft(asked),
    find_servers: ({ address }: { address: string }): Response => {
      this.#failing();
      return findServers(address);
    },
    try_account: ({ password }: Extract<Orders, { try_account: unknown }>['try_account']): Response =>
      tryAccount(password, this.#scenario),
    change_settings: ({ change }: { change: SettingsChange }): Response => {
      this.#failing();
      this.#accounts.write(change);
      this.#tell(['settings_changed']);
      return { settings: structuredClone(this.#accounts.settings) };
    },
  };

  #failing(): void {
    if (this.#scenario === 'fail')
      throw failure('The mail server closed the connection. Try again in a minute.', 'server_failed');
  }

  #show(id: string): RecordView {
    const one = this.#mails.get(id);
    const view =
      (one && shown(one)) ?? this.#undecided.records.get(id) ?? this.#hostile.find((other) => other.id === id);
    if (!view) throw failure('There is no such mail in the record any more.', 'no_such_record');
    return view;
  }

  #change(ids: readonly string[], state: RecordState, event: (account: string, count: number) => Event): Response {
    this.#failing();
    const counts = new Map<string, number>();
    const failed = [];
    for (const [nth, id] of ids.entries()) {
      const one = this.#mails.get(id);
      if (this.#refuses(nth)) {
        failed.push({ id, why: REFUSED });
        continue;
      }
      const account = one?.account ?? this.#undecided.become(id, state);
      if (account === null) {
        failed.push({ id, why: 'There is no such mail in the record any more.' });
        continue;
      }
      if (one) one.state = state;
      counts.set(account, (counts.get(account) ?? 0) + 1);
    }
    this.#tell([...counts].map(([account, count]) => event(account, count)));
    return { changed: { done: ids.length - failed.length, failed, records: [] } };
  }

  /** Whether the server refuses the mail that is the nth of an order. */
  #refuses(nth: number): boolean {
    return this.#scenario === 'some-fail' && nth % 3 === 0;
  }

  resume(): void {
    this.#accounts.become(() => ({ watching: 'idle' }));
  }
}
