/** Takes the README's pictures of the window, on the made-up mailbox: `npm run build:fake && npm run pictures`. */
import { mkdir } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { preview } from 'vite';

const WIDE = { width: 1200, height: 820 };
const NARROW = { width: 360, height: 820 };

const pictures = [
  { name: 'overview', at: '#/overview', there: 'canvas', size: { width: 1200, height: 1000 } },
  { name: 'never-sent', at: '#/never-sent', there: '[data-row]', size: WIDE },
  { name: 'mail', at: '#/mail/m000005', there: '[data-testid=verdict]', size: { width: 1200, height: 1100 } },
  {
    name: 'mail-dark',
    at: '#/mail/m000005',
    there: '[data-testid=verdict]',
    size: { width: 1200, height: 1100 },
    dark: true,
  },
  { name: 'eye', at: '#/eye', there: '[data-group]', size: WIDE },
  { name: 'reports', at: '#/reports', there: 'main li', size: WIDE },
  { name: 'never-sent-narrow', at: '#/never-sent', there: '[data-row]', size: NARROW },
  {
    name: 'mail-ja',
    at: '#/mail/m000005',
    there: '[data-testid=verdict]',
    size: { width: 1200, height: 1100 },
    language: 'ja',
  },
];

const into = new URL('pictures/', import.meta.url).pathname;
await mkdir(into, { recursive: true });
const server = await preview({
  mode: 'fake',
  build: { outDir: 'dist-fake' },
  preview: { port: 4197, strictPort: true },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const { name, at, size, there, dark, language } of pictures) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: dark ? 'dark' : 'light',
    locale: language ?? 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(`http://localhost:4197/${at}`);
  await page.locator(there).first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${into}${name}.png` });
  await context.close();
}
await browser.close();
await server.close();
