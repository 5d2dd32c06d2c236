import { asApiError, part, type Backend, type Part } from '../backend/backend';
import type { Event, Request, SettingsView, StatusView } from '../backend/types';
import { t } from '../words/words.svelte';
import { announce, say, sayFailed } from './messages.svelte';
import { route } from './route.svelte';

/** How often an agent that is away is looked for, in milliseconds. */
const LOOK_AGAIN = 1_500;
/** Lists are read again at most this often, in milliseconds, however much happens. */
const REST = 800;

export interface Progress {
  what: string;
  done: number;
  total: number;
}

/** The agent as the window knows it: what it said last, and whether it can be reached. */
class Agent {
  status = $state.raw<StatusView | null>(null);
  settings = $state.raw<SettingsView | null>(null);
  away = $state(false);
  /** Why it cannot answer yet although it is there, in its own words. */
  notYet = $state<string | null>(null);
  /** Reports that wait for the user. */
  waiting = $state(0);
  /** Grows when mails may be elsewhere than they were. */
  mails = $state(0);
  /** Grows when reports may be in other states. */
  reports = $state(0);
  /** What each account is in the middle of. */
  progress = $state.raw<Record<string, Progress>>({});

  #backend: Backend | null = null;
  #end: (() => void) | null = null;
  #due: ReturnType<typeof setTimeout> | null = null;
  #dueMails = false;
  #dueReports = false;
  #dueSettings = false;

  get backend(): Backend {
    if (!this.#backend) throw new Error('The window is not connected yet.');
    return this.#backend;
  }

  /** The addresses of the user by account. */
  get undecided(): number {
    return this.status?.accounts.reduce((sum, account) => sum + account.undecided, 0) ?? 0;
  }

  get quarantined(): number {
    return this.status?.accounts.reduce((sum, account) => sum + account.quarantined, 0) ?? 0;
  }

  async start(backend: Backend): Promise<void> {
    this.#backend = backend;
    await this.#connect();
  }

  /** Asks for one thing; throws an `ApiError`. */
  async ask<K extends string>(request: Request, name: K): Promise<Part<K>> {
    return part(await this.order(request), name);
  }

  /** Asks for something of which only the success counts. */
  async order(request: Request) {
    try {
      return await this.backend.ask(request);
    } catch (thrown) {
      const error = asApiError(thrown);
      // A mail server may be out of reach as well; only the agent's own silence is a reason to wait for it.
      if (error.code === 'ending' || error.code === 'no_connection') void this.#seeWhetherAway();
      throw error;
    }
  }

  async refresh(): Promise<void> {
    const [status, settings] = await Promise.all([this.ask('status', 'status'), this.ask('settings', 'settings')]);
    this.status = status;
    this.settings = settings;
    await this.#countReports();
  }

  async refreshSettings(): Promise<void> {
    this.settings = await this.ask('settings', 'settings');
  }

  async #countReports(): Promise<void> {
    const reports = await this.ask('reports', 'reports');
    this.waiting = reports.filter((report) => report.state === 'waiting').length;
  }

  async #connect(): Promise<void> {
    try {
      this.#end = await this.backend.subscribe((events) => this.#heard(events));
      await this.refresh();
      if (this.away || this.notYet !== null) {
        announce(t('agent-back'));
        this.mails += 1;
        this.reports += 1;
      }
      this.away = false;
      this.notYet = null;
    } catch (thrown) {
      this.#lost(thrown);
    }
  }

  async #seeWhetherAway(): Promise<void> {
    if (this.away || this.notYet !== null) return;
    try {
      await this.backend.ask('status');
    } catch (thrown) {
      this.#lost(thrown);
    }
  }

  #lost(thrown: unknown): void {
    this.#end?.();
    this.#end = null;
    const { code, message } = asApiError(thrown);
    this.notYet = code === 'not_now' ? message : null;
    this.away = this.notYet === null;
    setTimeout(() => void this.#connect(), LOOK_AGAIN);
  }

  #heard(events: Event[]): void {
    for (const event of events) this.#take(event);
    this.#catchUpIn(REST);
  }

  #catchUpIn(wait: number): void {
    this.#due ??= setTimeout(() => {
      this.#due = null;
      void this.#catchUp();
    }, wait);
  }

  #take(event: Event): void {
    if (event === 'settings_changed') {
      this.#dueSettings = true;
      return;
    }
    if ('progress' in event) {
      const { account, what, done, total } = event.progress;
      this.progress = { ...this.progress, [account]: { what, done, total } };
    } else if ('state_changed' in event) {
      const { account, state } = event.state_changed;
      if (this.status) {
        const accounts = this.status.accounts.map((one) => (one.name === account ? { ...one, state } : one));
        this.status = { ...this.status, accounts };
      }
      const rest = { ...this.progress };
      delete rest[account];
      this.progress = rest;
    } else if ('report' in event) {
      this.#dueReports = true;
    } else if ('rescued' in event) {
      this.#dueMails = true;
      say(`${t('event-rescued', { count: event.rescued.count })} ${event.rescued.why}`);
    } else if ('alarm' in event) {
      sayFailed(new Error(event.alarm.text), { label: t('nav-eye'), run: () => route.go('eye') });
    } else if ('error' in event) {
      sayFailed(new Error(event.error.text));
    } else if ('missed' in event) {
      this.#dueMails = this.#dueReports = this.#dueSettings = true;
    } else if ('digest' in event) {
      this.#dueReports = true;
    } else {
      this.#dueMails = true;
    }
  }

  async #catchUp(): Promise<void> {
    const [mails, reports, settings] = [this.#dueMails, this.#dueReports, this.#dueSettings];
    this.#dueMails = this.#dueReports = this.#dueSettings = false;
    try {
      this.status = await this.ask('status', 'status');
      if (settings) await this.refreshSettings();
      if (mails) this.mails += 1;
      if (mails || reports) {
        await this.#countReports();
        this.reports += 1;
      }
    } catch {
      // Whether the agent is away was seen by `order`; what is not read yet stays due.
      this.#dueMails ||= mails;
      this.#dueReports ||= reports;
      this.#dueSettings ||= settings;
      this.#catchUpIn(LOOK_AGAIN);
    }
  }

  /** After an order of the user's: everything that it may have changed is read again. */
  changed(): void {
    this.#dueMails = this.#dueReports = true;
    void this.#catchUp();
  }
}

export const agent = new Agent();
