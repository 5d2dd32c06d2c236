import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import { describe, expect, it } from 'vitest';
import type { Argument, Told } from '../backend/types';
import { formats } from './format';
import { said } from './told';

const AT = Date.UTC(2026, 4, 31, 10, 5) / 1000;

/** What is said in a language, and of it what was put in. */
function saying(language: string, told: Told): { text: string; put: string[] } | null {
  const bundle = new FluentBundle(language);
  const file = join(import.meta.dirname, '../../locales', language, 'evidence.ftl');
  bundle.addResource(new FluentResource(readFileSync(file, 'utf8')));
  const pieces = said(bundle, formats(language, 'Europe/Berlin'), told);
  if (!pieces) return null;
  return {
    text: pieces.map((piece) => piece.text).join(''),
    put: pieces.filter((piece) => piece.put).map((piece) => piece.text),
  };
}

const wroteTo = (text: string): Told => ({ key: 'evidence-wrote-to', arguments: { address: { text } } });

describe('a sentence of the agent', () => {
  it('is said in the language, with numbers and times as they are written there', () => {
    const address: Argument = { text: 'ada@example.org' };
    const counts = { answers: { number: 12_345 }, known: { number: 1 } };
    const missing: Told = { key: 'evidence-use-missing', arguments: { address, ...counts } };
    expect(saying('de', missing)?.text).toBe(
      'Es scheinen Mails von Ihnen zu fehlen: Von 12.345 Antworten auf Mails von ada@example.org gehört nur eine zu einer Mail in Ihrer gesendeten Post.',
    );
    const stale: Told = { key: 'evidence-stale', arguments: { read: { time: AT } } };
    expect(saying('de', stale)?.text).toContain('31.05.2026, 12:05');
    expect(saying('ja', { key: 'evidence-sent', arguments: { day: { day: AT } } })?.text).toContain('2026/05/31');
  });

  it('keeps apart what was put in', () => {
    expect(saying('fr', wroteTo('kunde@firma.example'))).toEqual({
      text: 'Vous avez écrit à kunde@firma.example dans les 30 jours précédents.',
      put: ['kunde@firma.example'],
    });
  });

  it('is neither turned nor left by what was put in', () => {
    const said = saying('en', wroteTo('\u2069\u202Ea@b.example\u2068'));
    expect(said?.put).toEqual(['[U+2069][U+202E]a@b.example[U+2068]']);
    expect(said?.text).toMatch(/^You wrote to .* in the 30 days before\.$/);
    expect(saying('en', wroteTo('{ $address }'))?.put).toEqual(['{ $address }']);
  });

  it('is left to its English where it cannot be said', () => {
    expect(saying('de', { key: 'evidence-of-tomorrow' })).toBeNull();
    expect(saying('de', { key: 'evidence-wrote-to' })).toBeNull();
    expect(saying('de', { key: 'evidence-stale', arguments: { read: { time: Number.MAX_SAFE_INTEGER } } })).toBeNull();
    const unknown = { colour: 'red' } as unknown as Argument;
    expect(saying('de', { key: 'evidence-stale', arguments: { read: unknown } })).toBeNull();
  });
});
