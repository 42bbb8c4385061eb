// Archives as people make them, and as an attacker would: built here byte by byte, so that each lie is one field.
import type { Zippable } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isSessionZip, openZip } from '.';
import { ZIP_LIMITS } from './limits';
import { ZipEntryUnreadable, ZipTooLarge, ZipUnreadable } from './errors';
import { centralAt, zipOf, patch } from './fixtures/zipBytes';

const TEXT = new TextEncoder().encode('a picture, say, a picture, say, a picture');
const open = (bytes: Uint8Array<ArrayBuffer>, limits = {}) =>
  openZip(new Blob([bytes]), { ...ZIP_LIMITS, ...limits });
const reasons = async (bytes: Uint8Array<ArrayBuffer>, limits = {}) =>
  (await open(bytes, limits)).refused.map(({ reason }) => reason);

describe('an ordinary archive', () => {
  it.each([0, 6] as const)('gives each file by its path, packed at level %i', async (level) => {
    const { entries, refused, notice } = await open(zipOf({ 'a/b.png': TEXT, 'c.txt': TEXT }, { level }));
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['a/b.png', TEXT.length],
      ['c.txt', TEXT.length],
    ]);
    expect(await entries[0]!.read()).toEqual(TEXT);
    expect(await entries[0]!.read()).toEqual(TEXT);
    expect([refused, notice]).toEqual([[], null]);
  });

  it('may be empty, hold empty files and folders', async () => {
    expect((await open(zipOf({}))).entries).toEqual([]);
    const { entries } = await open(zipOf({ 'folder/': new Uint8Array(0), empty: new Uint8Array(0) }));
    expect(entries.map(({ path }) => path)).toEqual(['empty']);
    expect(await entries[0]!.read()).toHaveLength(0);
  });

  it('reads pieces only', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.png`, noise]));
    const blob = new Blob([zipOf(files, { level: 0 })]);
    let bytes = 0;
    const source = {
      size: blob.size,
      slice(from: number, to: number) {
        bytes += to - from;
        return blob.slice(from, to);
      },
    };
    const { entries } = await openZip(source);
    await entries[7]!.read();
    expect(bytes).toBeLessThan(blob.size / 10);
  });

  it('may stand behind other bytes, as in a program that unpacks itself', async () => {
    const zip = zipOf({ 'a.png': TEXT, 'b.png': TEXT.subarray(3) });
    const bytes = new Uint8Array(zip.length + 33);
    bytes.set(zip, 33);
    const { entries } = await open(bytes);
    expect(await entries[1]!.read()).toEqual(TEXT.subarray(3));
    expect(await entries[0]!.read()).toEqual(TEXT);
  });

  it('is told from a session by its list', async () => {
    expect(isSessionZip(await open(zipOf({ 'session.json': TEXT, 'images/a.png': TEXT })))).toBe(true);
    expect(isSessionZip(await open(zipOf({ 'set/session.json': TEXT })))).toBe(false);
  });
});

describe('names', () => {
  it('that lead elsewhere are refused, and the rest goes on', async () => {
    const bad = [
      '../up.png',
      'a/../../b.png',
      '/etc/a.png',
      'C:/a.png',
      'c:a.png',
      '..\\a.png',
      '\\\\host\\a.png',
    ];
    const files: Zippable = { 'good.png': TEXT };
    for (const name of bad) files[name] = TEXT;
    const { entries, refused } = await open(zipOf(files));
    expect(entries.map(({ path }) => path)).toEqual(['good.png']);
    expect(refused.map(({ path }) => path)).toEqual(bad);
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(
      new Set(['its path leads out of the archive', 'its path is absolute']),
    );
  });

  it('with control characters or endless ones are refused and shown harmlessly', async () => {
    const long = 'x'.repeat(2000);
    const { refused } = await open(zipOf({ 'a\0.png': TEXT, 'b\u202egnp.exe': TEXT, [long]: TEXT }));
    expect(refused.map(({ path }) => path)).toEqual(['a\ufffd.png', 'b\ufffdgnp.exe', long.slice(0, 120)]);
  });

  it('with Windows separators and needless parts are repaired', async () => {
    const { entries } = await open(zipOf({ './a//b\\c.png': TEXT }));
    expect(entries.map(({ path }) => path)).toEqual(['a/b/c.png']);
  });

  it('that stand twice count once', async () => {
    expect(await reasons(zipOf({ 'a/b': TEXT, 'a//b': TEXT }))).toEqual([
      'an earlier file has the same name',
    ]);
  });
});

describe('a lying archive', () => {
  const two = zipOf({ 'a.png': TEXT, 'b.png': TEXT });

  it('is refused whole without a directory', async () => {
    for (const bytes of [new Uint8Array(0), TEXT, two.slice(0, -30), two.slice(0, 40)]) {
      await expect(open(bytes)).rejects.toThrow(ZipUnreadable);
    }
  });

  it('keeps what comes before the damage in its directory', async () => {
    const { entries, notice } = await open(patch(two, centralAt(two, 1), [0, 0]));
    expect(entries.map(({ path }) => path)).toEqual(['a.png']);
    expect(notice).toMatch(/damaged after 1 file/);
  });

  it('has a wrong checksum in one file only', async () => {
    const { entries } = await open(patch(two, 14, [1, 2, 3, 4], centralAt(two, 0) + 16));
    await expect(entries[0]!.read()).rejects.toThrow(/checksum/);
    expect(await entries[1]!.read()).toEqual(TEXT);
  });

  it('may claim the bytes of all that follow: they are read all the same', async () => {
    const { entries } = await open(patch(two, centralAt(two, 0) + 20, [0xff, 0, 0, 0]));
    await expect(entries[0]!.read()).rejects.toThrow(ZipEntryUnreadable);
    expect(await entries[1]!.read()).toEqual(TEXT);
  });

  it('states fewer bytes than it holds, or more', async () => {
    for (const size of [3, 200]) {
      const { entries } = await open(patch(two, 22, [size, 0, 0, 0], centralAt(two, 0) + 24));
      await expect(entries[0]!.read()).rejects.toThrow(ZipEntryUnreadable);
      expect(await entries[1]!.read()).toEqual(TEXT);
    }
  });

  it('points at nothing, or at the bytes of another file', async () => {
    const nowhere = await open(patch(two, centralAt(two, 0) + 42, [1, 1, 0, 0]));
    await expect(nowhere.entries[0]!.read()).rejects.toThrow(ZipEntryUnreadable);
    const shared = await open(patch(two, centralAt(two, 1) + 42, [0, 0, 0, 0]));
    await shared.entries[0]!.read();
    await expect(shared.entries[1]!.read()).rejects.toThrow(/shares its bytes/);
    expect(await shared.entries[0]!.read()).toEqual(TEXT);
  });

  it('has encrypted files, links, and methods that nothing here unpacks', async () => {
    const at = centralAt(two, 0);
    expect(await reasons(patch(two, at + 8, [1]))).toEqual(['it is encrypted']);
    expect(await reasons(patch(two, at + 10, [12]))).toEqual(['it is packed by a method other than Deflate']);
    const link = zipOf({ 'l.png': [TEXT, { os: 3, attrs: (0o120777 << 16) >>> 0 }] });
    expect(await reasons(link)).toEqual(['it is a link, not a file']);
  });

  it('claims sizes beyond all memory by its 64-bit fields', async () => {
    const at = centralAt(two, 0);
    const huge = patch(two, at + 24, [0xff, 0xff, 0xff, 0xff]);
    const { entries, refused } = await open(huge);
    expect(entries.length + refused.length).toBe(2);
    await expect(Promise.allSettled(entries.map((entry) => entry.read()))).resolves.toMatchObject([
      ...(entries.length > 1 ? [{ status: 'rejected' }] : []),
      { status: 'fulfilled' },
    ]);
  });
});

describe('a bomb', () => {
  it('is refused by its ratio when it is large', async () => {
    const zeros = zipOf({ 'zeros.png': new Uint8Array(20 * 2 ** 20), 'mask.bmp': new Uint8Array(2 ** 20) });
    const { entries, refused } = await open(zeros);
    expect(entries.map(({ path }) => path)).toEqual(['mask.bmp']);
    expect(refused).toEqual([{ path: 'zeros.png', reason: 'it unpacks to more than 200 times its size' }]);
  });

  it('is refused whole by entries, by its list and by what they add up to', async () => {
    const many = zipOf({ a: TEXT, b: TEXT, c: TEXT });
    await expect(open(many, { entries: 2 })).rejects.toThrow(ZipTooLarge);
    await expect(open(many, { totalBytes: 2 * TEXT.length })).rejects.toThrow(ZipTooLarge);
    const long = zipOf(
      Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`${i}`.padStart(60, 'x'), TEXT])),
    );
    await expect(open(long, { directoryBytes: 200_000 })).rejects.toThrow(/list of files/);
  });
});
