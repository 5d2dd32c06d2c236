import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, Visitor, type BaseNode, type Message, type VariableReference } from '@fluent/syntax';
import { describe, expect, it } from 'vitest';

const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'];
/** The keys of `evidence` come from the agent, where a test compares them with its sentences. */
const FILES = ['window', 'views', 'settings', 'evidence', 'tray', 'notifications'];
const SOURCES = join(import.meta.dirname, '..');

class Variables extends Visitor {
  readonly names = new Set<string>();

  override visitVariableReference(node: VariableReference): void {
    this.names.add(node.id.name);
  }
}

function variables(node: BaseNode): string[] {
  const visitor = new Variables();
  visitor.visit(node);
  return [...visitor.names].sort();
}

function messages(language: string, file: string): Map<string, string[]> {
  const text = readFileSync(join(SOURCES, '../locales', language, `${file}.ftl`), 'utf8');
  const found = new Map<string, string[]>();
  for (const entry of parse(text, {}).body) {
    if (entry.type === 'Junk') throw new Error(`${language}/${file}.ftl: ${entry.content.slice(0, 80)}`);
    if (entry.type !== 'Message') continue;
    const message = entry as Message;
    if (found.has(message.id.name)) throw new Error(`${language}/${file}.ftl has ${message.id.name} twice`);
    found.set(message.id.name, variables(message));
  }
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['bindings', 'fake'].includes(entry.name) ? [] : sources(path);
    return /\.(svelte|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : [];
  });
}

const english = new Map(FILES.map((file) => [file, messages('en', file)]));
const ofWindow = ['window', 'views', 'settings'].flatMap((file) => [...(english.get(file)?.keys() ?? [])]);
const code = sources(SOURCES).join('\n');
/** Keys that are written out, and beginnings of keys whose end is known only when the window runs. */
const named = new Set([...code.matchAll(/['"`]([a-z][a-z0-9_-]*)['"`]/g)].map((match) => match[1] ?? ''));
const begun = [...code.matchAll(/`([a-z][a-z-]*-)\$\{/g)].map((match) => match[1] ?? '');
const prefixes = [...begun, 'kind-', 'reason-'];

describe('words', () => {
  it.each(LANGUAGES.slice(1))('%s has the same keys as English, with the same values in them', (language) => {
    for (const file of FILES) {
      const theirs = messages(language, file);
      const ours = english.get(file) ?? new Map<string, string[]>();
      expect([...theirs.keys()].sort(), `${language}/${file}.ftl`).toEqual([...ours.keys()].sort());
      for (const [key, names] of ours) expect(theirs.get(key), `${language}: ${key}`).toEqual(names);
    }
  });

  it('has no key twice in different files', () => {
    const all = FILES.flatMap((file) => [...(english.get(file)?.keys() ?? [])]);
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
  });

  it('has every key that the window uses', () => {
    const used = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    expect([...new Set(used)].filter((key) => !ofWindow.includes(key))).toEqual([]);
    for (const prefix of prefixes)
      expect(
        ofWindow.some((key) => key.startsWith(prefix)),
        prefix,
      ).toBe(true);
  });

  it('uses every key', () => {
    const unused = ofWindow.filter((key) => !named.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});
