// Every layout as a folder and as a zip: recognised, named back, sides counted, and one name for both. Small generated
// trees; only a few images of a demo set go all the way, from a zip to figures.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { bmpFile } from '../src/lib/images/fixtures/bmp';
import { LAYOUT_TREES, type LayoutTree } from '../src/lib/datasets/fixtures/layoutTrees';
import { Playground } from './pages/playground';

const WIDTH = 23;
const HEIGHT = 17;
const JPEG = readFileSync(resolve(import.meta.dirname, '../src/lib/images/fixtures/baseline420.jpg'));

const pixels = (value: number) =>
  Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i % 7 ? value : 255));
const png = () => encode({ width: WIDTH, height: HEIGHT, channels: 3, data: pixels(90) });

type Tree = Pick<LayoutTree, 'paths' | 'tables'>;

function contentOf(path: string, { tables }: Tree): Uint8Array {
  if (tables?.[path]) return new TextEncoder().encode(tables[path]);
  if (/\.jpe?g$/i.test(path)) return JPEG;
  return /\.bmp$/i.test(path) ? bmpFile({ width: WIDTH, height: HEIGHT, pixels: pixels(90) }) : png();
}

/** The tree on disk and as a zip of the same folder. */
function lay(root: string, tree: Tree): { folder: string; zip: Buffer } {
  const files = Object.fromEntries(tree.paths.map((path) => [`set/${path}`, contentOf(path, tree)]));
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  return { folder: join(root, 'set'), zip: Buffer.from(zipSync(files)) };
}

let root = '';
test.beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'grad-layout-'))));
test.afterEach(() => rmSync(root, { recursive: true }));

for (const tree of LAYOUT_TREES) {
  test(`${tree.name}: a folder and its zip are the same set, named back`, async ({ page }) => {
    const app = new Playground(page);
    const { folder, zip } = lay(root, tree);
    const names = [];
    for (const add of [() => app.addFolder(folder), () => app.addFiles([zipFile('set.zip', zip)])]) {
      await app.open();
      await add();
      await expect(app.messages).toContainText(tree.summary);
      await expect(app.heading('Train')).toContainText(`${tree.train} normal`);
      await expect(app.heading('Test')).toContainText(`${tree.test} image`);
      await expect(app.refused).toHaveCount(0);
      // The name waits for the engine; state/intake.test.ts compares the other layouts.
      if (tree.layout === 'btad') await expect.poll(() => setName(page)).not.toBe('');
      names.push(setName(page));
      await page.goto('about:blank');
    }
    expect(names[0]).toBe(names[1]);
    expect(app.complaints).toEqual([]);
  });
}

const zipFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/zip', buffer });
/** As the address has it: a digest of names and sizes. */
const setName = (page: Page) => /own-[0-9a-f]{8}/.exec(page.url())?.[0] ?? '';

test('a set of several classes is shown class by class', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await app.addFolder(
    lay(
      root,
      LAYOUT_TREES.find(({ name }) => name === 'BTAD')!,
    ).folder,
  );
  const tests = page.getByRole('listbox', { name: 'Test images' }).getByRole('option');
  await expect(tests).toHaveCount(4);
  await page.getByRole('button', { name: '02' }).click();
  await expect(tests).toHaveCount(2);
  await tests.first().click();
  // A BMP file, decoded by the engine.
  await expect(page.locator('.selected-image')).toContainText('23 × 17 px', { timeout: 90_000 });
  await page.getByRole('button', { name: 'All classes' }).click();
  await expect(tests).toHaveCount(4);
});

test('a hostile zip gives one line a fault, and what is good in it is taken', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  const zip = zipSync({
    'good.png': png(),
    '../up.png': png(),
    '/etc/passwd.png': png(),
    'more.zip': zipSync({ 'a.png': png() }),
    'bomb.png': new Uint8Array(20 * 2 ** 20),
    '__MACOSX/._good.png': png(),
    ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`notes/${i}.txt`, Uint8Array.of(65)])),
  });
  await app.addFiles([
    zipFile('set.zip', Buffer.from(zip)),
    zipFile('cut.zip', Buffer.from(zip.subarray(0, 300))),
  ]);
  await expect(app.heading('Train')).toContainText('1 normal');
  await expect(app.refused.getByRole('listitem')).toHaveCount(6);
  for (const text of [
    'leads out of',
    'absolute',
    'an archive within',
    '200 times',
    'cut.zip',
    '499 more: Not an image',
  ])
    await expect(app.refused).toContainText(new RegExp(text, 'i'));
  expect(app.complaints).toEqual([]);
});

test('several images are picked, moved, labelled, removed, and each can be undone', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await app.addFolder(
    lay(
      root,
      LAYOUT_TREES.find(({ name }) => name === 'training and test folders')!,
    ).folder,
  );
  const side = (name: string) => page.getByRole('listbox', { name }).getByRole('option');
  const [train, tests] = [side('Training images'), side('Test images')];
  const undo = () => page.getByRole('button', { name: 'Undo' }).last().click();
  await tests.first().click();
  await tests.last().click({ modifiers: ['Shift'] });
  const picked = page.getByRole('group', { name: 'Selected images' });
  await expect(picked).toContainText('2 images selected');
  await picked.getByRole('button', { name: 'To train' }).click();
  await expect(train).toHaveCount(4);
  await undo();
  await expect(tests).toHaveCount(2);
  await picked.getByRole('combobox').selectOption({ label: 'Defect' });
  await expect(tests.first()).toHaveAccessibleName(/unknown/);
  await undo();
  await expect(tests.first()).toHaveAccessibleName(/not labelled/);
  await page.getByRole('listbox', { name: 'Test images' }).press('Delete');
  await expect(tests).toHaveCount(0);
  await undo();
  await expect(tests).toHaveCount(2);
  await page.getByRole('listbox', { name: 'Test images' }).press('Control+a');
  await expect(picked).toContainText('2 images selected');
  await page.getByRole('listbox', { name: 'Test images' }).press('Escape');
  await expect(picked).toHaveCount(0);
});

test('a set of many images, dropped as a folder, is recognised whole', async ({ page }) => {
  const numbered = (count: number, path: (n: string) => string) =>
    Array.from({ length: count }, (_, i) => path(String(i).padStart(3, '0')));
  const { folder } = lay(root, {
    paths: [
      ...numbered(120, (n) => `train/good/${n}.png`),
      ...numbered(30, (n) => `test/good/${n}.png`),
      ...numbered(50, (n) => `test/crack/${n}.png`),
      ...numbered(50, (n) => `ground_truth/crack/${n}_mask.png`),
    ],
  });
  const app = new Playground(page);
  await app.open();
  await app.dropFolder(folder);
  await expect(app.messages).toContainText('MVTec AD layout: 120 training, 80 test images, 50 masks.');
  await expect(app.heading('Train')).toContainText('120 normal');
  await expect(app.heading('Test')).toContainText('80 images');
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
  await app.open('v=1&e1=1&e2=1');
  await app.live();
  await app.addFiles([zipFile('parts.zip', Buffer.from(zip))]);
  await expect(app.messages).toContainText('MVTec AD layout: 4 training, 12 test images, 8 masks.');
  // The set has its name once the engine has all its images.
  await expect.poll(() => setName(page), { timeout: 120_000 }).not.toBe('');
  await app.train();
  await app.trained();
  await expect(app.imageAuroc).toContainText(/\d/, { timeout: 120_000 });
  expect(app.complaints).toEqual([]);
});
