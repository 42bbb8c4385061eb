// Own images and the model trained on them come back: after a reload, and out of one session file for the page and the
// command line. Trained in either, it scores in the other, to what the page shows.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { untilKept } from './pages/kept';
import { striped } from './pages/pictures';
import { Playground } from './pages/playground';

const PICTURES = ['a', 'b', 'c'].map((name, i) => striped(`${name}.png`, i));
/** The page shows three digits; the adapters of page and command line round differently far below that. */
const SHOWN = 0.006;

test.beforeAll(() => void run('npx', '--no-install', 'vite', 'build', '--ssr', '--logLevel', 'error'));

const run = (command: string, ...words: string[]): string =>
  execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 180_000 });

const grad = (...words: string[]): string => run('node', 'build/cli/main.js', ...words);

/** Scores of images by the command line, by file name. */
function scores(session: string, folder: string): Record<string, number> {
  const { images } = JSON.parse(grad('score', session, folder, '--json', '-')) as {
    images: { path: string; score: number }[];
  };
  return Object.fromEntries(images.map(({ path, score }) => [path.split('/').at(-1)!, score]));
}

/** The same pictures as files, laid out to be trained on. */
function folderOf(root: string): string {
  const folder = join(root, 'train/good');
  mkdirSync(folder, { recursive: true });
  for (const { name, buffer } of PICTURES) writeFileSync(join(folder, name), buffer);
  return root;
}

async function save(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Save or open a session' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Save session \(\d/ }).click();
  await (await downloading).saveAs(path);
}

const asUpload = async (path: string) => ({
  name: 'session.zip',
  mimeType: 'application/zip',
  buffer: await readFile(path),
});

const near = (value: number) => ({ timeout: 90_000, message: `score near ${value}` });

test('trained on the page it is back after a reload, scores on the command line, and opens in a fresh page', async ({
  page,
  browser,
}, info) => {
  const app = new Playground(page);
  const training = page.getByRole('listbox', { name: 'Training images' }).getByRole('option');
  await app.open('v=1&e1=1&e2=1');
  await app.addFiles(PICTURES);
  await expect(training).toHaveCount(PICTURES.length);
  await app.train();
  await app.trained();
  await app.judged();
  await untilKept(page, 'model');
  const before = await app.score();
  expect(before).toBeGreaterThan(0);
  await page.reload();
  await expect(training).toHaveCount(PICTURES.length);
  await expect.poll(() => app.score(), near(before)).toBeCloseTo(before, 2);
  const session = info.outputPath('page.zip');
  await save(page, session);
  const byName = scores(session, folderOf(info.outputPath('data')));
  const expected = byName['a.png']!;
  const off = (score: number) => Math.abs(score - expected) / expected;
  await expect.poll(async () => off(await app.score()), near(expected)).toBeLessThan(SHOWN);

  expect(app.complaints).toEqual([]);
  // One engine at a time on the adapter.
  await page.goto('about:blank');
  const fresh = new Playground(await (await browser.newContext()).newPage());
  await fresh.open();
  await fresh.addFiles([await asUpload(session)]);
  await expect(fresh.messages).toContainText('Opened session.zip', { timeout: 90_000 });
  await expect(fresh.page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(
    3,
  );
  await expect.poll(async () => off(await fresh.score()), near(expected)).toBeLessThan(SHOWN);
  expect(fresh.complaints).toEqual([]);
  await fresh.page.context().close();
});

test('trained on the command line it opens on the page; a flipped byte of it does not', async ({
  page,
}, info) => {
  const session = info.outputPath('cli.zip');
  const data = folderOf(info.outputPath('data'));
  grad('train', '--data', data, '--epochs', '1,1', '--session', session, '--session-images');
  const expected = scores(session, data)['a.png']!;
  const app = new Playground(page);
  await app.open();
  const damaged = await asUpload(session);
  damaged.buffer[damaged.buffer.indexOf('weights.safetensors') + 5000]! ^= 1;
  await app.addFiles([damaged]);
  await expect(app.messages).toContainText('session.zip is damaged');
  await expect(app.verdict).toContainText('ANOMALOUS');
  await app.addFiles([await asUpload(session)]);
  await expect(app.messages).toContainText('Opened session.zip', { timeout: 90_000 });
  const off = async () => Math.abs((await app.score()) - expected) / expected;
  await expect.poll(off, near(expected)).toBeLessThan(SHOWN);
});
