import { expect, open, overflow, test, violations } from './window';

const VIEWS: [name: string, hash: string, ready: string, scenario?: string][] = [
  ['overview', '#/overview', '.uplot'],
  ['overview with an alarm', '#/overview', '.uplot', 'alarm'],
  ['never sent', '#/never-sent', '[data-row="0"] a'],
  ['mail', '#/mail/m000005', '[data-testid=verdict]'],
  ['eye', '#/eye', '[data-group]'],
  ['reports', '#/reports', 'details li'],
  ['sources', '#/sources', 'tbody tr'],
  ['accounts', '#/accounts', 'main li'],
  ['account', '#/accounts/account%3Ahome', 'form'],
  ['spamcop', '#/accounts/spamcop', 'form'],
  ['privacy', '#/accounts/privacy', 'main li'],
  ['computer', '#/accounts/desktop', 'form'],
  ['learned', '#/accounts/learned', 'main li'],
  ['rules', '#/accounts/rules', 'tbody tr'],
  ['data', '#/accounts/data', 'main section'],
  ['first run', '#/first-run', 'form', 'first-run'],
];

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any view, ${scheme}`, async ({ page }) => {
    test.setTimeout(90_000);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const [name, hash, ready, scenario] of VIEWS) {
      await open(page, hash, scenario);
      await page.locator(ready).first().waitFor();
      found.push(...(await violations(page)).map((one) => `${name}: ${one}`));
    }
    expect(found).toEqual([]);
  });
}

for (const [language, width] of [
  ['de', 320],
  ['ja', 320],
  ['fr', 900],
  ['es', 3840],
] as const) {
  test(`nothing is cut off at ${width} pixels in ${language}, and every word is there`, async ({ page }) => {
    test.setTimeout(60_000);
    await page.setViewportSize({ width, height: 800 });
    for (const [name, hash, ready, scenario] of VIEWS) {
      await open(page, hash, scenario, language);
      await page.locator(ready).first().waitFor();
      expect(await overflow(page), name).toBeLessThanOrEqual(0);
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
    }
  });
}

test('the dialogs are accessible, and Escape closes them', async ({ page }) => {
  await open(page, '#/eye');
  await page.locator('[data-group]').first().waitFor();
  await page.keyboard.press('m');
  await expect(page.getByRole('dialog')).toContainText('Learn this');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
