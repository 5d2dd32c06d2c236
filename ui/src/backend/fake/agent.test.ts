import { describe, expect, it } from 'vitest';
import { part } from '../backend';
import type { Event, Query, Request } from '../types';
import { FakeAgent } from './agent';

const NOW = 1_795_824_000;
const query = (change: Partial<Query> = {}): Query => ({
  account: null,
  states: ['quarantined'],
  kinds: [],
  text: '',
  server: null,
  from: null,
  to: null,
  ...change,
});

function agent(scenario = '', count?: number) {
  const events: Event[] = [];
  const made = new FakeAgent(
    scenario,
    () => NOW,
    (some) => events.push(...some),
    count,
  );
  const ask = (request: Request) => made.ask(request);
  return { ask, events };
}

describe('the agent that is made up', () => {
  it('makes a hundred thousand mails, the same every time', async () => {
    const search: Request = {
      search: { query: query({ states: [] }), sorting: { by: 'arrived', ascending: false }, offset: 50_000, limit: 3 },
    };
    const [one, two] = [part(await agent().ask(search), 'records'), part(await agent().ask(search), 'records')];
    expect(one.total).toBe(100_000);
    expect(one).toEqual(two);
  });

  it('finds by text, kind and server', async () => {
    const { ask } = agent('', 2000);
    const page = part(
      await ask({
        search: {
          query: query({ text: 'PARCEL mx1', kinds: ['bounce'] }),
          sorting: { by: 'subject', ascending: true },
          offset: 0,
          limit: 200,
        },
      }),
      'records',
    );
    expect(page.total).toBeGreaterThan(0);
    for (const record of page.records)
      expect(`${record.subject} ${record.server}`.toLowerCase()).toMatch(/parcel.*mx1|mx1.*parcel/);
  });

  it('tells what it found in sentences that can be translated', async () => {
    const { ask } = agent('', 100);
    const mail = part(await ask({ quarantine_show: { id: 'm000005' } }), 'record');
    expect(mail.told?.key).toBe('evidence-never-sent');
    expect(mail.evidence.map((fact) => fact.told?.key)).toContain('evidence-covered');
    expect(mail.evidence.every((fact) => fact.told && fact.text.endsWith('.'))).toBe(true);
    const groups = part(await ask('groups'), 'groups');
    expect(groups.every((group) => group.told && group.sentence)).toBe(true);
  });

  it('puts back, and says so', async () => {
    const { ask, events } = agent('', 500);
    const ids = part(await ask({ matching: { query: query() } }), 'ids').slice(0, 3);
    expect(part(await ask({ quarantine_restore: { ids } }), 'changed')).toEqual({ done: 3, failed: [], records: [] });
    expect(part(await ask({ quarantine_show: { id: ids[0] ?? '' } }), 'record').state).toBe('restored');
    expect(events.some((event) => typeof event === 'object' && 'restored' in event)).toBe(true);
  });

  it('settles a whole storm by one decision', async () => {
    const { ask } = agent('', 100);
    const groups = part(await ask('groups'), 'groups');
    const storm = groups[0];
    expect(storm?.count).toBe(240);
    await ask({ decide: { ids: storm?.ids ?? [], decision: 'leave' } });
    expect(part(await ask('groups'), 'groups')).toHaveLength(groups.length - 1);
  });

  it('makes a record of what is moved, and puts back records alone', async () => {
    const { ask } = agent('', 100);
    const ids = part(await ask('groups'), 'groups')[0]?.ids.slice(0, 2) ?? [];
    const changed = part(await ask({ decide: { ids, decision: 'never_sent' } }), 'changed');
    expect(changed).toEqual({ done: 2, failed: [], records: ['q1', 'q2'] });
    const old = part(await ask({ quarantine_restore: { ids } }), 'changed');
    expect(old.done).toBe(0);
    expect(old.failed[0]?.why).toMatch(/no such mail/);
    expect(part(await ask({ quarantine_restore: { ids: changed.records } }), 'changed').done).toBe(2);
    await expect(ask({ quarantine_show: { id: ids[0] ?? '' } })).rejects.toMatchObject({ code: 'no_such_record' });
  });

  it('fails as the agent does', async () => {
    await expect(agent('fail', 10).ask({ check_now: { account: null } })).rejects.toMatchObject({
      code: 'server_failed',
    });
    await expect(agent('', 10).ask({ quarantine_show: { id: 'nothing' } })).rejects.toMatchObject({
      code: 'no_such_record',
    });
  });
});
