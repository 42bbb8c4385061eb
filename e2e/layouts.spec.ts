// Every layout as a zip, some as folders, dropped and chosen: recognised, named back, sides counted. Small generated trees;
// nothing is trained.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { zipSync } from 'fflate';
import { LAYOUT_TREES, type LayoutTree } from '../src/lib/datasets/fixtures/layoutTrees';
import { lay, png, treeNamed, zipFile } from './pages/layoutFiles';
import { Playground } from './pages/playground';
import { test } from './pages/sleepingEngine';

let root = '';
test.beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'grad-layout-'))));
test.afterEach(() => rmSync(root, { recursive: true }));

/** What differs between the ways is how paths arrive, and not what is made of them. */
const SOME = LAYOUT_TREES.slice(0, 3);

type Way = [string, readonly LayoutTree[], (app: Playground, tree: LayoutTree) => Promise<void>];
const WAYS: Way[] = [
  [
    'some layouts are recognised as a chosen folder',
    SOME,
    (app, tree) => app.addFolder(lay(join(root, tree.name), tree).folder),
  ],
  [
    'some layouts are recognised as a dropped folder',
    SOME,
    (app, tree) => app.dropFolder(lay(join(root, tree.name), tree).folder),
  ],
  [
    'every layout is recognised as a zip',
    LAYOUT_TREES,
    (app, tree) => app.addFiles([zipFile('set.zip', lay(join(root, tree.name), tree).zip)]),
  ],
];

for (const [title, trees, add] of WAYS) {
  test(`${title}, and named back`, async ({ page }) => {
    const app = new Playground(page);
    await app.open();
    for (const tree of trees) {
      await test.step(tree.name, async () => {
        // The bundled set between two of one's own: these would be added to each other.
        await page.getByRole('combobox', { name: 'Data set' }).selectOption('parts');
        await expect(app.heading('Train')).toContainText('24 normal');
        await add(app, tree);
        await expect(app.messages).toContainText(tree.summary);
        await expect(app.heading('Train')).toContainText(`${tree.train} normal`);
        await expect(app.heading('Test')).toContainText(`${tree.test} image`);
        await expect(app.refused).toHaveCount(0);
      });
    }
    expect(app.complaints).toEqual([]);
  });
}

test('what the names leave open is asked, shown as a table, and said otherwise by keyboard', async ({
  page,
}) => {
  const numbered = (folder: string) => Array.from({ length: 5 }, (_, i) => `${folder}/${i}.png`);
  const { folder } = lay(root, { paths: [...numbered('good'), ...numbered('odd'), ...numbered('more')] });
  const app = new Playground(page);
  await app.open();
  await app.dropFolder(folder);
  const dialog = page.getByRole('dialog', { name: 'How these files are read' });
  await expect(dialog.getByRole('listitem')).toContainText(
    '10 images in set/more, set/odd are taken as anomalous',
  );
  await expect(dialog.getByRole('img')).toHaveCount(10);
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  const odd = dialog.getByRole('combobox', { name: 'What set/odd holds' });
  await odd.selectOption('Left out');
  await expect(dialog.getByRole('listitem')).toContainText('5 images in set/more');
  await odd.selectOption('As names and masks say');
  await expect(dialog.getByRole('listitem')).toContainText('10 images in set/more, set/odd');
  await odd.selectOption('Left out');
  await expect(dialog.getByRole('listitem')).toContainText('5 images in set/more');
  await dialog.getByRole('combobox', { name: 'What set/more holds' }).focus();
  await page.keyboard.press('Home');
  await expect(dialog.getByRole('listitem')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Load' }).press('Enter');
  await expect(app.heading('Train')).toContainText('10 normal');
  await page.getByRole('button', { name: 'How these files were read' }).click();
  await dialog.getByRole('combobox', { name: 'What set/more holds' }).selectOption('Anomalous, to test');
  await dialog.getByRole('button', { name: 'Load' }).click();
  await expect(app.heading('Train')).toContainText('4 normal');
  await expect(app.heading('Test')).toContainText('6 images');
  expect(app.complaints).toEqual([]);
});

test('a second set is asked about, stands beside the first, and both are chosen like bundled ones', async ({
  page,
}) => {
  const app = new Playground(page);
  await app.open();
  const packed = (name: string, images: number) => {
    const paths = Array.from({ length: images }, (_, i) => `${name}/train/good/${i}.png`);
    const files = Object.fromEntries([...paths, `${name}/test/dent/0.png`].map((path) => [path, png()]));
    return zipFile(`${name}.zip`, Buffer.from(zipSync(files)));
  };
  await app.addFiles([packed('bolt', 3)]);
  const sets = page.getByRole('combobox', { name: 'Data set' });
  const chosen = sets.locator('option:checked');
  await expect(chosen).toHaveText('bolt');
  await app.addFiles([packed('nut', 2)]);
  const dialog = page.getByRole('dialog', { name: 'Where do these images go?' });
  await expect(dialog).toContainText('nut has 3 images. On screen is bolt, with 4 images.');
  await expect(dialog).toContainText('3 of them are on screen already');
  const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await dialog.getByRole('button', { name: 'New set beside it' }).press('Enter');
  await expect(chosen).toHaveText('nut');
  await expect(app.heading('Train')).toContainText('2 normal');
  await sets.selectOption('bolt (4)');
  await expect(app.heading('Train')).toContainText('3 normal');
  await page.getByRole('button', { name: 'Remove this set' }).click();
  await expect(chosen).toHaveText('nut');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(chosen).toHaveText('bolt');
  await expect(sets.getByRole('option')).toContainText(['bolt', 'nut (3)']);
  expect(app.complaints).toEqual([]);
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
  await app.addFolder(lay(root, treeNamed('training and test folders')).folder);
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
