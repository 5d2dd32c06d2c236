import { announced, expect, open, test } from './window';

test('an agent that goes away is missed, and found again without a click', async ({ page }) => {
  await open(page, '#/overview');
  await page.evaluate(() => (window.outside.away = true));
  await page.getByRole('button', { name: 'Check now' }).first().click();
  await expect(page.getByText(/Neversent is not answering/)).toBeVisible();
  await page.evaluate(() => (window.outside.away = false));
  await expect(page.getByText(/Neversent is not answering/)).toHaveCount(0);
});

test('an agent that waits for the keyring says so, and the window is there meanwhile', async ({ page }) => {
  await page.goto('/?fake=locked#/overview');
  await expect(page.getByRole('link', { name: 'Reports' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('if your keyring is locked, unlock it');
  await expect(page.getByText(/Neversent is not answering/)).toHaveCount(0);
  await page.evaluate(() => (window.outside.locked = false));
  await expect(page.getByRole('region', { name: 'home' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a refused sign-in leads to the password', async ({ page }) => {
  await open(page, '#/overview', 'signin-refused');
  await page.getByRole('link', { name: 'Type the password anew' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
});

test('an alarm is told as one, and live events are seen', async ({ page }) => {
  await open(page, '#/overview', 'alarm');
  await expect(page.getByRole('alert')).toContainText('Change the password of this account now');
  await page.evaluate(() =>
    window.outside.happen([
      { alarm: { account: 'work', text: 'Is this you?' } },
      { rescued: { account: 'work', count: 2, why: 'A copy came late.' } },
    ]),
  );
  await expect(page.getByText('Is this you?')).toBeVisible();
  await expect(announced(page)).toContainText(/2 mails were yours after all.*A copy came late/);
});

test('what fails is a sentence with a button that helps', async ({ page }) => {
  await open(page, '#/never-sent', 'fail');
  await page
    .locator('[data-row="0"]')
    .getByRole('button', { name: /Put back/ })
    .click();
  await expect(page.getByRole('alert')).toContainText('The mail server closed the connection. Try again in a minute.');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('settings that cannot be read are told everywhere', async ({ page }) => {
  await open(page, '#/reports', 'broken-settings');
  await expect(page.getByRole('alert')).toContainText('Line 14 of config.toml');
});

test('an empty record says so', async ({ page }) => {
  await open(page, '#/never-sent', 'empty');
  await expect(page.getByText('Nothing is here.')).toBeVisible();
  await page.getByRole('link', { name: 'Needs your eye' }).click();
  await expect(page.getByText('Nothing needs you.')).toBeVisible();
});
