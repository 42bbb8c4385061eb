import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileUnreadable, FileUnwritable, UnfitData } from '../errors';
import { assertWritable } from '../output/targets';
import { imageFilesIn, listFiles, readBytes, writeBytes } from './files';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'grad-files-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('files', () => {
  it('reads exactly the bytes of a file', async () => {
    await writeBytes(join(folder, 'deep/er/a.bin'), Uint8Array.of(1, 2, 3));
    expect(new Uint8Array(await readBytes(join(folder, 'deep/er/a.bin')))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('says which file it could not read or write', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(readBytes(join(folder, 'none'))).rejects.toThrow(FileUnreadable);
    await expect(writeBytes(join(folder, 'file/below'), '')).rejects.toThrow(FileUnwritable);
    await expect(assertWritable(join(folder, 'file/below'))).rejects.toThrow(FileUnwritable);
    await expect(listFiles(join(folder, 'none'))).rejects.toThrow(FileUnreadable);
  });

  it('lists files in code-unit order with forward slashes', async () => {
    await mkdir(join(folder, 'b'));
    for (const name of ['b/1', 'B', 'a10', 'a9']) await writeFile(join(folder, name), '');
    expect(await listFiles(folder)).toEqual(['B', 'a10', 'a9', 'b/1']);
  });

  it('finds the images in files and folders, each once', async () => {
    await mkdir(join(folder, 'new'));
    for (const name of ['new/b.PNG', 'new/a.jpg', 'new/notes.txt']) await writeFile(join(folder, name), '');
    const [a, b] = [join(folder, 'new/a.jpg'), join(folder, 'new/b.PNG')];
    expect(await imageFilesIn([join(folder, 'new'), a])).toEqual([a, b]);
    await mkdir(join(folder, 'empty'));
    await expect(imageFilesIn([join(folder, 'empty')])).rejects.toThrow(UnfitData);
    await expect(imageFilesIn([join(folder, 'none.png')])).rejects.toThrow(FileUnreadable);
  });
});
