// What a visitor sees before anything runs.
import { expect } from '@playwright/test';
import { test } from './pages/sleepingEngine';
import { Playground } from './pages/playground';

test('a finished result is on screen at once, without a request to anyone else', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await expect(app.verdict).toContainText('ANOMALOUS', { timeout: 10_000 });
  await expect(app.storedOverlay).toBeVisible();
  await expect(page.getByText('Learned from 24 good parts. It has never seen a defect.')).toBeVisible();
  expect(parseFloat(await app.imageAuroc.innerText())).toBeGreaterThan(50);
  expect(app.complaints).toEqual([]);
});

test('a bundled set of another kind can be chosen', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await expect(app.verdict).toContainText('score');
  const sets = page.getByRole('combobox', { name: 'Data set' });
  await expect(sets.getByRole('option')).toHaveCount(3);
  await sets.selectOption('fabric');
  await expect(page).toHaveURL(/data=fabric/);
  await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).not.toHaveCount(0);
});
