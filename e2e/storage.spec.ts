// A browser that refuses every kind of storage: nothing is kept, nothing breaks, and no error goes uncaught.
import { expect } from '@playwright/test';
import { BREAK_STORAGE } from './pages/brokenStorage';
import { striped } from './pages/pictures';
import { Playground } from './pages/playground';
import { test } from './pages/sleepingEngine';

test('with all storage refused the page works, says so once, and catches every error', async ({ page }) => {
  await page.addInitScript(BREAK_STORAGE);
  const app = new Playground(page);
  await app.open('v=1&seed=3');
  await expect(app.storedOverlay).toBeVisible();
  await app.addFiles([striped('mine.png', 1)]);
  const mine = page.getByRole('listbox', { name: 'Training images' }).getByRole('option');
  await expect(mine).toHaveCount(1);
  await page.getByRole('button', { name: /^Theme/ }).click();
  await page.getByRole('button', { name: 'All settings' }).click();
  const ask = page.getByRole('button', { name: 'Forget everything of mine' });
  await ask.click();
  await page.getByRole('button', { name: 'Close settings' }).click();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByRole('main', { name: 'Comparison' })).toBeVisible();
  await page.keyboard.press('Escape');
  await mine.click();
  await page.keyboard.press('Delete');
  await expect(mine).toHaveCount(0);
  await page.reload();
  await expect(app.heading('Train')).toBeVisible();
  expect(app.complaints).toEqual([]);
});
