import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertTestable, readDataset } from './dataset';
import { FileUnreadable, UnfitData } from '../errors';
import { writeBytes } from './files';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'grad-data-'))));
afterEach(() => rm(folder, { recursive: true }));

const lay = (...paths: string[]) => Promise.all(paths.map((path) => writeBytes(join(folder, path), 'x')));
const read = (limits = {}) => readDataset(folder, { trainLimit: null, testLimit: null, seed: 0, ...limits });

describe('readDataset', () => {
  it('reads the MVTec layout in code-unit order, with masks', async () => {
    await lay(
      'train/good/b.png',
      'train/good/a.png',
      'train/good/B.png',
      'test/good/1.png',
      'test/crack/1.png',
    );
    await lay('ground_truth/crack/1_mask.png');
    const { train, test } = await read();
    expect(train.map(({ path }) => path)).toEqual([
      'train/good/B.png',
      'train/good/a.png',
      'train/good/b.png',
    ]);
    expect(test).toMatchObject([
      {
        path: 'test/crack/1.png',
        label: 1,
        type: 'crack',
        mask: join(folder, 'ground_truth/crack/1_mask.png'),
      },
      { path: 'test/good/1.png', label: 0, type: 'good', mask: null },
    ]);
  });

  it('keeps the types of several categories apart', async () => {
    await lay('nut/train/good/a.png', 'nut/test/bent/a.png', 'cap/train/good/a.png', 'cap/test/bent/a.png');
    expect((await read()).test.map(({ type }) => type)).toEqual(['cap/bent', 'nut/bent']);
  });

  it('limits both splits', async () => {
    await lay(
      ...['a', 'b', 'c', 'd'].flatMap((name) => [`train/good/${name}.png`, `test/crack/${name}.png`]),
    );
    await lay('test/good/a.png');
    const { train, test } = await read({ trainLimit: 2, testLimit: 3 });
    expect(train).toHaveLength(2);
    expect(test.map(({ type }) => type)).toEqual(['crack', 'crack', 'good']);
  });

  it('says what was left out, one line a reason', async () => {
    await lay('train/good/a.png', 'notes.txt', 'more.txt', 'train/good/b.heic');
    const { notices } = await read();
    expect(notices).toContain('left out more.txt and 1 more: not an image');
    expect(notices.join()).toContain('b.heic');
  });

  it('refuses a folder that is not there, is empty, or has nothing to train on', async () => {
    await expect(
      readDataset(join(folder, 'none'), { trainLimit: null, testLimit: null, seed: 0 }),
    ).rejects.toThrow(FileUnreadable);
    await expect(read()).rejects.toThrow('has no images.');
    await lay('notes.txt');
    await expect(read()).rejects.toThrow('has no images (1 other files).');
    await lay('test/good/1.png');
    await expect(read()).rejects.toThrow('has no images that are known to be normal');
    await lay('train/bad/1.png');
    await expect(read()).rejects.toThrow(UnfitData);
  });

  it('refuses to evaluate without test images', async () => {
    await lay('train/good/a.png');
    const dataset = await read();
    expect(() => assertTestable(folder, dataset)).toThrow(UnfitData);
  });
});
