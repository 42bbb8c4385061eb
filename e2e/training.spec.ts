// A run from Train to finished maps, and everything a person may do to it meanwhile. One epoch a stage: software
// adapters are slow.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';

const SHORT = 'v=1&e1=1&e2=1';

test('trains both stages to new figures, and a link to the same run gives the same figures', async ({
  page,
}) => {
  const app = new Playground(page);
  await app.open(SHORT);
  await app.live();
  const stored = await app.imageAuroc.innerText();
  await app.train();
  await app.trained();
  await expect(app.imageAuroc).not.toHaveText(stored);
  const figures = [await app.imageAuroc.innerText(), await app.verdict.innerText()];

  const url = page.url();
  await page.goto('about:blank');
  await page.goto(url);
  await app.live();
  await app.train();
  await app.trained();
  await expect(app.imageAuroc).toHaveText(figures[0]!);
  await expect.poll(() => app.verdict.innerText()).toBe(figures[1]!);
  expect(app.complaints).toEqual([]);
});

test('steps, goes on, pauses and cancels; a cancelled run leaves the model before it', async ({ page }) => {
  const app = new Playground(page);
  await app.open(SHORT);
  await app.live();
  const score = await app.score();
  await page.keyboard.press('n');
  await expect(app.status).toContainText('Paused at step 1 of 6', { timeout: 90_000 });
  await page.keyboard.press('n');
  await expect(app.status).toContainText('Paused at step 2 of 6');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Cancel this run' }).click();
  await expect(app.status).toContainText('Cancelled');
  await expect.poll(() => app.score()).toBeCloseTo(score, 2);
});
