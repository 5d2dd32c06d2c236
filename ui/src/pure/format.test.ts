import { describe, expect, it } from 'vitest';
import { formats } from './format';

const english = formats('en-GB', 'UTC');
const now = Date.UTC(2026, 10, 28, 12) / 1000;

describe('formats', () => {
  it('writes numbers and times as the language does', () => {
    expect(english.number(96_892)).toBe('96,892');
    expect(formats('de', 'UTC').number(96_892)).toBe('96.892');
    expect(formats('ja', 'UTC').day(now)).toBe('2026/11/28');
  });

  it('writes the time of today and the day of others', () => {
    expect(english.brief(now - 3600, now)).toBe('11:00');
    expect(english.brief(now - 86_400, now)).toBe('27 Nov');
  });

  it('says how long ago or in how long', () => {
    expect(english.relative(now - 3 * 3600, now)).toBe('3 hours ago');
    expect(english.relative(now + 86_400, now)).toBe('tomorrow');
    expect(english.relative(now - 5, now)).toBe('this minute');
  });

  it('writes times of mails where they are times', () => {
    expect(english.stamp('2026-11-24T16:30:19+02:00')).toBe('24 Nov 2026, 14:30:19');
    for (const text of ['not a date', '2026-99-99T99:99:99Z', null]) expect(english.stamp(text)).toBe(text);
  });

  it('writes spans and sizes', () => {
    expect(english.span(5400)).toBe('1 hr 30 mins');
    expect(english.span(-5)).toBe('0 mins');
    expect(english.span(3 * 86_400)).toBe('3 days');
    expect(english.bytes(3100)).toBe('3.1 kB');
  });
});
