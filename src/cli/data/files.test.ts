import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileUnreadable, FileUnwritable, UnfitData } from '../errors';
import { assertWritable } from '../output/targets';
import { TooLarge } from '../../lib/images/errors';
import { encodePng } from '../../lib/formats/png';
import { openSession } from '../session';
import { mountArchive } from './archive';
import { imageFilesIn } from './imagesToScore';
import { laterBytes, listFolder, readBytes, writeBytes } from './files';

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
    await expect(listFolder(join(folder, 'none'))).rejects.toThrow(FileUnreadable);
  });

  it('lists files in code-unit order with forward slashes', async () => {
    await mkdir(join(folder, 'b'));
    for (const name of ['b/1', 'B', 'a10', 'a9']) await writeFile(join(folder, name), '');
    expect(await listFolder(folder)).toEqual({ paths: ['B', 'a10', 'a9', 'b/1'], notices: [] });
  });

  it('finds the images in files and folders, each once', async () => {
    await mkdir(join(folder, 'new'));
    for (const name of ['new/b.PNG', 'new/a.jpg', 'new/notes.txt']) await writeFile(join(folder, name), '');
    const [a, b] = [join(folder, 'new/a.jpg'), join(folder, 'new/b.PNG')];
    expect((await imageFilesIn([join(folder, 'new'), a])).paths).toEqual([a, b]);
    await mkdir(join(folder, 'empty'));
    await expect(imageFilesIn([join(folder, 'empty')])).rejects.toThrow(UnfitData);
    await expect(imageFilesIn([join(folder, 'none.png')])).rejects.toThrow(FileUnreadable);
  });

  it('leaves masks out of what a folder holds to score, and says so', async () => {
    const names = ['a/test/bad/0.png', 'a/ground_truth/bad/0_mask.png', 'b/1.png', 'b/1_GT.png', 'b/2.png', 'b/2_GT.png', 'c/x_mask.png']; // prettier-ignore
    const pictures = names.map((name) => join(folder, name));
    for (const path of pictures)
      await writeBytes(path, encodePng({ width: 1, height: 1, data: new Uint8Array(3) }));
    const { paths, notices } = await imageFilesIn(['a', 'b', 'c'].map((name) => join(folder, name)));
    // What is masks by their names alone is images all the same; and so is what is named itself.
    expect(paths).toEqual([pictures[0], pictures[2], pictures[4], pictures[6]]);
    expect(notices.map((notice) => notice.slice(folder.length))).toEqual([
      expect.stringMatching(/^.a: left out ground_truth.bad.0_mask\.png, masks or copies/),
      expect.stringMatching(/^.b: left out 2 files such as 1_GT\.png/),
    ]);
    expect((await imageFilesIn([pictures[3]!])).paths).toEqual([pictures[3]]);
  });

  it.skipIf(process.platform === 'win32')('takes regular files only, and says what is left out', async () => {
    const at = (name: string) => join(folder, name);
    for (const name of ['pipe.png', 'pipe2.png']) execFileSync('mkfifo', [at(name)]);
    const server = createServer().listen(at('socket.png'));
    await once(server, 'listening');
    await writeFile(at('a.png'), 'image');
    await mkdir(at('sub'));
    for (const [target, name] of [['a.png', 'link.png'], ['pipe.png', 'pipe3.png'], ['/dev/zero', 'zero.png'], ['gone', 'lost.png'], ['sub', 'again']] as const) await symlink(target, at(name)); // prettier-ignore
    const { paths, notices } = await imageFilesIn([folder]);
    expect(paths).toEqual([at('a.png'), at('link.png')]);
    expect(notices.sort()).toEqual([
      'left out again: it is a link to a folder, and those are not followed',
      'left out lost.png: it is a link to nothing',
      'left out pipe.png and 4 more: it is a pipe, a socket or a device',
    ]);
    // Named themselves, they are refused and not waited for.
    for (const name of ['pipe.png', 'socket.png', 'zero.png', 'pipe3.png']) {
      await expect(readBytes(at(name))).rejects.toThrow(FileUnreadable);
      await expect(laterBytes(at(name))).rejects.toThrow(FileUnreadable);
      await expect(openSession(at(name))).rejects.toThrow(FileUnreadable);
    }
    await symlink('pipe.png', at('pipe.zip'));
    await expect(mountArchive(at('pipe.zip'))).rejects.toThrow(FileUnreadable);
    server.close();
  });

  it('reads what is read later only then, and refuses at once what is too large', async () => {
    await writeFile(join(folder, 'a.png'), 'image');
    const later = await laterBytes(join(folder, 'a.png'));
    expect([later.size, await later.text()]).toEqual([5, 'image']);
    await truncate(join(folder, 'a.png'), 2 ** 38);
    await expect(laterBytes(join(folder, 'a.png'))).rejects.toThrow(TooLarge);
    // It is not the file it was.
    await expect(later.arrayBuffer()).rejects.toThrow();
  });
});
