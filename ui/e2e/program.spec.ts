import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from './window';

test('within the program, the window asks the program', async ({ page }) => {
  await page.addInitScript(() => {
    const calls: [string, unknown][] = [];
    const answer = (request: unknown): unknown => {
      if (request === 'status') return { status: { version: '1', running: true, accounts: [] } };
      if (request === 'reports') return { reports: [] };
      const none = { accounts: [], problem: null, file: '', data: '', desktop: { language: null } };
      return request === 'settings'
        ? { settings: none }
        : Promise.reject({ code: 'sign_in_refused', message: 'Refused, said the server.' });
    };
    const invoke = async (name: string, args: { request?: unknown }) => {
      calls.push([name, args]);
      return name === 'ask' ? answer(args.request) : null;
    };
    Object.assign(window, {
      calls,
      __TAURI_INTERNALS__: { invoke, transformCallback: () => 7, unregisterCallback: () => {} },
    });
  });
  await page.goto('/');
  await page.getByLabel('Your address').fill('ada@example.org');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Refused, said the server.');
  const calls = await page.evaluate(() => (window as unknown as { calls: [string, { request?: unknown }][] }).calls);
  expect(calls[0]?.[0]).toBe('subscribe');
  expect(calls).toContainEqual(['ask', { request: 'status' }]);
  expect(calls).toContainEqual(['ask', { request: { find_servers: { address: 'ada@example.org' } } }]);
});

test('what is shipped holds no made-up agent and nothing inline', () => {
  const folder = new URL('../dist/', import.meta.url);
  const page = readFileSync(new URL('index.html', folder), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
  for (const name of readdirSync(new URL('assets/', folder))) {
    const text = readFileSync(new URL(`assets/${name}`, folder), 'utf8');
    expect(text.includes('mailer.test'), name).toBe(false);
    if (name.endsWith('.js')) expect(text, name).not.toMatch(/\beval\(|new Function\(|\bfetch\(/);
  }
});
