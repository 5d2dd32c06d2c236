import { announced, expect, open, test } from './window';

test('the overview shows accounts, figures and storms, as a chart and as a table', async ({ page }) => {
  await open(page, '#/overview');
  await expect(page.getByRole('region', { name: 'home' })).toContainText('Watching for new mail.');
  await expect(page.getByText('taken out of your inbox').first()).toBeVisible();
  await expect(page.getByText(/Storm of/).first()).toBeVisible();
  await expect(page.getByRole('img', { name: /storms?\.$/ })).toBeVisible();
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect(page.getByRole('table', { name: /by hour/ })).toBeVisible();
  await page.getByRole('link', { name: 'Challenge' }).click();
  await expect(page.getByLabel('Kind')).toHaveValue('challenge');
});

test('a pause is undone by one click', async ({ page }) => {
  await open(page, '#/overview');
  await page.getByRole('button', { name: 'Pause for an hour' }).click();
  await expect(page.getByRole('region', { name: 'home' })).toContainText('Paused until');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('region', { name: 'home' })).toContainText('Watching for new mail.');
});

test('one mail says in a sentence what it is, then why', async ({ page }) => {
  await open(page, '#/mail/m000005');
  await expect(page.getByTestId('verdict')).toHaveText('You did not send the mail that this answers.');
  await expect(page.getByText('Not yours:').first()).toBeVisible();
  await page.locator('summary', { hasText: 'Details' }).first().click();
  await expect(page.getByText(/Message-ID \d+\.forged/)).toBeVisible();
  await expect(page.getByText('Here the chain breaks')).toBeVisible();
  await page.getByText('Raw source').click();
  await expect(page.getByText(/Auto-Submitted: auto-replied/)).toBeVisible();
  await page.getByRole('button', { name: 'Save the mail as a file' }).click();
  await expect(announced(page)).toContainText('/home/ada/mail.eml');
  await page.getByRole('button', { name: 'Put back' }).click();
  await expect(page.getByText(/You put it back into/)).toBeVisible();
});

test('what was found of a mail is told in German, with times and numbers as Germans write them', async ({ page }) => {
  await open(page, '#/mail/m000005', '', 'de');
  const verdict = page.locator('section', { has: page.getByTestId('verdict') });
  await expect(verdict).toContainText('ist nicht in Ihrer gesendeten Post');
  const facts = page.getByRole('region', { name: 'Warum' }).locator('li > div > p');
  await expect(facts).toHaveText([
    /^Nicht von Ihnen: Die Mail, auf die das antwortet, ist nicht in Ihrer gesendeten Post/,
    /^Nicht von Ihnen: Alles, was Sie zwischen \d\d\.\d\d\.\d{4}, \d\d:\d\d und .* gesendet haben, ist bekannt\.$/,
    /^Hinweis: Ihre gesendete Post ist für \S+@\S+ vollständig: Von 1\.204 Antworten/,
    /^Nicht von Ihnen: Diese Mail gehört zu einem Sturm: Mindestens 412 Mails mit demselben Betreff/,
    /^Hinweis: Eine Zeile im Namen Ihres Mailanbieters \(mx\.example\.org\) sagt/,
  ]);
  await expect(facts.nth(2).locator('bdi').first()).toHaveText(/@/);
});

test('groups, accounts and mails that are not reported say why in the language of the window', async ({ page }) => {
  await open(page, '#/eye', '', 'ja');
  await expect(page.locator('[data-group]').filter({ hasText: 'newsletter@example.org 宛て' })).toHaveCount(1);
  await open(page, '#/overview', '', 'es');
  await expect(page.getByRole('region', { name: 'home' })).toContainText('se conoce sin huecos desde el 3 feb 2024');
  await open(page, '#/mail/m000005', '', 'fr');
  await expect(page.getByText('SpamCop ne prend rien de plus ancien')).toBeVisible();
});

test('a complaint is looked up, shown, edited and sent', async ({ page }) => {
  await open(page, '#/mail/m000005');
  await page.getByRole('button', { name: 'Write to the network’s own desk' }).click();
  await page.getByRole('button', { name: 'Look up whom to write to' }).click();
  await expect(page.getByLabel('To', { exact: true })).toHaveValue('abuse@hosting.test');
  await page.getByLabel('Subject').fill('My own words');
  await page.getByRole('button', { name: 'Send the complaint' }).click();
  await expect(announced(page)).toContainText('abuse@hosting.test');
  const sent = await page.evaluate(() =>
    window.outside.asked.find((one) => typeof one === 'object' && 'complain' in one),
  );
  expect(sent).toMatchObject({ complain: { complaint: { channel: 'operator', subject: 'My own words' } } });
});

test('what needs the user is decided by one key', async ({ page }) => {
  await open(page, '#/eye');
  const groups = page.locator('[data-group]');
  await expect(groups).toHaveCount(5);
  await expect(groups.first()).toContainText('Your account may be stolen');
  await expect(groups.nth(1)).toContainText('240 mails about Your parcel is waiting');
  await groups.nth(1).getByText('See the mails').click();
  await expect(groups.nth(1).getByRole('link')).toHaveCount(5);
  await expect(groups.nth(1).getByText('and 235 more')).toBeVisible();
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByRole('button', { name: 'Never sent' }).click();
  await expect(groups).toHaveCount(4);
  await expect(announced(page)).toContainText('240 mails were moved to Never Sent.');
  await page.keyboard.press('l');
  await expect(groups).toHaveCount(3);
});

