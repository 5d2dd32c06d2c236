import { expect, open, overflow, test } from './window';

const MAILS = ['hostile-html', 'hostile-bidi', 'hostile-homograph', 'hostile-marks', 'hostile-long', 'hostile-lines'];

test('the list shows hostile mail as harmless text of one line each', async ({ page }) => {
  await open(page, '#/never-sent', 'hostile');
  const first = page.locator('[data-row="0"]');
  await expect(first).toContainText('<img src=x onerror=');
  await expect(page.locator('[data-row="1"]')).toContainText('U+202E');
  const heights = await page
    .locator('[data-row]')
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  expect(new Set(heights).size).toBe(1);
  expect(await page.locator('main img, main iframe, main script').count()).toBe(0);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

for (const id of MAILS) {
  test(`${id} breaks neither the page nor anything else`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    await open(page, `#/mail/${id}`, 'hostile');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await page.getByText('Raw source').click();
    await expect(page.getByRole('region', { name: 'Raw source' })).toBeVisible();
    expect(await page.evaluate(() => window.pwned)).toBeUndefined();
    expect(await page.locator('main img, main iframe, main script, main object, main [onerror]').count()).toBe(0);
    expect(await page.locator('main a[href^="http"]').count()).toBe(0);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect((await page.locator('main').innerText()).length).toBeLessThan(200_000);
  });
}

test('words of a mail stay apart from the sentence that they stand in', async ({ page }) => {
  await open(page, '#/mail/hostile-bidi', 'hostile', 'de');
  const fact = page.getByRole('region', { name: 'Warum' }).locator('li p').first();
  await expect(fact).toContainText('Diese Adresse ist nicht als Ihre eigene eingetragen.');
  await expect(fact.locator('bdi')).toHaveText('[U+2069][U+202E]moc.elpmaxe[U+2068]');
  await open(page, '#/mail/hostile-html', 'hostile', 'de');
  await expect(page.getByText('It claims: <img src=x')).toBeVisible();
});

test('letters that imitate others are named, and a long subject is unfolded only on demand', async ({ page }) => {
  await open(page, '#/mail/hostile-homograph', 'hostile');
  await expect(page.getByText('Letters that look like others: Latin and Cyrillic').first()).toBeVisible();
  await open(page, '#/mail/hostile-long', 'hostile');
  const title = page.getByRole('heading', { level: 1 });
  expect((await title.innerText()).length).toBeLessThan(300);
  await title.getByRole('button', { name: 'Show all' }).click();
  expect((await title.innerText()).length).toBeGreaterThan(10_000);
  await expect(title).toContainText('The rest is too long to show.');
});
