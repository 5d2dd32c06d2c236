import { asApiError, failure } from '../backend/backend';
import type { AccountSettings, ApiError, ServersView, TriedView } from '../backend/types';
import { emptyServer, newAccount } from '../pure/account';
import { t } from '../words/words.svelte';
import { agent } from './agent.svelte';
import { tellFailed } from './orders.svelte';

export const STEPS = ['address', 'servers', 'folders', 'reading', 'list', 'ready'] as const;

export type Step = (typeof STEPS)[number];

/** The way from an address to an account that is looked after; nothing is moved before its last step. */
export class FirstRun {
  step = $state<Step>('address');
  account = $state<AccountSettings>(newAccount('', []));
  password = $state('');
  found = $state.raw<ServersView | null>(null);
  tried = $state.raw<TriedView | null>(null);
  sent = $state<string[]>([]);
  error = $state.raw<ApiError | null>(null);
  busy = $state(false);
  moved = $state(0);

  /** Takes up an account again that was written earlier and only observes since. */
  takeUp(name: string): void {
    const known = agent.settings?.accounts.find((account) => account.name === name);
    if (!known) return;
    // Who comes back to the list of the same account stays there, but with what is said of the account by now.
    const there = this.account.name === name && (this.step === 'reading' || this.step === 'list');
    this.account = structuredClone(known);
    if (there) return;
    this.step = 'reading';
    this.error = null;
  }

  /** Whether its account was written, and removed since. */
  get gone(): boolean {
    const written = this.step === 'reading' || this.step === 'list';
    return (
      written &&
      agent.settings !== null &&
      !agent.settings.accounts.some((account) => account.name === this.account.name)
    );
  }

  /** Begins anew, for one more account. */
  startOver(): void {
    this.account = newAccount('', []);
    this.password = '';
    this.found = null;
    this.tried = null;
    this.error = null;
    this.step = 'address';
  }

  async #doing(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.error = null;
    try {
      await work();
    } catch (thrown) {
      this.error = asApiError(thrown);
    } finally {
      this.busy = false;
    }
  }

  findServers = (address: string) =>
    this.#doing(async () => {
      const taken = agent.settings?.accounts.map((account) => account.name) ?? [];
      const found = await agent.ask({ find_servers: { address } }, 'servers');
      this.found = found;
      this.account = {
        ...newAccount(address, taken),
        imap: found.imap ?? emptyServer(993),
        smtp: found.smtp,
        user: found.user,
      };
      this.step = 'servers';
    });

  signIn = () =>
    this.#doing(async () => {
      const account = $state.snapshot(this.account);
      this.tried = await agent.ask({ try_account: { account, password: this.password || null } }, 'tried');
      this.sent = this.tried.folders.filter((folder) => folder.sent).map((folder) => folder.name);
      const inbox = this.tried.folders.find((folder) => folder.inbox);
      this.account.watch = [inbox?.name ?? 'INBOX'];
      this.step = 'folders';
    });

  /** Writes the account so that it only looks, and lets the agent read. */
  begin = () =>
    this.#doing(async () => {
      // Without any the agent looks for one by itself; an empty list it does not take.
      const sent = this.sent.length > 0 ? [...this.sent] : null;
      const account = { ...$state.snapshot(this.account), mode: 'observe' as const, sent };
      agent.settings = await agent.ask(
        { change_settings: { change: { account: { name: null, account, password: this.password || null } } } },
        'settings',
      );
      this.account = account;
      this.password = '';
      this.step = 'reading';
      agent.changed();
    });

  stop = () =>
    this.#doing(async () => {
      await agent.order({ pause: { until: null } });
      agent.changed();
    });

  goOn = () =>
    this.#doing(async () => {
      await agent.order('resume');
      agent.changed();
    });

  /** The user has seen what would be moved: now it is. */
  switchOn = () =>
    this.#doing(async () => {
      const { name } = this.account;
      // The account may have been changed since reading began; nothing of that is undone here.
      const { accounts } = await agent.ask('settings', 'settings');
      const now = accounts.find((one) => one.name === name);
      if (!now) throw failure(t('no-such-account', { name }), 'no_such_account');
      const account = { ...now, mode: 'quarantine' as const };
      agent.settings = await agent.ask(
        { change_settings: { change: { account: { name, account, password: null } } } },
        'settings',
      );
      this.account = account;
      const { done, failed } = await agent.ask({ quarantine_apply: { account: name } }, 'changed');
      this.moved = done;
      this.step = 'ready';
      tellFailed(failed);
      agent.changed();
    });
}

/** One for the whole window: who opens a mail of the list comes back to the list. */
export const firstRun = new FirstRun();
