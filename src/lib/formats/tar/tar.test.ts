// Archives as people make them, and hostile ones: what is kept, what is refused, what ends it.
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { ZIP_LIMITS } from '../zip/limits';
import { TarTooLarge, TarUnreadable } from './errors';
import { isTar, openTar } from '.';

const TEXT = new TextEncoder().encode('picture '.repeat(100));
const file = (name: string, body: Uint8Array = TEXT) => ({
  header: { name, size: body.length, type: 'file' as const },
  body,
});
const tarOf = (...names: string[]) => packTar(names.map((name) => file(name)));
const open = (bytes: Uint8Array, limits = {}) =>
  openTar(new Blob([new Uint8Array(bytes)]), undefined, { ...ZIP_LIMITS, ...limits });

/** "hello" in set/a.png, by `tar c | xz`. */
const XZ = '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AGZdADmZSusjTMpDw5Pmir7qPGfMkOhNk97F22IFc2ruiuwKjVErOQ9G0XmOHvOwBVEDQ8D+8KWvDmG5rHcsJQtZRlxXJlyDL5EEoZxkNmZUsO7N0tRpOU7kLCxqid9+gNnEaVd4ajPBAAAAABTtzH8RbEZnAAGCAYBQAAA10KgsscRn+wIAAAAABFla'; // prettier-ignore

describe('openTar', () => {
  it('lists files, and reads each as often as one likes', async () => {
    for (const bytes of [
      await tarOf('set/a.png', './set/b.png'),
      gzipSync(await tarOf('set/a.png', 'set/b.png')),
    ]) {
      const { entries, refused, notice } = await open(bytes);
      expect(entries.map(({ path, size }) => [path, size])).toEqual([['set/a.png', 800], ['set/b.png', 800]]); // prettier-ignore
      expect([await entries[1]!.read(), await entries[1]!.read()]).toEqual([TEXT, TEXT]);
      expect([refused, notice]).toEqual([[], null]);
    }
  });

  it('unpacks xz', async () => {
    const { entries } = await open(Uint8Array.from(atob(XZ), (sign) => sign.charCodeAt(0)));
    expect(entries.map(({ path }) => path)).toEqual(['set/a.png']);
    expect(new TextDecoder().decode(await entries[0]!.read())).toBe('hello');
  });

  it('finds the unpacker of xz as Node loads it, outside of a bundle', () => {
    const script = "const found = await import('xz-decompress'); console.log(typeof (found.default ?? found).XzReadableStream)"; // prettier-ignore
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(said.trim()).toBe('function');
  });

  it('takes long names', async () => {
    const name = `${'folder/'.repeat(60)}a.png`;
    expect((await open(await tarOf(name))).entries[0]!.path).toBe(name);
  });

  it('refuses links, steps upwards, absolute paths and second files of a name, and goes on', async () => {
    const bytes = await packTar([
      { header: { name: 'link.png', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
      ...['../up.png', '/etc/a.png', 'a.png', 'a.png', 'b.png'].map((name) => file(name)),
      { header: { name: 'folder/', size: 0, type: 'directory' } },
    ]);
    const { entries, refused } = await open(bytes);
    expect(entries.map(({ path }) => path)).toEqual(['a.png', 'b.png']);
    expect(refused.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'link.png: it is a link, not a file',
      '../up.png: its path leads out of the archive',
      '/etc/a.png: its path is absolute',
      'a.png: an earlier file has the same name',
    ]);
  });

  it('keeps what comes before a damage, and says so', async () => {
    const bytes = await tarOf('a.png', 'b.png', 'c.png');
    const cut = await open(bytes.subarray(0, 1536 + 512 + 400));
    expect(cut.entries.map(({ path }) => path)).toEqual(['a.png']);
    expect(cut.notice).toMatch(/damaged after 1 file: the rest is lost/);
    const packed = gzipSync(
      new Uint8Array(await packTar(['a', 'b', 'c'].map((name) => file(name, noise(200_000))))),
    );
    const half = await open(packed.subarray(0, packed.length / 2));
    expect([half.entries.map(({ path }) => path), half.notice === null]).toEqual([['a'], false]);
  });

  it('stops at limits', async () => {
    const bytes = await tarOf('a.png', 'b.png', 'c.png');
    await expect(open(bytes, { entries: 2 })).rejects.toThrow(TarTooLarge);
    await expect(open(bytes, { totalBytes: 2000 })).rejects.toThrow(/more than 0 GB once unpacked/);
    const bomb = gzipSync(await packTar([file('a.png', new Uint8Array(2 ** 20))]));
    await expect(open(bomb, { ratioFromBytes: 2 ** 18, ratio: 10 })).rejects.toThrow(
      /more than 10 times its size/,
    );
    expect((await open(bytes, { entryBytes: 100 })).refused).toHaveLength(3);
  });

  it.each(['', 'no tar at all', '\x1f\x8bno gzip', '\xfd7zXZ\0no xz', '\0'.repeat(1024)])(
    'refuses what is none (%#)',
    async (text) => {
      const bytes = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
      await expect(open(bytes)).rejects.toThrow(TarUnreadable);
    },
  );

  it('is told by its name', () => {
    expect(['a.tar', 'a.TGZ', 'a.tar.gz', 'a.tar.xz', 'a.txz', 'a.gz', 'a.tar.bz2'].map(isTar)).toEqual([
      ...[true, true, true, true, true, false, false],
    ]);
  });
});

/** Bytes that do not pack. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (state * 48271) % 2147483647) & 255);
}
