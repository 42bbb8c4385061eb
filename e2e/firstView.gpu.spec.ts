// What a visitor sees where nothing can run.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';
import { patchWorker } from './pages/workerPatch';

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
