// Digests of files, and what is remembered of them from one command to the next.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileUnreadable } from '../errors';
import { mountArchive } from './archive';
import { Digests, sha256Hex } from './digests';

let home = '';
let root = '';
const file = () => join(root, 'a.png');
const kept = () => join(home, 'kept');
/** Long after the files were written: their stamps can be trusted. */
const later = () => Date.now() + 60_000;
const open = (now = later) => Digests.open(root, { folder: kept(), now });

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'grad-digests-'));
  root = join(home, 'data');
  await mkdir(root);
  await writeFile(file(), 'abc');
});
afterEach(() => rm(home, { recursive: true }));

const recordPath = async () => join(kept(), (await readdir(kept()))[0]!);

describe('digests', () => {
  it('are SHA-256 of the bytes', async () => {
    // FIPS 180-2, appendix B.1.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await (await open()).of(file())).toBe(abc);
    expect(sha256Hex('abc')).toBe(abc);
  });

  it('cost no second reading of what has not changed, in this command and in the next', async () => {
    const first = await open();
    const digest = await first.of(file());
    expect(await first.of(file())).toBe(digest);
    expect(first.filesRead).toBe(1);
    await first.save();
    const second = await open();
    expect(await second.of(file())).toBe(digest);
    expect(second.filesRead).toBe(0);
  });

  it('are taken anew when size, dates or the file itself are others', async () => {
    const digests = await open();
    await digests.of(file());
    const { atime, mtime } = await stat(file());
    await writeFile(file(), 'abd');
    await utimes(file(), atime, mtime);
    expect(await digests.of(file())).toBe(sha256Hex('abd'));
    await utimes(file(), 0, 0);
    await digests.of(file());
    expect(digests.filesRead).toBe(3);
  });

  it('trust no stamp that is as young as the reading', async () => {
    const digests = await open(Date.now);
    await digests.of(file());
    await digests.of(file());
    expect(digests.filesRead).toBe(2);
  });

  it('lie under the data, not under its name: a link to it is the same', async () => {
    const digests = await open();
    await digests.of(file());
    await digests.save();
    await symlink(root, join(home, 'link'));
    const linked = await Digests.open(join(home, 'link'), { folder: kept(), now: later });
    await linked.of(join(home, 'link', 'a.png'));
    expect(linked.filesRead).toBe(0);
  });

  it.each([
    ['nothing', () => ''],
    ['half of it', (text: string) => text.slice(0, text.length / 2)],
    ['no record', () => '{"schema": 1, "files": []}'],
    ['another digest', (text: string) => text.replace('ba7816bf', 'ba7816be')],
    ['another data set', (text: string) => text.replace(/"root":"[^"]*"/, '"root":"/elsewhere"')],
  ])('are taken anew when the record is damaged: %s', async (_, damage) => {
    const first = await open();
    await first.of(file());
    await first.save();
    await writeFile(await recordPath(), damage(await readFile(await recordPath(), 'utf8')));
    const second = await open();
    expect(await second.of(file())).toBe(sha256Hex('abc'));
    expect(second.filesRead).toBe(1);
    await second.save();
    const third = await open();
    await third.of(file());
    expect(third.filesRead).toBe(0);
  });

  it('are had where nothing can be kept', async () => {
    await writeFile(kept(), 'a file in the way');
    const digests = await open();
    expect(await digests.of(file())).toBe(sha256Hex('abc'));
    await digests.save();
  });

  it('name what cannot be read', async () => {
    const digests = await open();
    await expect(digests.of(join(root, 'none.png'))).rejects.toThrow(FileUnreadable);
    await expect(digests.of(root)).rejects.toThrow(/no file|EISDIR/);
    if (process.platform === 'win32') return;
    // A pipe reads like an empty file.
    const pipe = join(root, 'pipe.png');
    execFileSync('mkfifo', [pipe]);
    await expect(digests.of(pipe)).rejects.toThrow('no file');
  });
});

describe('digests of files in a zip', () => {
  const zip = () => join(home, 'data.zip');
  const pack = (text: string) =>
    writeFile(
      zip(),
      zipSync({ 'x/a.png': new TextEncoder().encode(text) }, { level: 0, mtime: '2020-01-01' }),
    );

  it('are those of the unpacked bytes, and known again while the zip is the same', async () => {
    await pack('abc');
    await mountArchive(zip());
    const ask = async () => {
      const digests = await Digests.open(zip(), { folder: kept(), now: later });
      const digest = await digests.of(join(zip(), 'x', 'a.png'));
      await digests.save();
      return [digest, digests.filesRead];
    };
    expect(await ask()).toEqual([sha256Hex('abc'), 1]);
    expect(await ask()).toEqual([sha256Hex('abc'), 0]);
    await pack('abd');
    await mountArchive(zip());
    expect(await ask()).toEqual([sha256Hex('abd'), 1]);
  });
});
