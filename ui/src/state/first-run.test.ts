import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccountSettings, Changed, Request } from '../backend/types';
import { newAccount } from '../pure/account';

const { agent } = vi.hoisted(() => ({
  agent: {
    settings: null as unknown,
    ask: vi.fn<(request: Request) => Promise<unknown>>(),
    order: vi.fn(),
    changed: vi.fn(),
  },
}));
vi.mock('./agent.svelte', () => ({ agent }));

const { FirstRun } = await import('./first-run.svelte');
const { messages } = await import('./messages.svelte');

const account = (change: Partial<AccountSettings>): AccountSettings => ({
  ...newAccount('ada@example.org', []),
  ...change,
});

/** An agent that has this account, and answers orders to move with this. */
function answering(known: AccountSettings, changed: Partial<Changed> = {}) {
  agent.settings = { accounts: [known] };
  agent.ask.mockImplementation(async (request: Request) => {
    if (request === 'settings') return { accounts: [known] };
    if (typeof request === 'object' && 'quarantine_apply' in request)
      return { done: 2, failed: [], records: [], ...changed };
    return agent.settings;
  });
}

const written = (): AccountSettings[] =>
  agent.ask.mock.calls.flatMap(([request]) =>
    typeof request === 'object' && 'change_settings' in request && 'account' in request.change_settings.change
      ? [request.change_settings.change.account.account]
      : [],
  );

beforeEach(() => vi.clearAllMocks());

describe('the last step of a first run', () => {
  it('changes the mode of the account as it is said now, and nothing else of it', async () => {
    const run = new FirstRun();
    answering(account({}));
    run.takeUp('ada');
    answering(account({ sent: ['Sent', 'Archive'], shared: ['info@example.org'] }));
    await run.switchOn();
    expect(written()).toEqual([
      account({ mode: 'quarantine', sent: ['Sent', 'Archive'], shared: ['info@example.org'] }),
    ]);
    expect(run.step).toBe('ready');
    expect(run.moved).toBe(2);
  });

  it('writes nothing where the account is gone', async () => {
    const run = new FirstRun();
    answering(account({}));
    run.takeUp('ada');
    answering(account({ name: 'other' }));
    await run.switchOn();
    expect(written()).toEqual([]);
    expect(run.error?.code).toBe('no_such_account');
  });

  it('tells what could not be moved', async () => {
    const run = new FirstRun();
    answering(account({}), { failed: [{ id: 'u1-1-1', why: 'The server refused it.' }] });
    run.takeUp('ada');
    await run.switchOn();
    expect(messages().at(-1)).toMatchObject({ text: 'The server refused it.', failed: true });
  });

  it('takes the same account up as it is said now, and stays where it was', () => {
    const run = new FirstRun();
    answering(account({}));
    run.takeUp('ada');
    run.step = 'list';
    answering(account({ aliases: ['a@example.org'] }));
    run.takeUp('ada');
    expect(run.account.aliases).toEqual(['a@example.org']);
    expect(run.step).toBe('list');
  });

  it('knows when its account was removed', () => {
    const run = new FirstRun();
    answering(account({}));
    expect(run.gone).toBe(false);
    run.takeUp('ada');
    expect(run.gone).toBe(false);
    answering(account({ name: 'other' }));
    expect(run.gone).toBe(true);
  });
});
