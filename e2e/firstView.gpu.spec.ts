// What a visitor sees where there is no WebGPU: everything, on the processor; without WebAssembly too, in plain loops; and what
// is said where a graphics adapter was insisted on.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';
import { patchWorker } from './pages/workerPatch';

const NO_WEBGPU = `Object.defineProperty(WorkerNavigator.prototype, 'gpu', { get: () => undefined });`;
const NO_WEBASSEMBLY = `Object.defineProperty(self, 'WebAssembly', { value: undefined });`;

/** The three ways in which WebGPU can be missing, each with its own words. */
const FAILURES = [
  {
    title: 'No WebGPU in this browser',
    remedy: 'Use a current Chrome',
    patch: NO_WEBGPU,
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
    await patchWorker(page, `self.gradAdapter = 'gpu'; ${patch}`);
    await app.open();
    await expect(app.banner).toContainText(title);
    await expect(app.banner).toContainText(remedy);
    await expect(app.verdict).toContainText('ANOMALOUS');
    await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
  });
}

test('without WebGPU the processor shows live maps, and trains', async ({ page }) => {
  const app = new Playground(page);
  await app.fewImages();
  await patchWorker(page, NO_WEBGPU);
  await app.open('v=1&e1=1&e2=1');
  await app.live();
  await app.openDetails();
  await expect(app.memoryLine).toContainText('Processor (WebAssembly)');
  await expect(app.memoryLine).toContainText('This browser has no WebGPU');
  await expect(app.banner).toBeHidden();
  const before = await app.score();
  await app.pasteSwitch().check();
  await expect.poll(() => app.score()).not.toBe(before);
  await app.train();
  await app.trained();
  await app.judged();
  expect(app.complaints).toEqual([]);
});

test('without WebAssembly plain loops show live maps, and say so', async ({ page }) => {
  const app = new Playground(page);
  await app.fewImages();
  await patchWorker(page, NO_WEBGPU + NO_WEBASSEMBLY);
  // Smaller images than those of the stored model: there is nothing live before the training.
  await app.open('v=1&size=64&e1=0&e2=1');
  await app.openDetails();
  await expect(app.memoryLine).toContainText('Processor (plain loops)');
  await expect(app.memoryLine).toContainText('There is no WebAssembly here');
  await expect(app.banner).toBeHidden();
  await app.train();
  await app.trained();
  await app.judged();
  await app.live();
  expect(app.complaints).toEqual([]);
});
