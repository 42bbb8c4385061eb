// A thread that ends in a training: the page says so, and goes on from the last checkpoint when told to.
import { expect, test } from '@playwright/test';
import { ChaosPage } from './pages/chaos';
import { untilKept } from './pages/kept';

test('a training whose thread ends goes on from its checkpoint', async ({ browser }) => {
  const chaos = await ChaosPage.open(browser, 'v=1&e1=2&e2=2&seed=5', 'cpu');
  const { app, page } = chaos;
  await page.keyboard.press('n');
  await expect(app.status).toContainText('Paused at step 1', { timeout: 90_000 });
  await untilKept(page, 'run');
  await chaos.strike('worker');
  await expect(app.banner).toContainText('The computing engine was lost: its thread has ended.');
  await expect(app.status).toContainText(
    'Cut off at step 1 of 4: the engine was lost; its checkpoint of step 1 is kept',
  );
  await expect(page.getByRole('button', { name: 'Start the engine again' })).toBeEnabled();
  await page.getByRole('button', { name: 'Resume training at step 1 of 4' }).click();
  await app.trained();
  await app.live();
  await expect(app.banner).toBeHidden();
  expect(chaos.uncaught).toEqual([]);
  await chaos.close();
});
