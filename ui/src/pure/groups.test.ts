import { describe, expect, it } from 'vitest';
import type { GroupView } from '../backend/types';
import { besides, inOrder, keyOf } from './groups';

const group = (subject: string, change: Partial<GroupView> = {}): GroupView => ({
  account: 'home',
  by: { subject },
  why: 'veto',
  sentence: '',
  misused: false,
  count: 1,
  kinds: {} as GroupView['kinds'],
  newest: 0,
  ids: [],
  ...change,
});

describe('groups', () => {
  it('keep their key when mails come to them or others come before them', () => {
    const one = group('parcel');
    expect(keyOf({ ...one, count: 9, newest: 5, ids: ['u1-1-1'] })).toBe(keyOf(one));
    expect(keyOf(group('parcel', { account: 'work' }))).not.toBe(keyOf(one));
    expect(keyOf(group('figures'))).not.toBe(keyOf(one));
    expect(inOrder([one, group('figures', { misused: true })]).map(keyOf)[1]).toBe(keyOf(one));
  });

  it('are gone through by key, not by number', () => {
    const keys = ['a', 'b', 'c'];
    expect(besides(keys, 'a', 0, 1)).toBe('b');
    expect(besides(['new', ...keys], 'a', 0, 1)).toBe('b');
    expect(besides(keys, 'c', 2, 1)).toBe('c');
    expect(besides(keys, 'a', 0, -1)).toBe('a');
  });

  it('are gone on with where one was that is gone', () => {
    expect(besides(['a', 'c'], 'b', 1, 1)).toBe('c');
    expect(besides(['a', 'c'], 'b', 1, -1)).toBe('a');
    expect(besides(['a', 'b'], 'c', 2, 1)).toBe('b');
    expect(besides([], 'c', 2, 1)).toBe(null);
  });
});
