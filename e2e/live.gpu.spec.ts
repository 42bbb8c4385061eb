// The live loop: pasting, moving, tuning, before any training, with the stored model; and a graphics device that dies
// under it. One page, one thing after the other.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Playground } from './pages/playground';
import { KEEP_DEVICES, patchWorker, tellWorker } from './pages/workerPatch';

/** A message that the engine does not know destroys the last device. */
const DESTROYER = `
  ${KEEP_DEVICES}
  addEventListener('message', (event) => {
    if (event.data !== 'destroy') return;
    event.stopImmediatePropagation();
    devices.at(-1).destroy();
  });`;

test.describe.configure({ mode: 'serial' });

let page: Page;
let app: Playground;
test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
  app = new Playground(page);
  await patchWorker(page, DESTROYER);
  await app.open('v=1&i=30&b=2');
  await app.live();
});
test.afterAll(() => page.context().close());

test('a pasted block changes map and score before any training, by switch, slider, drag and keyboard', async () => {
  const plain = await app.score();

  await app.pasteSwitch().check();
  await expect.poll(() => app.score()).not.toBe(plain);
  const pasted = await app.score();

  await app.slider('Intensity').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => app.score()).not.toBe(pasted);
  await page.keyboard.press('End');

  const before = await app.handle.boundingBox();
  await app.handle.focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await app.handle.boundingBox())!.x).toBeGreaterThan(before!.x);

  const middle = { x: before!.x + before!.width / 2, y: before!.y + before!.height / 2 };
  const now = (await app.handle.boundingBox())!;
  await page.mouse.move(now.x + now.width / 2, now.y + now.height / 2);
  await page.mouse.down();
  await page.mouse.move(middle.x - 80, middle.y - 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await app.handle.boundingBox())!.x).toBeLessThan(now.x);
  await expect(page).toHaveURL(/fbp=1/);
  expect(app.complaints).toEqual([]);
});

test('another fusion value is labelled as not trained, and the pointer reads all branches', async () => {
  await page.getByRole('region', { name: 'Fusion' }).getByRole('slider').focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
  await expect(app.verdict).toContainText('not trained for this value');

  const box = (await app.liveOverlay.boundingBox())!;
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
  const readout = page.getByTestId('readout');
  await expect(readout).toContainText('abnormal');
  // Place, fused, normal, abnormal: each a number, and no dash.
  await expect(readout.locator('dd')).toHaveText([/\d/, /\d/, /\d/, /\d/, /\d/]);
});

test('every map can be chosen by key, and the picture changes', async () => {
  const pictures = new Set<string>();
  const picture = async () => (await app.liveOverlay.screenshot()).toString('base64');
  for (const key of ['1', '2', '3', '4']) {
    await page.keyboard.press(key);
    await expect.poll(async () => pictures.has(await picture())).toBe(false);
    pictures.add(await picture());
  }
  expect(pictures.size).toBe(4);
  await page.keyboard.press('1');
});

test('axe finds nothing while maps answer', async () => {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('a lost device is replaced and maps go on answering', async () => {
  const score = await app.score();
  await tellWorker(page, 'destroy');
  await expect(app.messages).toContainText(/device was lost/i);
  await app.live();
  await expect.poll(() => app.score()).toBeCloseTo(score, 2);
  await app.pasteSwitch().uncheck();
  await expect.poll(() => app.score()).not.toBeCloseTo(score, 2);
  expect(app.complaints).toEqual([]);
});
