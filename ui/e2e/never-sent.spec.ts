import { announced, expect, open, test } from './window';

const row = (nth: number) => `[data-row="${nth}"]`;

test('a mail is put back by one click', async ({ page }) => {
  await open(page, '#/never-sent');
  await expect(page.locator(row(0))).toBeVisible();
  const count = await page.getByRole('grid').getAttribute('aria-rowcount');
  await page
    .locator(row(0))
    .getByRole('button', { name: /Put back/ })
    .click();
  await expect(announced(page)).toContainText('Put back where it was.');
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', String(Number(count) - 1));
});

test('a mail is reported by one click, and that is undone by another', async ({ page }) => {
  await open(page, '#/never-sent');
  await page
    .locator(row(3))
    .getByRole('button', { name: /Report/ })
    .click();
  await expect(announced(page)).toContainText('The report is on its way.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(announced(page)).toContainText('The report waits for you again.');
});

test('many are chosen with Shift and put back after a question', async ({ page }) => {
  await open(page, '#/never-sent');
  await page.locator(row(2)).getByRole('checkbox').click();
  await page
    .locator(row(6))
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await expect(page.getByText('5 selected')).toBeVisible();
  await page.getByRole('toolbar').getByRole('button', { name: 'Put back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put back' }).click();
  await expect(announced(page)).toContainText('5 mails were put back');
  await expect(page.getByText('5 selected')).toHaveCount(0);
});

test('all that match are deleted in parts that can be stopped, and only after a question', async ({ page }) => {
  await open(page, '#/never-sent?kind=virus_notice');
  await expect(page.locator(row(0))).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(
    await page.evaluate(() => window.outside.asked.some((one) => typeof one === 'object' && 'quarantine_purge' in one)),
  ).toBe(false);
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
  await expect(announced(page)).toContainText(/mails were deleted/);
  const sizes = await page.evaluate(() =>
    window.outside.asked.flatMap((one) =>
      typeof one === 'object' && 'quarantine_purge' in one && 'ids' in one.quarantine_purge.which
        ? [one.quarantine_purge.which.ids.length]
        : [],
    ),
  );
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBe(500);
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('a question that deletes begins on Cancel, and gives the focus back', async ({ page }) => {
  await open(page, '#/never-sent');
  await page.locator(row(2)).getByRole('checkbox').click();
  const button = page.getByRole('toolbar').getByRole('button', { name: 'Delete…' });
  await button.click();
  const cancel = page.getByRole('dialog').getByRole('button', { name: 'Cancel' });
  await expect(cancel).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(button).toBeFocused();
  await button.click();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
});

test('a range of thousands is chosen whole', async ({ page }) => {
  test.slow();
  await open(page, '#/never-sent');
  await page.locator(row(0)).getByRole('checkbox').click();
  await page.locator('.rows').evaluate((box) => {
    const one = document.querySelector<HTMLElement>('[data-row="0"]')?.offsetHeight ?? 0;
    box.scrollTop = 5_000 * one;
  });
  await page
    .locator(row(5_003))
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  // The made-up agent looks through all its mails for each of fifty pages.
  await expect(page.getByText('5,004 selected')).toBeVisible({ timeout: 40_000 });
});

test('all that match are those of the rows that are shown, not of the fields', async ({ page }) => {
  await open(page, '#/never-sent?kind=challenge', 'slow');
  await expect(page.locator(`${row(0)} a`)).toBeVisible();
  await page.getByLabel('Kind').selectOption('virus_notice');
  const all = page.getByRole('checkbox', { name: 'Select all' });
  await expect(all).toBeDisabled();
  await page.locator(row(0)).focus();
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('toolbar')).toHaveCount(0);
  await expect(page.locator(row(0))).toContainText('Virus notice');
  await all.check();
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  const asked = await page.evaluate(() =>
    window.outside.asked.find((one) => typeof one === 'object' && 'matching' in one),
  );
  expect(asked).toMatchObject({ matching: { query: { kinds: ['virus_notice'] } } });
});

test('long work is stopped', async ({ page }) => {
  await open(page, '#/never-sent', 'slow');
  await expect(page.locator(`${row(0)} a`)).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('toolbar').getByRole('button', { name: 'Put back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put back' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(announced(page)).toContainText('The rest was left as it is.');
});

test('search, kind and server narrow the list', async ({ page }) => {
  await open(page, '#/never-sent');
  await page.getByRole('searchbox').fill('watches post1');
  await expect(page.locator(row(0))).toContainText('watches');
  await expect(page.locator(row(0))).toContainText('post1');
  await page.getByLabel('Kind').selectOption('auto_reply');
  await expect(page.locator(row(0))).toContainText('Auto-reply');
  await page.getByRole('searchbox').fill('nothing has these words');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(page.locator(row(0))).toBeVisible();
});

test('the head of a column orders the list', async ({ page }) => {
  await open(page, '#/never-sent');
  await page.getByRole('button', { name: 'Subject' }).click();
  await expect(page.getByRole('columnheader', { name: 'Subject' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(page.locator(row(0))).toContainText('Abwesenheitsnotiz');
});

test('the keyboard alone goes everywhere', async ({ page }) => {
  await open(page, '#/never-sent');
  await expect(page.locator(row(0))).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.locator(row(0)).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator(row(1))).toBeFocused();
  await page.keyboard.press('End');
  const total = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
  await expect(page.locator(row(total - 1))).toBeFocused();
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Home');
  await expect(page.locator(row(0))).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('3 selected')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('3 selected')).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('toolbar')).toContainText('selected');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('verdict')).toBeVisible();
});
