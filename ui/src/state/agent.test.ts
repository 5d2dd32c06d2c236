import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failure, type Backend } from '../backend/backend';
import type { Event, Request } from '../backend/types';

vi.mock('./route.svelte', () => ({ route: { go: vi.fn() } }));

const { agent } = await import('./agent.svelte');

const answers: Record<string, unknown> = {
  status: { status: { accounts: [] } },
  settings: { settings: { accounts: [] } },
  reports: { reports: [] },
};
const ask = vi.fn<(request: Request) => Promise<unknown>>();
let happen: (events: Event[]) => void = () => {};
const backend = {
  ask,
  subscribe: async (on: typeof happen) => {
    happen = on;
    return () => {};
  },
} as unknown as Backend;

const asked = (what: string) => ask.mock.calls.filter(([request]) => request === what).length;

beforeEach(() => {
  vi.useFakeTimers();
  ask.mockReset();
  ask.mockImplementation(async (request) => answers[request as string]);
});
afterEach(() => vi.useRealTimers());

it('says in its own words why the agent cannot answer yet, and looks again', async () => {
  ask.mockRejectedValueOnce(failure('if your keyring is locked, unlock it', 'not_now'));
  await agent.start(backend);
  expect([agent.notYet, agent.away]).toEqual(['if your keyring is locked, unlock it', false]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([agent.notYet, agent.away]).toEqual([null, false]);
});

it('reads again what it could not read when something had happened', async () => {
  await agent.start(backend);
  const [mails, settings] = [agent.mails, asked('settings')];
  ask.mockRejectedValueOnce(failure('The store is busy.', 'server_failed'));
  happen(['settings_changed', { missed: { count: 1 } } as unknown as Event]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([agent.mails, asked('settings')]).toEqual([mails, settings]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([agent.mails, asked('settings')]).toEqual([mails + 1, settings + 1]);
});
