import { describe, expect, it } from 'vitest';
import type { AccountView, ReportView, SourceView } from '../backend/types';
import { hasRead, lacksSent, newAccount } from './account';
import { csv } from './csv';
import { byDay, series } from './hours';
import { newest } from './load';
import { filterOf, narrows, queryOf } from './query';
import { byState } from './report-groups';
import { hashOf, parseRoute } from './route';
import { sourceRows, sourcesAsCsv } from './source-rows';

describe('routes', () => {
  it('go there and back', () => {
    const hash = hashOf('mail', 'a/b?c', { x: '1 2' });
    const route = parseRoute(hash);
    expect([route.view, route.rest, route.params.get('x')]).toEqual(['mail', 'a/b?c', '1 2']);
  });

  it('lead to the overview where nothing is known', () => {
    expect(parseRoute('#/nonsense').view).toBe('overview');
    expect(parseRoute('').view).toBe('overview');
    expect(parseRoute('#/mail/%E0%A4%A').rest).toBe('%E0%A4%A');
  });
});

it('asks for what the address of the window says', () => {
  const filter = filterOf(new URLSearchParams('kind=bounce&server=192.0.2.1&state=any'));
  expect(narrows(filter)).toBe(true);
  expect(queryOf(filter)).toMatchObject({ kinds: ['bounce'], server: '192.0.2.1', account: null });
  expect(queryOf(filter).states).not.toContain('undecided');
  expect(filterOf(new URLSearchParams('kind=evil&state=evil'))).toMatchObject({ kind: '', state: 'quarantined' });
});

it('writes tables that no spreadsheet takes for formulas', () => {
  expect(csv([['a,b', '=1+1', 3, null, true, 'say "hi"']])).toBe('"a,b",\'=1+1,3,,true,"say ""hi"""\r\n');
});

describe('hours', () => {
  const hours = [
    { at: 3600, count: 5 },
    { at: 10_800, count: 7 },
  ];

  it('become a series without holes', () => {
    const [times, counts, stormy] = series(hours, [{ from: 10_800, to: 14_400, count: 7 }], 3600, 14_400);
    expect(times).toEqual([3600, 7200, 10_800, 14_400]);
    expect(counts).toEqual([5, 0, 7, 0]);
    expect(stormy).toEqual([null, null, 7, null]);
  });

  it('add up to days', () => {
    expect(byDay(hours, () => 'one')).toEqual([{ day: 'one', count: 12 }]);
  });
});

it('puts reports first that want the user, the most urgent on top', () => {
  const report = (id: string, state: string, expires: number) =>
    ({ id, state, expires, changed: expires }) as ReportView;
  const groups = byState([
    report('a', 'done', 1),
    report('b', 'waiting', 9),
    report('c', 'waiting', 2),
    report('d', 'new state', 1),
  ]);
  expect(groups.map((group) => group.state)).toEqual(['waiting', 'done', 'new state']);
  expect(groups[0]?.reports.map(({ id }) => id)).toEqual(['c', 'b']);
});

it('finds and orders sources', () => {
  const source = (ip: string, count: number, role: SourceView['role'] = 'backscatterer') =>
    ({
      ip,
      name: null,
      helo: null,
      host: null,
      network: null,
      listed: null,
      count,
      role,
      first_seen: '',
      last_seen: '',
    }) as unknown as SourceView;
  const all = [source('192.0.2.1', 3), source('192.0.2.2', 9), source('198.51.100.1', 5, 'injector')];
  expect(sourceRows(all, 'backscatterer', '', 'count', false).map(({ ip }) => ip)).toEqual(['192.0.2.2', '192.0.2.1']);
  expect(sourceRows(all, 'backscatterer', '0.2.1', 'count', false)).toHaveLength(1);
  expect(sourcesAsCsv(all).split('\r\n')).toHaveLength(5);
});

it('keeps the newest answer alone', () => {
  const order = newest();
  const [first, second] = [order.next(), order.next()];
  expect([order.is(first), order.is(second)]).toEqual([false, true]);
});

it('begins an account that only looks', () => {
  expect(newAccount('ada@example.org', ['ada'])).toMatchObject({ name: 'ada-2', mode: 'observe' });
});

describe('the first reading', () => {
  const view = (change: Partial<AccountView>) =>
    ({ state: { watching: 'idle' }, complete: true, sent_indexed: 9, ...change }) as AccountView;

  it('is over when the sent mail is known, or there is none', () => {
    expect(hasRead(view({}))).toBe(true);
    expect(hasRead(view({ complete: false }))).toBe(false);
    expect(hasRead(view({ complete: false, sent_indexed: 0 }))).toBe(true);
    expect(hasRead(view({ complete: false, sent_indexed: 0, state: { indexing: { done: 0, total: 0 } } }))).toBe(false);
    expect(hasRead(view({ state: 'sign_in_failed' }))).toBe(false);
  });

  it('needs a Sent folder where there is one', () => {
    const folders = [{ name: 'Sent', sent: true, inbox: false }];
    expect(lacksSent([], folders)).toBe(true);
    expect(lacksSent(['Archive'], folders)).toBe(false);
    expect(lacksSent([], [])).toBe(false);
  });
});
