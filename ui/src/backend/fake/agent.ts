import { failure } from '../backend';
import type {
  AccountSettings,
  AccountState,
  AccountView,
  Event,
  RecordState,
  RecordView,
  Request,
  Response,
  SettingsChange,
  SettingsView,
} from '../types';
import { overview, sources } from './figures';
import { hostile } from './hostile';
import { OWN, record, shown, source } from './mails';
import { Reports } from './reports';
import { Mails } from './search';
import { account, LEARNED, RULES, settings } from './settings';
import { Undecided } from './undecided';

type Orders = Exclude<Request, string>;

/** An agent that is made up: it keeps everything in memory and forgets it with the page. */
export class FakeAgent {
  readonly #now: () => number;
  readonly #scenario: string;
  readonly #tell: (events: Event[]) => void;
  readonly #mails: Mails;
  readonly #undecided: Undecided;
  readonly #hostile: RecordView[];
  #learned = [...LEARNED];
  #settings: SettingsView;
  #states = new Map<string, AccountState>();
  #madeReports: Reports | null = null;
  #scan: ReturnType<typeof setInterval> | null = null;

  constructor(scenario: string, now: () => number, tell: (events: Event[]) => void, count?: number) {
    this.#scenario = scenario;
    this.#now = now;
    this.#tell = tell;
    const none = scenario === 'first-run' || scenario === 'empty';
    this.#mails = new Mails(now(), none ? 0 : count);
    this.#undecided = new Undecided(now());
    if (none) this.#undecided.settle([...this.#undecided.records.keys()], null);
    this.#settings = settings(
      scenario === 'first-run'
        ? []
        : [account('home', 'ada@example.org', 'quarantine'), account('work', 'ada.king@firma.example', 'observe')],
    );
    if (scenario === 'broken-settings')
      this.#settings.problem =
        'Line 14 of config.toml: “mod” is no known key. What was read last is used; mend the line.';
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
            accounts: this.#settings.accounts.map((one) => this.#account(one)),
          },
        };
      case 'settings':
        return { settings: structuredClone(this.#settings) };
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
      case 'selectors':
        return { selectors: { 'mail2024._domainkey.example.org': '2026-11-20T08:00:00+00:00' } };
      case 'unmatched':
        return { unmatched: [{ came: this.#now() - 7200, links: ['https://www.spamcop.net/sc?id=z99z'] }] };
      case 'digest':
        return {
          digest:
            '3 reports were sent by themselves yesterday: two about mx1.shop.example, one about gate1.office.example.',
        };
      case 'diagnostics':
        return {
          diagnostics: {
            parts: [
              { name: 'versions', text: 'neversent 0.1.0\nLinux 6.1' },
              { name: 'log', text: '10:02 INFO connected account=1\n10:03 INFO judged verdict=backscatter' },
            ],
          },
        };
      case 'check':
        return {
          checked: {
            parts: [
              { name: 'index', text: '48,211 sent mails', problem: null },
              { name: 'journal', text: 'whole', problem: null },
            ],
          },
        };
      default:
        return 'accepted';
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
      const done = this.#undecided.settle(ids, decision === 'never_sent' ? 'quarantined' : null);
      this.#tell([{ moved: { account: 'home', count: done } }]);
      return { changed: { done, failed: [] } };
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
        null,
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
            ? 'Notices of mailing lists are never reported.'
            : this.#now() - one.arrived > 2 * 86_400
              ? 'SpamCop takes nothing that is older than two days.'
              : null;
      return { report: { report, why_not } };
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
    draft: ({ id, channel, look_up }: Extract<Orders, { draft: unknown }>['draft']): Response => ({
      draft: {
        channel,
        host: '203.0.113.7',
        host_name: 'mx1.shop.example',
        contacts: look_up
          ? [
              { address: 'abuse@hosting.test', by: 'rdap' },
              { address: 'noc@hosting.test', by: 'abusix' },
            ]
          : [],
        problems: look_up ? [] : ['No contact was looked up.'],
        subject: 'Backscatter from 203.0.113.7',
        text: `Your server answered a mail that I never sent (${id}).\nPlease refuse mail for unknown recipients instead of bouncing it.`,
        attached: 'The notice goes with it, word for word, 3,204 bytes.',
      },
    }),
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
      if (this.#scan) clearInterval(this.#scan);
      this.#set(() => ({ paused: { until } }));
      return 'accepted';
    },
    check_now: (): Response => {
      this.#failing();
      return 'accepted';
    },
    find_servers: ({ address }: { address: string }): Response => {
      this.#failing();
      const domain = address.split('@')[1] ?? '';
      const known = domain === 'example.org';
      const server = (name: string, port: number) => ({
        host: `${name}.${domain}`,
        port,
        security: 'tls' as const,
        ca_file: null,
      });
      return {
        servers: {
          provider: known ? 'Example Mail' : null,
          imap: known ? server('imap', 993) : null,
          smtp: known ? server('smtp', 465) : null,
          user: address,
          first: known ? 'Make an app password at Example Mail first, under “Security”.' : null,
        },
      };
    },
    try_account: ({ password }: Extract<Orders, { try_account: unknown }>['try_account']): Response => {
      if (password === 'wrong')
        throw failure(
          'imap.example.org refused the sign-in: the password is wrong. Look whether your provider wants an app password.',
          'sign_in_refused',
        );
      if (this.#scenario === 'offline')
        throw failure(
          'imap.example.org cannot be reached. Look whether you are connected to the internet.',
          'no_connection',
        );
      const folder = (name: string, sent = false, inbox = false) => ({ name, sent, inbox });
      return {
        tried: {
          folders: [
            folder('INBOX', false, true),
            folder('Sent', true),
            folder('Archive'),
            folder('Archive/Sent 2024', true),
            folder('Junk'),
          ],
          problems: ['The server cannot move mails in one step (no MOVE); they are copied and then deleted.'],
        },
      };
    },
    change_settings: ({ change }: { change: SettingsChange }): Response => {
      this.#failing();
      this.#write(change);
      this.#tell(['settings_changed']);
      return { settings: structuredClone(this.#settings) };
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
    for (const id of ids) {
      const one = this.#mails.get(id);
      if (!one) {
        failed.push({ id, why: 'There is no such mail in the record any more.' });
        continue;
      }
      one.state = state;
      counts.set(one.account, (counts.get(one.account) ?? 0) + 1);
    }
    this.#tell([...counts].map(([account, count]) => event(account, count)));
    return { changed: { done: ids.length - failed.length, failed } };
  }

  #write(change: SettingsChange): void {
    const now = this.#settings;
    if ('account' in change) {
      const { name, account: said } = change.account;
      const fresh = !now.accounts.some((one) => one.name === name);
      now.accounts = fresh ? [...now.accounts, said] : now.accounts.map((one) => (one.name === name ? said : one));
      if (fresh) this.#firstScan(said.name);
    } else if ('remove_account' in change)
      now.accounts = now.accounts.filter((one) => one.name !== change.remove_account.name);
    else if ('look_ups' in change) now.lookups = change.look_ups;
    else if ('spam_cop' in change)
      now.spamcop = {
        ...change.spam_cop.settings,
        has_address: now.spamcop.has_address || change.spam_cop.address !== null,
      };
    else if ('complaints' in change) now.complaints = change.complaints;
    else now.desktop = change.desktop;
  }

  /** Reads the sent mail of a new account, then looks through its inbox. */
  #firstScan(name: string): void {
    let done = 0;
    const total = 48_211;
    this.#states.set(name, { indexing: { done, total } });
    this.#scan = setInterval(() => {
      done = Math.min(total, done + 12_000);
      if (done < total) {
        this.#states.set(name, { indexing: { done, total } });
        this.#tell([
          { state_changed: { account: name, state: { indexing: { done, total } } } },
          { progress: { account: name, what: 'reading sent mail', done, total } },
        ]);
        return;
      }
      if (this.#scan) clearInterval(this.#scan);
      this.#states.set(name, { watching: 'idle' });
      const judged = new Mails(this.#now(), 60);
      for (const one of judged.all) Object.assign(one, { state: 'judged', account: name, until: null });
      this.#mails.all.unshift(...judged.all);
      this.#tell([{ state_changed: { account: name, state: { watching: 'idle' } } }]);
    }, 250);
  }

  #set(state: () => AccountState): void {
    for (const one of this.#settings.accounts) {
      this.#states.set(one.name, state());
      this.#tell([{ state_changed: { account: one.name, state: state() } }]);
    }
  }

  resume(): void {
    this.#set(() => ({ watching: 'idle' }));
  }

  #account(said: AccountSettings): AccountView {
    const refused = this.#scenario === 'signin-refused' && said.name === 'home';
    const offline = this.#scenario === 'offline';
    const state: AccountState =
      this.#states.get(said.name) ??
      (refused
        ? 'sign_in_failed'
        : offline
          ? {
              waiting: {
                until: this.#now() + 120,
                why: 'The mail server cannot be reached. Look whether you are connected to the internet.',
              },
            }
          : { watching: 'idle' });
    return {
      name: said.name,
      state,
      mode: said.mode,
      watched: said.watch.map((name) => ({ name, mails: 1204 })),
      sent_folders: ['Sent', 'Archive/Sent 2024'],
      sent_indexed: 48_211,
      coverage: 'Everything that you sent since 3 February 2024 is known, without a gap.',
      judged: 102_233,
      undecided: this.#undecided.count(said.name),
      to_apply: this.#mails.count(said.name, 'judged'),
      quarantined: this.#mails.count(said.name, 'quarantined'),
      bytes_in: 8_100_000,
      bytes_out: 120_000,
      problem: refused
        ? 'imap.example.org refused the sign-in. Look whether the password was changed, and type it anew.'
        : null,
      alarm:
        this.#scenario === 'alarm' && said.name === 'home'
          ? `Three mails that you say nothing of left through your own server today as ${OWN.home}. Change the password of this account now, then look whether these mails are yours.`
          : null,
    };
  }
}
