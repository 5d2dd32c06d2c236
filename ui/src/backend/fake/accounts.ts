import { failure } from '../backend';
import type { AccountSettings, AccountState, AccountView, Event, SettingsChange, SettingsView } from '../types';
import { OWN } from './mails';
import { Mails } from './search';
import { account, settings } from './settings';
import { day, say } from './told';
import type { Undecided } from './undecided';

const COVERAGE = say('coverage-whole', { from: { time: day(2024, 2, 3) }, minutes: { number: 4 } });

/** The accounts that are made up, what they are doing, and all settings. */
export class Accounts {
  readonly settings: SettingsView;
  readonly #states = new Map<string, AccountState>();
  #scan: ReturnType<typeof setInterval> | null = null;
  readonly #scenario: string;
  readonly #now: () => number;
  readonly #tell: (events: Event[]) => void;
  readonly #mails: Mails;
  readonly #undecided: Undecided;

  constructor(
    scenario: string,
    now: () => number,
    tell: (events: Event[]) => void,
    mails: Mails,
    undecided: Undecided,
  ) {
    this.#scenario = scenario;
    this.#now = now;
    this.#tell = tell;
    this.#mails = mails;
    this.#undecided = undecided;
    const two = [
      account('home', 'ada@example.org', 'quarantine'),
      account('work', 'ada.king@firma.example', 'observe'),
    ];
    this.settings = settings(scenario.startsWith('first-run') ? [] : two);
    if (scenario === 'broken-settings') {
      this.settings.problem =
        'Line 14 of config.toml: “mod” is no known key. What was read last is used; mend the line.';
    }
  }

  /** Whether no account has sent mail. */
  get #unsent(): boolean {
    return this.#scenario === 'first-run-unsent';
  }

  views(): AccountView[] {
    return this.settings.accounts.map((one) => this.#account(one));
  }

  write(change: SettingsChange): void {
    const now = this.settings;
    if ('account' in change) {
      const { name, account: said } = change.account;
      if (said.sent?.length === 0)
        throw failure('An empty list of folders; leave the Sent folders out for the usual ones.', 'configuration');
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
    if (this.#scenario === 'first-run-refused') {
      this.#states.set(name, 'sign_in_failed');
      this.#tell([{ state_changed: { account: name, state: 'sign_in_failed' } }]);
      return;
    }
    let done = 0;
    const total = this.#unsent ? 0 : 48_211;
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
      for (const one of judged.all) Object.assign(one, { state: 'judged', account: name });
      this.#mails.all.unshift(...judged.all);
      this.#tell([{ state_changed: { account: name, state: { watching: 'idle' } } }]);
    }, 250);
  }

  /** All accounts do this from now on. */
  become(state: () => AccountState): void {
    if (this.#scan) clearInterval(this.#scan);
    for (const one of this.settings.accounts) {
      this.#states.set(one.name, state());
      this.#tell([{ state_changed: { account: one.name, state: state() } }]);
    }
  }

  #account(said: AccountSettings): AccountView {
    const refused =
      this.#scenario === 'first-run-refused' || (this.#scenario === 'signin-refused' && said.name === 'home');
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
      sent_folders: this.#unsent ? [] : ['Sent', 'Archive/Sent 2024'],
      sent_indexed: this.#unsent ? 0 : 48_211,
      coverage: COVERAGE.text,
      coverage_told: COVERAGE.told,
      complete: !this.#unsent,
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
