// The live loop: pasting, moving, tuning, before any training, with the stored model.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';

test('a pasted block changes map and score before any training, by switch, slider, drag and keyboard', async ({
  page,
}) => {
  const app = new Playground(page);
  await app.open('v=1&i=30&b=2');
  await app.live();
  const plain = await app.score();

  await app.pasteSwitch().check();
  await expect.poll(() => app.score()).not.toBe(plain);
  const pasted = await app.score();

  await app.slider('Intensity').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => app.score()).not.toBe(pasted);

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

test('another fusion value is labelled as not trained, and the pointer reads all branches', async ({
  page,
}) => {
  const app = new Playground(page);
  await app.open();
  await app.live();
  await page.getByRole('region', { name: 'Fusion' }).getByRole('slider').focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
  await expect(app.verdict).toContainText('not trained for this value');

  const box = (await app.liveOverlay.boundingBox())!;
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
  const readout = page.getByTestId('readout');
  await expect(readout).toContainText('abnormal');
  await expect
    .poll(async () => (await readout.innerText()).match(/-?\d+\.\d+/g)?.length ?? 0)
    .toBeGreaterThanOrEqual(3);
});

test('every map can be chosen by key, and the picture changes', async ({ page }) => {
  const app = new Playground(page);
  await app.open('v=1&fbp=1');
  await app.live();
  const pictures = new Set<string>();
  for (const key of ['1', '2', '3', '4']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(1500);
    pictures.add((await app.liveOverlay.screenshot()).toString('base64'));
  }
  expect(pictures.size).toBe(4);
});
