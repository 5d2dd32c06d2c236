import { FluentBundle, FluentResource } from '@fluent/bundle';
import english from '../../../locales/en/evidence.ftl?raw';
import { formats } from '../../pure/format';
import { said } from '../../pure/told';
import type { Argument, Evidence, Told } from '../types';

const bundle = new FluentBundle('en');
bundle.addResource(new FluentResource(english));
const utc = formats('en', 'UTC');

/** A sentence as the agent tells it: in English, and for other languages. */
export interface Sentence {
  text: string;
  told: Told;
}

export function say(key: string, words: Record<string, Argument> = {}): Sentence {
  const told: Told = { key, arguments: words };
  const pieces = said(bundle, utc, told);
  if (!pieces) throw new Error(`${key} cannot be said with ${JSON.stringify(words)}`);
  return { text: pieces.map((piece) => piece.text).join(''), told };
}

export function fact(rule: string, says: Evidence['says'], sentence: Sentence, detail?: string): Evidence {
  return { rule, says, ...sentence, ...(detail && { detail }) };
}

/** At midnight in UTC. */
export function day(year: number, month: number, of: number): number {
  return Date.UTC(year, month - 1, of) / 1000;
}
