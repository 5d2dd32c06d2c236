import { afterEach, expect, it, vi } from 'vitest';
import { dismiss, messages, say, sayFailed } from './messages.svelte';

afterEach(() => vi.useRealTimers());

it('keeps what failed until it is dismissed, and the newest of the rest', () => {
  vi.useFakeTimers();
  sayFailed(new Error('first'));
  for (const text of ['a', 'b', 'c', 'd']) say(text);
  sayFailed(new Error('second'));
  expect(messages().map(({ text }) => text)).toEqual(['first', 'c', 'd', 'second']);
  vi.advanceTimersByTime(60_000);
  expect(messages().map(({ text }) => text)).toEqual(['first', 'second']);
  dismiss(messages()[0]?.id ?? 0);
  expect(messages().map(({ text }) => text)).toEqual(['second']);
});
