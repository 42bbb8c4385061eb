// Everything a person may do to a run meanwhile. Runs from Train to finished maps are in share.gpu.spec.ts, which trains
// the same link twice.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';

/** Long enough that a slow page never meets its end. */
const LONG = 'v=1&e1=60&e2=60';

test('steps, goes on, pauses and cancels; a cancelled run leaves the model before it', async ({ page }) => {
  const app = new Playground(page);
  await app.fewImages();
  await app.open(LONG);
  await app.live();
  const score = await app.score();
  await page.keyboard.press('n');
  await expect(app.status).toContainText('Paused at step 1 of 120', { timeout: 90_000 });
  // Stage 1 has nothing to fuse yet: its own map is on screen, and lit among the three.
  await expect(page.getByRole('radio', { name: 'Abnormal' })).toBeChecked();
  await expect(page.getByTestId('watch').locator('.lit')).toContainText('Abnormal learns');
  await page.keyboard.press('n');
  await expect(app.status).toContainText('Paused at step 2 of 120');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Cancel this run' }).click();
  await expect(app.status).toContainText('Cancelled');
  await expect.poll(() => app.score()).toBeCloseTo(score, 2);
});
