import { describe, expect, it } from 'vitest';
import { clip, domainOf, harmless, isolated, mixedScripts, pieces, visible } from './hostile';

describe('pieces', () => {
  it.each([
    '\u202A',
    '\u202E',
    '\u2066',
    '\u2069',
    '\u200E',
    '\u200F',
    '\u200B',
    '\uFEFF',
    '\u0007',
    '\u001b',
    '\u00AD',
    '\u{E0041}',
  ])('makes %j visible', (char) => {
    const name = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    expect(pieces(`a${char}b`)).toEqual([{ text: 'a' }, { text: '', hidden: name }, { text: 'b' }]);
  });

  it('keeps what belongs together', () => {
    expect(visible('👩‍💻 می‌خواهم 日本語 é')).toBe('👩‍💻 می‌خواهم 日本語 é');
  });

  it('keeps lines only where they are wanted', () => {
    expect(visible('a\r\nBcc: b')).toBe('a Bcc: b');
    expect(pieces('a\r\n\tb', 100, true)).toEqual([{ text: 'a\n\tb' }]);
  });

  it('cuts piled-up marks short', () => {
    expect(visible(`Z${'\u0335'.repeat(300)}a`)).toBe(`Z${'\u0335'.repeat(4)}a`);
  });

  it('looks at no more of ten megabytes than is shown', () => {
    const begun = performance.now();
    expect(visible('\u202E'.repeat(10_000_000)).length).toBeLessThan(5_000);
    expect(performance.now() - begun).toBeLessThan(100);
  });
});

it('never cuts a character in two', () => {
  expect(clip('ab💥', 3)).toBe('ab');
  expect(clip('ab💥', 4)).toBe('ab💥');
});

it('keeps a sentence from being turned by a name in it', () => {
  expect(isolated('שלום')).toBe('\u2068שלום\u2069');
  expect(isolated('hello')).toBe('hello');
  expect(isolated('a\u2069b')).toBe('a[U+2069]b');
});

describe('mixedScripts', () => {
  it.each([
    ['p\u0430ypal.example', ['Latin', 'Cyrillic']],
    ['\u0430\u0440\u0440\u04CF\u0435.com', ['Cyrillic']],
    ['g\u03bf\u03bfgle.com', ['Latin', 'Greek']],
    ['почта.рф', []],
    ['例え.jp', []],
    ['müller.example', []],
    ['mail.example.org', []],
  ])('%s: %j', (domain, scripts) => expect(mixedScripts(domain)).toEqual(scripts));
});

it('finds the domain of an address', () => {
  expect(domainOf('Bank <service@bank.example>')).toBe('bank.example');
  expect(domainOf('mx1.shop.example [192.0.2.1]')).toBe('mx1.shop.example');
});

it('shows a text as it is only where nothing in it is hidden', () => {
  expect(harmless('Réponse automatique : ご請求のお知らせ', 100)).toBe('Réponse automatique : ご請求のお知らせ');
  for (const text of ['a\u202Eb', 'a\nb', 'a\u00ADb', 'a\u0301b', 'שלום', '\u200B'])
    expect(harmless(text, 100)).toBeNull();
  expect(harmless('too long', 3)).toBeNull();
});
