import type { Page } from '@playwright/test';
import { expect, open, test } from './window';

test('from nothing to a cleaned inbox, and nothing is moved before the list was seen', async ({ page }) => {
  await open(page, '', 'first-run');
  await page.getByLabel('Your address').fill('ada@example.org');
  await page.keyboard.press('Enter');
  await expect(page.getByText('These are the servers of Example Mail.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Server' }).first()).toHaveValue('imap.example.org');
  await page.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('refused the sign-in');
  await page.getByLabel('Password').fill('right');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Sent holds sent mail')).toBeChecked();
  await expect(page.getByText('Is some of your sent mail in none of these folders?')).toBeVisible();
  await page.getByRole('button', { name: 'Start reading' }).click();
  await expect(page.getByText(/Reading your sent mail: [\d,]+ of 48,211/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'This is what would be moved' })).toBeVisible();
  await expect(page.getByText('60 mails would be moved to Never Sent.')).toBeVisible();
  await expect(page.locator('[data-row="0"]')).toBeVisible();
  await page.locator('[data-row="0"]').click();
  await expect(page.getByTestId('verdict')).toBeVisible();
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page.getByText('60 mails would be moved to Never Sent.')).toBeVisible();
  const moving = () =>
    page.evaluate(
      () =>
        window.outside.asked.filter(
          (one) =>
            typeof one === 'object' &&
            ('quarantine_apply' in one ||
              ('change_settings' in one &&
                'account' in one.change_settings.change &&
                one.change_settings.change.account.account.mode === 'quarantine')),
        ).length,
    );
  expect(await moving()).toBe(0);
  await page.getByRole('button', { name: 'Move them and switch on' }).click();
  await expect(page.getByText('60 mails were moved to Never Sent.')).toBeVisible();
  expect(await moving()).toBe(2);
});

test('reading is stopped, and goes on', async ({ page }) => {
  await open(page, '', 'first-run');
  await page.getByLabel('Your address').fill('ada@elsewhere.example');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your provider is not in our table.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Server' }).first().fill('imap.elsewhere.example');
  await page.getByLabel('Password').fill('right');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Start reading' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('Paused until you go on.')).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'This is what would be moved' })).toBeVisible();
});

/** From the address to the folders. */
async function toFolders(page: Page) {
  await page.getByLabel('Your address').fill('ada@example.org');
  await page.keyboard.press('Enter');
  await page.getByLabel('Password').fill('right');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Start reading' })).toBeVisible();
}

test('an account without sent mail comes to its end, too', async ({ page }) => {
  await open(page, '', 'first-run-unsent');
  await toFolders(page);
  await expect(page.getByRole('alert')).toContainText('Everything then stays undecided.');
  await page.getByRole('button', { name: 'Start reading' }).click();
  await expect(page.getByRole('heading', { name: 'This is what would be moved' })).toBeVisible();
});

test('where there are Sent folders, one is needed', async ({ page }) => {
  await open(page, '', 'first-run');
  await toFolders(page);
  for (const box of await page.getByLabel(/holds sent mail/).all()) await box.setChecked(false);
  await expect(page.getByRole('alert')).toContainText('Choose at least one folder');
  await expect(page.getByRole('button', { name: 'Start reading' })).toBeDisabled();
});

test('a sign-in that is refused while reading is told, with ways out', async ({ page }) => {
  await open(page, '', 'first-run-refused');
  await toFolders(page);
  await page.getByRole('button', { name: 'Start reading' }).click();
  await expect(page.getByRole('alert')).toContainText('refused the sign-in');
  await expect(page.getByRole('link', { name: 'Type the password anew' })).toBeVisible();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByRole('region', { name: 'ada' })).toBeVisible();
});

test('an account that is removed while it is read is let go', async ({ page }) => {
  await open(page, '', 'first-run-refused');
  await toFolders(page);
  await page.getByRole('button', { name: 'Start reading' }).click();
  await page.getByRole('link', { name: 'Type the password anew' }).click();
  await page.getByRole('button', { name: 'Remove the account' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the account' }).click();
  await page.evaluate(() => (location.hash = '#/first-run'));
  await expect(page.getByLabel('Your address')).toBeVisible();
});

test('an account that only observes is looked through later', async ({ page }) => {
  await open(page, '#/overview');
  await page.getByRole('region', { name: 'work' }).getByRole('link', { name: 'Look through and switch on' }).click();
  await expect(page.getByRole('heading', { name: 'This is what would be moved' })).toBeVisible();
  await expect(page.locator('[data-row="0"] a')).toBeVisible();
  await page.getByRole('button', { name: 'Keep observing' }).click();
  await expect(page.getByRole('region', { name: 'work' })).toContainText('Only observe');
});
