// A set of several classes, and the one name of a folder and its zip: the engine decodes the images first. A few images of
// a demo set go all the way, from a zip to figures.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { lay, treeNamed, zipFile } from './pages/layoutFiles';
import { Playground } from './pages/playground';

let root = '';
test.beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'grad-layout-'))));
test.afterEach(() => rmSync(root, { recursive: true }));

/** As the address has it: a digest of names and sizes. */
const setName = (page: Page) => /own-[0-9a-f]{8}/.exec(page.url())?.[0] ?? '';

test('a set of several classes is shown class by class, and its zip has the same name', async ({ page }) => {
  const app = new Playground(page);
  const { folder, zip } = lay(root, treeNamed('BTAD'));
  await app.open();
  await app.addFolder(folder);
  const tests = page.getByRole('listbox', { name: 'Test images' }).getByRole('option');
  await expect(tests).toHaveCount(4);
  await page.getByRole('button', { name: '02' }).click();
  await expect(tests).toHaveCount(2);
  await tests.first().click();
  // A BMP file, decoded by the engine.
  await expect(page.locator('.selected-image')).toContainText('23 × 17 px', { timeout: 90_000 });
  await page.getByRole('button', { name: 'All classes' }).click();
  await expect(tests).toHaveCount(4);
  // intake's unit test compares the other layouts.
  await expect.poll(() => setName(page)).not.toBe('');
  const name = setName(page);
  await page.getByRole('combobox', { name: 'Data set' }).selectOption('fabric');
  await expect(page).toHaveURL(/data=fabric/);
  await app.addFiles([zipFile('set.zip', zip)]);
  await expect.poll(() => setName(page)).toBe(name);
  expect(app.complaints).toEqual([]);
});

test('a few images of a demo set as a zip train at the demo preset and are scored', async ({ page }) => {
  const app = new Playground(page);
  const parts = resolve(import.meta.dirname, '../public/demo/parts');
  const folders = ['train', 'test', 'ground_truth'];
  const few = readdirSync(parts, { recursive: true, encoding: 'utf8' }).filter(
    (path) => folders.includes(path.split(sep)[0]!) && /00[0-3](_mask)?\.\w+$/.test(path),
  );
  const zip = zipSync(
    Object.fromEntries(
      few.map((path) => [`parts/${path.replaceAll(sep, '/')}`, readFileSync(join(parts, path))]),
    ),
  );
  await app.open('v=1&size=64&e1=1&e2=1');
  await app.addFiles([zipFile('parts.zip', Buffer.from(zip))]);
  await expect(app.messages).toContainText('MVTec AD layout: 4 training, 12 test images, 8 masks.');
  // The set has its name once the engine has all its images.
  await expect.poll(() => setName(page), { timeout: 120_000 }).not.toBe('');
  await app.train();
  await app.trained();
  await expect(app.imageAuroc).toContainText(/\d/, { timeout: 120_000 });
  expect(app.complaints).toEqual([]);
});
