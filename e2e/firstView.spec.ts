// What a visitor sees before anything runs, and where nothing can run.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';
import { patchWorker } from './pages/workerPatch';

test('a finished result is on screen at once, without a request to anyone else', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await expect(app.verdict).toContainText('ANOMALOUS', { timeout: 10_000 });
  await expect(app.storedOverlay).toBeVisible();
  await expect(page.getByText('Bright = does not look like the 24 normal images')).toBeVisible();
  expect(Number(await app.imageAuroc.innerText())).toBeGreaterThan(0.5);
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

/** The three ways in which WebGPU can be missing, each with its own words. */
const FAILURES = [
  {
    title: 'No WebGPU in this browser',
    remedy: 'Use a current Chrome',
    patch: `Object.defineProperty(WorkerNavigator.prototype, 'gpu', { get: () => undefined });`,
  },
  {
    title: 'No graphics adapter found',
    remedy: 'hardware acceleration',
    patch: `GPU.prototype.requestAdapter = () => Promise.resolve(null);`,
  },
  {
    title: 'The graphics adapter is too small',
    remedy: 'Choose smaller grids',
    patch: `Object.defineProperty(GPUSupportedLimits.prototype, 'maxStorageBufferBindingSize', { get: () => 1024 });`,
  },
];

for (const { title, remedy, patch } of FAILURES) {
  test(`"${title}" is said with a remedy, and the stored result stays`, async ({ page }) => {
    const app = new Playground(page);
    await patchWorker(page, patch);
    await app.open();
    await expect(app.banner).toContainText(title);
    await expect(app.banner).toContainText(remedy);
    await expect(app.verdict).toContainText('ANOMALOUS');
    await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
  });
}
