import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patch, centralAt, zipOf } from '../../lib/formats/zip/fixtures/zipBytes';
import { readDataset, readImageFile } from './dataset';
import { FileUnreadable, UnfitData } from '../errors';
import { imageFilesIn } from './imagesToScore';
import { readBytes, writeBytes } from './files';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'grad-zip-'))));
afterEach(() => rm(folder, { recursive: true }));

const byte = (value: number) => Uint8Array.of(value);
const LIMITS = { trainLimit: null, testLimit: null, seed: 0 };
const FILES = {
  'set/train/good/a.png': byte(1),
  'set/test/dent/a.png': byte(2),
  'set/ground_truth/dent/a_mask.png': byte(3),
  '__MACOSX/set/train/good/._a.png': byte(4),
};

describe('a zip as the data', () => {
  it('reads as its folder would', async () => {
    const zip = join(folder, 'set.zip');
    await writeBytes(zip, zipOf(FILES));
    const { train, test, notices } = await readDataset(zip, LIMITS);
    expect([train, test].map(([image]) => image!.path)).toEqual([
      'set/train/good/a.png',
      'set/test/dent/a.png',
    ]);
    expect(notices[0]).toBe('MVTec AD layout: 1 training, 1 test image, 1 mask.');
    expect(new Uint8Array(await readBytes(test[0]!.mask!))).toEqual(byte(3));
    expect((await imageFilesIn([zip])).paths).toContain(join(zip, 'set/test/dent/a.png'));
  });

  it('may be a tar, packed or not', async () => {
    const tar = await packTar(
      Object.entries(FILES).map(([name, body]) => ({ header: { name, size: body.length }, body })),
    );
    for (const [name, bytes] of [
      ['set.tar', tar],
      ['set.tar.gz', gzipSync(tar)],
    ] as const) {
      await writeBytes(join(folder, name), bytes);
      const { test, notices } = await readDataset(join(folder, name), LIMITS);
      expect(notices[0]).toBe('MVTec AD layout: 1 training, 1 test image, 1 mask.');
      expect(new Uint8Array(await readBytes(test[0]!.mask!))).toEqual(byte(3));
      expect(new Uint8Array(await readBytes(test[0]!.file))).toEqual(byte(2));
    }
  });

  it('names what it refuses, and the file that cannot be unpacked', async () => {
    const zip = join(folder, 'set.zip');
    const bytes = zipOf({ ...FILES, '../up.png': byte(5) });
    await writeBytes(zip, patch(bytes, centralAt(bytes, 0) + 16, [9, 9, 9, 9]));
    const { train, notices } = await readDataset(zip, LIMITS);
    expect(notices.join()).toContain('left out ../up.png: its path leads out of the archive');
    await expect(readBytes(train[0]!.file)).rejects.toThrow(FileUnreadable);
    const { bytes: later } = await readImageFile(train[0]!);
    await expect((later as Blob).arrayBuffer()).rejects.toThrow(/two different ways/);
  });

  it('is refused when it is a session', async () => {
    const zip = join(folder, 'session.zip');
    await writeBytes(zip, zipOf({ 'session.json': byte(1) }));
    await expect(readDataset(zip, LIMITS)).rejects.toThrow(UnfitData);
  });
});
