// The graphics device dies under the page: a new one takes over, and nothing is lost.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';
import { patchWorker, tellWorker } from './pages/workerPatch';

/** Keeps every device that is made; a message that the engine does not know destroys the last one. */
const DESTROYER = `
  const devices = [];
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await request.apply(this, options);
    devices.push(device);
    return device;
  };
  addEventListener('message', (event) => {
    if (event.data !== 'destroy') return;
    event.stopImmediatePropagation();
    devices.at(-1).destroy();
  });`;

test('a lost device is replaced and maps go on answering', async ({ page }) => {
  const app = new Playground(page);
  await patchWorker(page, DESTROYER);
  await app.open();
  await app.live();
  const score = await app.score();
  await tellWorker(page, 'destroy');
  await expect(app.messages).toContainText(/device was lost/i);
  await app.live();
  await expect.poll(() => app.score(), { timeout: 60_000 }).toBeCloseTo(score, 2);
  await app.pasteSwitch().check();
  await expect.poll(() => app.score(), { timeout: 60_000 }).not.toBeCloseTo(score, 2);
});
