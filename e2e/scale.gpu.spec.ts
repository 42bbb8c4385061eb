// Sets larger than the budgets: the same maps come out when features lie on the disk, and thousands of images are not
// loaded without a question. What 5,000 images take is measured by bench/scale.mjs.
import { expect, test, type Browser, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { striped } from './pages/pictures';
import { Playground } from './pages/playground';
import { patchWorker } from './pages/workerPatch';

const NO_ROOM = { gpuFeatures: 0, memoryFeatures: 0, preparedPixels: 0 };
const TRAIN = [1, 2, 3, 4].map((i) => striped(`${i}.png`, i));

/** Bytes of feature maps in the browser's private file. */
const bytesOnDisk = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('features', { create: true });
    let bytes = 0;
    for await (const handle of folder.values())
      bytes += (await (handle as FileSystemFileHandle).getFile()).size;
    return bytes;
  });

/** Trains on own images in a page of its own. */
async function trainedWith(browser: Browser, budgets: object | null) {
  const page = await (await browser.newContext()).newPage();
  if (budgets) await patchWorker(page, `self.gradBudgets = ${JSON.stringify(budgets)};`);
  const app = new Playground(page);
  await app.open('v=1&size=64&e1=1&e2=1');
  await expect(app.heading('Train')).toBeVisible();
  await app.addFiles(TRAIN);
  await expect(app.heading('Train')).toContainText(/\b4 normal/);
  await app.train();
  await app.trained();
  await app.judged();
  const outcome = {
    line: await app.page.getByTestId('verdict').innerText(),
    bytes: await bytesOnDisk(page),
    complaints: app.complaints,
  };
  await page.context().close();
  return outcome;
}

test('features on the disk give the scores of features in memory', async ({ browser }) => {
  const inMemory = await trainedWith(browser, null);
  const onDisk = await trainedWith(browser, NO_ROOM);
  expect(inMemory.bytes).toBe(0);
  // Eight by eight cells of 32 channels, for each of the four images at least.
  expect(onDisk.bytes).toBeGreaterThanOrEqual(4 * 8 * 8 * 32 * 4);
  expect(onDisk.line).toBe(inMemory.line);
  expect([...inMemory.complaints, ...onDisk.complaints]).toEqual([]);
});

test('thousands of images are loaded only when the visitor says so', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await expect(app.heading('Train')).toContainText('24 normal');
  const before = await app.heading('Train').innerText();
  const tiny = Buffer.from(encode({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) }));
  const many = Array.from({ length: 1200 }, (_, i) => ({
    name: `${i}.png`,
    mimeType: 'image/png',
    buffer: tiny,
  }));
  const question = page.getByRole('dialog', { name: 'Load 1,200 images?' });
  await app.addFiles(many);
  await expect(question).toContainText('on this adapter');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  expect(await app.heading('Train').innerText()).toBe(before);
  await app.addFiles(many);
  await question.getByRole('button', { name: 'Only 1,000 of them' }).click();
  await expect(app.heading('Train')).toContainText('1,000 normal');
  expect(app.complaints).toEqual([]);
});
