import type { FluentBundle, FluentVariable } from '@fluent/bundle';
import type { Argument, Told } from '../backend/types';
import type { Formats } from './format';
import { visible } from './hostile';

/** A piece of a sentence: words of ours, or what was put in between them. */
export interface Said {
  text: string;
  put: boolean;
}

/** The last second that a date can have, in either direction. */
const LAST = 8.64e12;

function value(argument: Argument, formats: Formats): FluentVariable | null {
  // What stands in a mail may hide letters; the marks that keep it apart here are taken out of it as well.
  if ('text' in argument) return visible(argument.text);
  if ('number' in argument) return argument.number;
  const at = 'time' in argument ? argument.time : 'day' in argument ? argument.day : NaN;
  if (!(Math.abs(at) <= LAST)) return null;
  return 'time' in argument ? formats.dateTime(at) : formats.day(at);
}

/** A sentence in the language of a bundle that isolates what is put in; null where it cannot be said in it. */
export function said(bundle: FluentBundle, formats: Formats, told: Told): Said[] | null {
  const pattern = bundle.getMessage(told.key)?.value;
  if (!pattern) return null;
  const values: Record<string, FluentVariable> = {};
  for (const [name, argument] of Object.entries(told.arguments ?? {})) {
    const put = value(argument, formats);
    if (put === null) return null;
    values[name] = put;
  }
  const errors: Error[] = [];
  const text = bundle.formatPattern(pattern, values, errors);
  if (errors.length > 0) return null;
  return apart(text);
}

/** A text with what stands between marks of isolation (U+2068, U+2069) apart, and without the marks. */
function apart(text: string): Said[] {
  const found: Said[] = [];
  let depth = 0;
  for (const piece of text.split(/([\u2068\u2069])/)) {
    if (piece === '\u2068') depth += 1;
    else if (piece === '\u2069') depth -= 1;
    else if (piece) found.push({ text: piece, put: depth > 0 });
  }
  return found;
}
