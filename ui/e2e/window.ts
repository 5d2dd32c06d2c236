import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { expect, test as base, type Page } from '@playwright/test';
import type { Outside } from '../src/backend/fake';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    outside: Outside;
    pwned?: unknown;
  }
}

/** Every test fails on an error in the console, a violation of the policy, or a request that leaves the window. */
export const test = base.extend<{ watched: void }>({
  watched: [
    async ({ page, baseURL }, use) => {
      const faults: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith(`${baseURL}/`) && !request.url().startsWith('data:'))
          faults.push(`request: ${request.url()}`);
      });
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => {
          // Chromium reports some violations nowhere else.
          reportError(new Error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
        });
      });
      await use();
      expect(faults, 'nothing is blocked, fails or leaves').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens a view and waits until the agent has answered. */
export async function open(page: Page, hash: string, scenario = '', language = ''): Promise<void> {
  const params = new URLSearchParams({ ...(scenario && { fake: scenario }), ...(language && { language }) });
  await page.goto(`/?${params}${hash}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** What axe finds wrong, in short. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run({ preload: false, resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

/** So far the content is wider than the window, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const main = document.querySelector('main');
    return Math.max(
      document.documentElement.scrollWidth - innerWidth,
      (main?.scrollWidth ?? 0) - (main?.clientWidth ?? 0),
    );
  });
}

/** What a screen reader was told last. */
export const announced = (page: Page) => page.getByTestId('announced');
