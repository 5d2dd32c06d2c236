/** A piece of a text that somebody else wrote: plain, or a character that would not be seen. */
export interface Piece {
  text: string;
  /** The name of an invisible character, such as `U+202E`. */
  hidden?: string;
}

/** So much of a text is looked at unless the user asks for more. */
export const CLIP = 400;

/** So much is shown even then: no subject that says something is longer. */
export const CLIP_UNFOLDED = 20_000;

const MOST_MARKS = 4;

function isHidden(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x115f ||
    code === 0x1160 ||
    code === 0x17b4 ||
    code === 0x17b5 ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x3164 ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

const JOINED =
  /[\p{Extended_Pictographic}\u{fe0f}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}]/u;

/** Joiners belong into emoji and into some scripts. */
function joins(code: number, before: string): boolean {
  return (code === 0x200c || code === 0x200d) && JOINED.test(before);
}

function name(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Letters of which none is hidden, turns anything or piles up; most texts have no others. */
const HARMLESS =
  /^[\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u3001-\u3029\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff\uff01-\uff5e]*$/;

/** A short text that can be shown as it is; null if it has to be taken to pieces first. */
export function harmless(text: string, length: number): string | null {
  return text.length <= length && HARMLESS.test(text) ? text : null;
}

/** Cuts a text without cutting a character in two. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** A text in pieces, so that what is invisible or turns the text around can be marked. Lines are kept if `lines` is set. */
export function pieces(text: string, length = CLIP, lines = false): Piece[] {
  const found: Piece[] = [];
  let plain = '';
  let before = '';
  let marks = 0;
  for (const char of clip(text, length)) {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0x0a || code === 0x09 || code === 0x0d) {
      if (lines) plain += code === 0x0d ? '' : char;
      else if (!plain.endsWith(' ')) plain += ' ';
      marks = 0;
    } else if (isHidden(code) && !joins(code, before)) {
      if (plain) found.push({ text: plain });
      plain = '';
      found.push({ text: '', hidden: name(code) });
    } else if (code > 0x2ff && /\p{M}/u.test(char)) {
      marks += 1;
      // Piled-up marks reach over the lines above and below.
      if (marks <= MOST_MARKS) plain += char;
    } else {
      plain += char;
      marks = 0;
    }
    before = char;
  }
  if (plain) found.push({ text: plain });
  return found;
}

/** The same as one text, for titles, names and sentences. */
export function visible(text: string, length = CLIP): string {
  const shown = pieces(text, length)
    .map((piece) => (piece.hidden ? `[${piece.hidden}]` : piece.text))
    .join('');
  return text.length > length ? `${shown}…` : shown;
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** A text that cannot turn the sentence around it. */
export function isolated(text: string): string {
  const shown = visible(text);
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown;
}

const SCRIPTS: readonly [string, RegExp][] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Thai', /\p{Script=Thai}/u],
];

/** Letters of other scripts that look like Latin ones. */
const LOOK_ALIKE =
  /^[\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u051b\u051d\u0501\u04cf\u03bf\u03b1\u03bd\u03c1\-\d]+$/u;

/** The scripts that one label of a domain mixes, or that imitate Latin; empty where all is as usual. */
export function mixedScripts(domain: string): string[] {
  for (const label of clip(domain, 255).split('.')) {
    const scripts = SCRIPTS.filter(([, letters]) => letters.test(label)).map(([script]) => script);
    if (scripts.length > 1) return scripts;
    if (scripts.length === 1 && scripts[0] !== 'Latin' && LOOK_ALIKE.test(label.toLowerCase())) return scripts;
  }
  return [];
}

/** The domain of an address, of `Name <address>`, or of a host name. */
export function domainOf(address: string): string {
  const end = clip(address, 2000);
  const at = end.lastIndexOf('@');
  const begin = at >= 0 ? at + 1 : 0;
  return end.slice(begin).split(/[>\s\]\[(),;:]/)[0] ?? '';
}
