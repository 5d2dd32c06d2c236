import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import type { Told } from '../backend/types';
import { formats, type Formats } from '../pure/format';
import { isolated } from '../pure/hostile';
import { said, type Said } from '../pure/told';

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Each language's name in itself. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ja: '日本語',
};

const files = import.meta.glob<string>('../../locales/*/{window,views,settings,evidence}.ftl', {
  query: '?raw',
  import: 'default',
});

interface Spoken {
  language: Language;
  bundle: FluentBundle;
  /** The agent's sentences. What is put into them is kept apart. */
  sentences: FluentBundle;
  formats: Formats;
  /** Texts without values, which long lists ask for again and again. */
  plain: Map<string, string>;
}

let spoken = $state.raw<Spoken>({
  language: 'en',
  bundle: new FluentBundle('en'),
  sentences: new FluentBundle('en'),
  formats: formats('en'),
  plain: new Map(),
});

/** The first of these that we speak, else English. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => language === tag.toLowerCase().split(/[-_]/)[0]);
    if (found) return found;
  }
  return 'en';
}

/** Speaks this language from now on; where the desktop has it with a region, times are written as there. */
export async function speak(language: Language, desktop: readonly string[]): Promise<void> {
  const locale = desktop.find((tag) => tag.split('-')[0] === language) ?? language;
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const sentences = new FluentBundle(locale);
  for (const [path, load] of Object.entries(files)) {
    if (!path.includes(`/${language}/`)) continue;
    (path.endsWith('/evidence.ftl') ? sentences : bundle).addResource(new FluentResource(await load()));
  }
  spoken = { language, bundle, sentences, formats: formats(locale), plain: new Map() };
  document.documentElement.lang = language;
}

export function language(): Language {
  return spoken.language;
}

/** Numbers and times in the language that is spoken. */
export function format(): Formats {
  return spoken.formats;
}

/** What the agent tells, in pieces; null where it is not known in the language that is spoken. */
export function tell(told: Told): Said[] | null {
  return said(spoken.sentences, spoken.formats, told);
}

/** The text of a key; strangers' words within it can neither hide nor turn anything. */
export function t(key: string, values?: Record<string, string | number>): string {
  if (values) return text(key, values);
  const known = spoken.plain.get(key) ?? text(key, {});
  spoken.plain.set(key, known);
  return known;
}

function text(key: string, values: Record<string, string | number>): string {
  const message = spoken.bundle.getMessage(key);
  if (!message?.value) return key;
  const safe: Record<string, FluentVariable> = {};
  for (const [name, value] of Object.entries(values)) safe[name] = typeof value === 'string' ? isolated(value) : value;
  const errors: Error[] = [];
  return spoken.bundle.formatPattern(message.value, safe, errors);
}
