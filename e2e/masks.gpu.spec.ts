// Ground truth of one's own: drawn, kept, outlined, taken away, imported; and pictures from the clipboard.
import { expect, test, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { Playground } from './pages/playground';

function png(width: number, height: number, valueAt: (x: number, y: number) => number): Buffer {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    valueAt(i % width, Math.floor(i / width)),
  );
  return Buffer.from(encode({ width, height, channels: 1, data }));
}
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/png', buffer });
const striped = (seed: number) => png(60, 40, (x) => 80 + 10 * seed + 60 * ((x >> 3) % 2));

/** Pixels of the mask on screen that are not transparent. */
const painted = (page: Page) =>
  page.getByTestId('mask-canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });

test.describe.configure({ mode: 'serial' });

let page: Page;
let app: Playground;
test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext()).newPage();
  app = new Playground(page);
  await app.open();
  await app.live();
});
test.afterAll(() => page.context().close());

test('a picture in the clipboard joins the images; a clipboard without one is told so', async () => {
  const paste = (bytes: number[] | null) =>
    page.evaluate((content) => {
      const clipboardData = new DataTransfer();
      if (content)
        clipboardData.items.add(new File([new Uint8Array(content)], 'image.png', { type: 'image/png' }));
      else clipboardData.setData('text/plain', 'words');
      document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    }, bytes);
  await paste(null);
  await expect(app.messages).toContainText('There is no image in the clipboard');
  await paste([...striped(1)]);
  const training = page.getByRole('listbox', { name: 'Training images' }).getByRole('option');
  await expect(training).toHaveCount(1);
  await paste([...striped(2)]);
  await expect(page.getByRole('listbox', { name: 'Test images' }).getByRole('option')).toHaveCount(1);
  await expect(training).toHaveCount(1);
  expect(app.complaints).toEqual([]);
});

test('a mask is drawn with keys and pointer, undone, kept, removed and imported', async () => {
  await app.addFiles([file('part.png', striped(3)), file('other.png', striped(4))]);
  await page.getByRole('option', { name: /^part.png/ }).click();
  await page.getByRole('button', { name: 'Draw a mask' }).click();
  const sheet = page.getByRole('application', { name: /^Mask/ });
  await expect(sheet).toBeFocused();
  await page.keyboard.press('Space');
  await expect.poll(() => painted(page)).toBeGreaterThan(0);
  const dot = await painted(page);
  const box = (await sheet.boundingBox())!;
  await page.mouse.move(box.x + 0.2 * box.width, box.y + 0.3 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.3 * box.height, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => painted(page)).toBeGreaterThan(2 * dot);
  await page.keyboard.press('z');
  await expect.poll(() => painted(page)).toBe(dot);
  await page.getByRole('button', { name: 'Keep mask' }).click();
  await expect(sheet).toBeHidden();
  await expect(app.messages).toContainText('Mask added');
  await expect(page.getByRole('combobox', { name: 'Label of this image' })).toHaveValue('1');
  await expect(app.heading('Train')).toContainText('1 anomalous');
  await page.getByRole('button', { name: 'Remove the mask' }).click();
  await expect(app.messages).toContainText('Mask removed');
  const importing = async (name: string, buffer: Buffer) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Import a mask from a file' }).click();
    await (await chooser).setFiles([file(name, buffer)]);
  };
  await importing(
    'tall.png',
    png(20, 60, () => 255),
  );
  await expect(app.messages).toContainText('shapes differ');
  await expect(page.getByRole('button', { name: 'Remove the mask' })).toBeHidden();
  await importing(
    'half.png',
    png(30, 20, (x) => (x < 15 ? 255 : 0)),
  );
  await expect(app.messages).toContainText('the mask is resized');
  await expect.poll(() => painted(page)).toBeGreaterThan(0);
  expect(app.complaints).toEqual([]);
});
