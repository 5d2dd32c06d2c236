import { longestScriptTask } from './tasks';
import { expect, open, test } from './window';

/** Script tasks longer than this are felt. */
const TASK = 50;

test('100,000 rows scroll and filter with few rows in the page and short tasks', async ({ browser, page }) => {
  test.setTimeout(60_000);
  await page.setViewportSize({ width: 1600, height: 2160 });
  await open(page, '#/never-sent?state=any');
  await expect(page.locator('[data-row="0"] a')).toBeVisible();
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '100001');

  const scroll = () =>
    page.evaluate(async () => {
      const box = document.querySelector<HTMLElement>('.rows') as HTMLElement;
      let most = 0;
      for (let step = 0; step < 120; step += 1) {
        // Small steps as a wheel makes them, and now and then a leap as the bar does.
        box.scrollTop = step % 10 === 9 ? ((step * 7919) % 100) * (box.scrollHeight / 100) : box.scrollTop + 240;
        await new Promise(requestAnimationFrame);
        most = Math.max(most, document.querySelectorAll('[data-row]').length);
      }
      return most;
    });

  let rows = 0;
  const filter = async () => {
    for (const text of ['parcel', 'mx1', 'watches post1']) {
      await page.getByRole('searchbox').fill(text);
      await expect(page.locator('[data-row="0"]')).toContainText(text.split(' ')[0] ?? '');
    }
    await page.getByRole('searchbox').fill('');
    await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '100001');
  };

  const measured: number[] = [];
  await expect
    .poll(
      async () => {
        const most = await longestScriptTask(browser, page, async () => {
          rows = Math.max(rows, await scroll());
          await filter();
        });
        measured.push(Math.round(most));
        return most;
      },
      { message: 'the machine is shared, so the best of a few runs counts', timeout: 40_000, intervals: [0] },
    )
    .toBeLessThanOrEqual(TASK);
  expect(rows).toBeLessThanOrEqual(100);
  test.info().annotations.push({ type: 'longest script task, ms', description: measured.join(', ') });
});
