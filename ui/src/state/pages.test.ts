import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Query, RecordPage, RecordView, Request, Sorting } from '../backend/types';

const { agent } = vi.hoisted(() => ({ agent: { ask: vi.fn<(request: Request) => Promise<unknown>>() } }));
vi.mock('./agent.svelte', () => ({ agent }));

const { Pages } = await import('./pages.svelte');

const TOTAL = 6_000;
const UP: Sorting = { by: 'arrived', ascending: true };
const DOWN: Sorting = { by: 'arrived', ascending: false };
const query = (text: string) => ({ text, states: [], kinds: [] }) as unknown as Query;

type Search = Extract<Exclude<Request, string>, { search: unknown }>['search'];

/** Names that tell of which search and row they are. */
function page({ query, sorting, offset, limit }: Search): RecordPage {
  const names = Array.from({ length: Math.min(limit, TOTAL - offset) }, (_, nth) => offset + nth);
  const order = sorting.ascending ? 'up' : 'down';
  return {
    total: TOTAL,
    next: null,
    records: names.map((row) => ({ id: `${query.text} ${order} ${row}` }) as RecordView),
  };
}

const searchOf = (request: Request): Search => (request as { search: Search }).search;

beforeEach(() => {
  agent.ask.mockReset();
  agent.ask.mockImplementation(async (request) => page(searchOf(request)));
});

describe('a long list', () => {
  it('names all mails of a range, however many pages they fill', async () => {
    const pages = new Pages();
    await pages.search(query('a'), DOWN);
    const names = await pages.names({ first: 50, end: 5_050 });
    expect(names).toHaveLength(5_000);
    expect(new Set(names).size).toBe(5_000);
    expect([names[0], names.at(-1)]).toEqual(['a down 50', 'a down 5049']);
  });

  it('keeps what is in sight, whatever else is read', async () => {
    const pages = new Pages();
    await pages.search(query('a'), DOWN);
    pages.want({ first: 0, end: 20 });
    await pages.names({ first: 0, end: 5_000 });
    expect(pages.row(0)?.id).toBe('a down 0');
  });

  it('shows no rows of an old order that come late', async () => {
    const pages = new Pages();
    await pages.search(query('a'), DOWN);
    let answer = () => {};
    agent.ask.mockImplementationOnce(
      (request) => new Promise((resolve) => (answer = () => resolve(page(searchOf(request))))),
    );
    pages.want({ first: 200, end: 220 });
    await pages.search(query('a'), UP);
    pages.want({ first: 200, end: 220 });
    await vi.waitFor(() => expect(pages.row(200)?.id).toBe('a up 200'));
    answer();
    await Promise.resolve();
    expect(pages.row(200)?.id).toBe('a up 200');
  });

  it('stays with the search whose rows are shown while another runs or has failed', async () => {
    const pages = new Pages();
    await pages.search(query('a'), DOWN);
    expect(pages.settled).toBe(true);
    let fail = () => {};
    agent.ask.mockImplementationOnce(() => new Promise((_, reject) => (fail = () => reject(new Error('no')))));
    const other = pages.search(query('b'), DOWN);
    expect([pages.settled, pages.shown?.text]).toEqual([false, 'a']);
    fail();
    expect(await other).toBe(false);
    expect([pages.settled, pages.shown?.text]).toEqual([false, 'a']);
    pages.want({ first: 300, end: 310 });
    await vi.waitFor(() => expect(pages.row(300)?.id).toBe('a down 300'));
    await pages.again();
    expect([pages.settled, pages.shown?.text]).toEqual([true, 'b']);
  });
});