test('a mail that was decided meanwhile says so, with a way on, and nothing is reported before it was moved', async ({
  page,
}) => {
  await open(page, '#/mail/u2-0');
  await expect(page.getByTestId('verdict')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Report' })).toHaveCount(0);
  await open(page, '#/eye');
  await page.locator('[data-group]').nth(2).getByRole('button', { name: 'Leave them' }).click();
  await expect(announced(page)).toContainText('18 mails stay');
  await page.evaluate(() => (location.hash = '#/mail/u2-0'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This mail is no longer here.');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.locator('main').getByRole('link', { name: 'Needs your eye' }).click();
  await expect(page.locator('[data-group]')).toHaveCount(4);
});

test('“never sent” is undone by one click, under the names that the mails have by then', async ({ page }) => {
  await open(page, '#/eye');
  const groups = page.locator('[data-group]');
  await groups.nth(2).getByRole('button', { name: 'Never sent' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Never sent' }).click();
  await expect(announced(page)).toContainText('18 mails were moved to Never Sent.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(announced(page)).toContainText('18 mails were put back where they were.');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('what could not be decided is told, with how many', async ({ page }) => {
  await open(page, '#/eye', 'some-fail');
  const groups = page.locator('[data-group]');
  await groups.nth(2).getByRole('button', { name: 'Leave them' }).click();
  await expect(page.getByRole('alert')).toContainText('6 could not be changed. The first one: The mail server refused');
  await expect(announced(page)).toContainText('12 mails stay where they are');
});

test('a key acts on the group that has the focus, and on none behind a question', async ({ page }) => {
  await open(page, '#/eye');
  const groups = page.locator('[data-group]');
  await groups.nth(3).getByRole('button', { name: 'Leave them' }).focus();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Move 7 mails to Never Sent?');
  await page.keyboard.press('l');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(groups).toHaveCount(5);
  await expect(groups.nth(3).getByRole('button', { name: 'Leave them' })).toBeFocused();
  await page.keyboard.press('l');
  await expect(announced(page)).toContainText('7 mails stay where they are');
});

test('“that was me” shows what it will learn before it learns it', async ({ page }) => {
  await open(page, '#/eye');
  await expect(page.locator('[data-group]').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('It settles 17 other mails and brings 14 back from Never Sent.');
  await expect(dialog).toContainText('96 of them seem to be spammers’.');
  expect(
    await page.evaluate(() => window.outside.asked.some((one) => typeof one === 'object' && 'declare' in one)),
  ).toBe(false);
  await dialog.getByRole('button', { name: 'Learn this' }).click();
  await expect(page.locator('[data-group]')).toHaveCount(4);
  await expect(page.getByText(/14 mails were yours after all/)).toBeVisible();
});

test('reports are approved, undone, confirmed by the program’s own window, and sent', async ({ page }) => {
  await open(page, '#/reports');
  await page.getByRole('button', { name: 'Open SpamCop’s page' }).first().click();
  await expect(announced(page)).toContainText('open in your browser');
  expect(await page.evaluate(() => window.outside.opened)).toMatchObject([{ report: expect.stringMatching(/^m\d+/) }]);
  await page.getByRole('button', { name: 'I confirmed it' }).first().click();
  await expect(announced(page)).toContainText('Marked as confirmed.');
  await page.getByRole('checkbox').first().check();
  await page.getByRole('checkbox').nth(1).check();
  await page.getByRole('toolbar').getByRole('button', { name: 'Do not report' }).click();
  await expect(announced(page)).toContainText('2 mails are not reported.');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(announced(page)).toContainText('2 reports wait for you again.');
  await page.getByRole('button', { name: 'Send all 12 waiting reports' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send' }).click();
  await expect(announced(page)).toContainText('12 reports are on their way.');
  await page.getByRole('button', { name: 'Send 14 now' }).click();
  await expect(announced(page)).toContainText('14 reports were sent.');
});

test('sources are ordered, searched and saved', async ({ page }) => {
  await open(page, '#/sources');
  await expect(page.getByRole('row')).toHaveCount(51);
  await page.getByRole('searchbox').fill('klinik');
  await expect(page.getByRole('row').nth(1)).toContainText('klinik');
  await page.getByRole('button', { name: 'Server' }).click();
  await expect(page.getByRole('columnheader', { name: 'Server' })).toHaveAttribute('aria-sort', 'ascending');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  await expect(announced(page)).toContainText('sources.csv');
  expect(await page.evaluate(() => window.outside.kept[0]?.text.split('\r\n')[0])).toContain('role,ip,name');
  await page.getByRole('searchbox').fill('');
  await page.getByLabel('Hosts that handed it on').check();
  await expect(page.getByText('claimed to be you').first()).toBeVisible();
});
