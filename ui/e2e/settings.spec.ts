import { announced, expect, open, test } from './window';

test('an account is tested, changed and removed', async ({ page }) => {
  await open(page, '#/accounts');
  await page.getByRole('link', { name: 'Edit work' }).click();
  await page.getByRole('button', { name: 'Test the sign-in' }).click();
  await expect(announced(page)).toContainText('The sign-in works.');
  await expect(page.getByRole('textbox', { name: /^Name What/ })).not.toBeEditable();
  await page.getByLabel('Archive holds sent mail').check();
  await page.getByLabel('Other addresses that you send as').fill('a@firma.example\nb@firma.example');
  await page.getByLabel('Move to Never Sent').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click();
  await expect(announced(page)).toContainText('Saved.');
  const asked = await page.evaluate(() =>
    window.outside.asked.find((one) => typeof one === 'object' && 'change_settings' in one),
  );
  expect(asked).toMatchObject({
    change_settings: {
      change: {
        account: {
          name: 'work',
          password: null,
          account: {
            mode: 'quarantine',
            aliases: ['a@firma.example', 'b@firma.example'],
            sent: ['Sent', 'Archive/Sent 2024', 'Archive'],
          },
        },
      },
    },
  });
  await page.getByRole('link', { name: 'Edit work' }).click();
  await page.getByRole('button', { name: 'Remove the account' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the account' }).click();
  await expect(page.getByRole('link', { name: 'Edit work' })).toHaveCount(0);
});

test('a wrong password is said, with what helps', async ({ page }) => {
  await open(page, '#/accounts/account%3Ahome');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Test the sign-in' }).click();
  await expect(page.getByRole('alert')).toContainText('the password is wrong');
  await expect(page.getByRole('alert').getByRole('button', { name: 'Open the accounts' })).toBeVisible();
});

test('reports, look-ups and this computer are set', async ({ page }) => {
  await open(page, '#/accounts/spamcop');
  await page.getByRole('button', { name: 'Open SpamCop' }).click();
  expect(await page.evaluate(() => window.outside.opened)).toEqual(['spamcop_account']);
  await expect(page.getByLabel('Report at once')).toBeDisabled();
  await page.getByLabel(/Every address that mail reaches me by/).check();
  await page.getByLabel('Report at once').check();
  await page.getByLabel('Your secret address at SpamCop').fill('submit.x@spam.spamcop.net');
  await page.getByRole('button', { name: 'Save', exact: true }).first().click();
  await expect(announced(page)).toContainText('Saved.');
  await expect(page.getByLabel('Your secret address at SpamCop')).toHaveValue('');

  await page.getByRole('link', { name: 'Privacy' }).click();
  await page.getByLabel(/The list of backscatterer.org/).check();
  await expect(page.getByLabel(/The list of backscatterer.org/)).toBeChecked();

  await page.getByRole('link', { name: 'This computer' }).click();
  await page.getByLabel('Language').selectOption('de');
  await page.getByLabel('Quiet hours').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Konten und Einstellungen');
});

test('what was learned is forgotten, rules are listed, diagnostics are seen before they are saved', async ({
  page,
}) => {
  await open(page, '#/accounts/learned');
  await page.getByRole('button', { name: 'Forget crm.firma.example' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await expect(page.getByText('crm.firma.example', { exact: true })).toHaveCount(0);
  await page.getByRole('link', { name: 'Rules' }).click();
  await expect(page.getByText('Bounces as qmail writes them')).toBeVisible();
  await page.getByRole('link', { name: 'Data' }).click();
  await page.getByRole('button', { name: 'Show what would be saved' }).click();
  await expect(page.getByText('INFO judged')).toBeVisible();
  expect(await page.evaluate(() => window.outside.kept.length)).toBe(0);
  await page.getByRole('button', { name: 'Save this as a file' }).click();
  await expect(announced(page)).toContainText('neversent-diagnostics.txt');
  await page.getByRole('button', { name: 'Check the store' }).click();
  await expect(page.getByText('48,211 sent mails')).toBeVisible();
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(announced(page)).toContainText('51,002 entries');
});
