// Random and mutated archives: whatever the bytes, the answer is a list within the limits, files of exactly the size stated,
// or an error with a remedy; never an untyped crash.
import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { RemedyError } from '../../errors';
import { Corpus, fuzzSettings, fuzzTimeout, outcomeOf } from '../../../testing/fuzz';
import { ZIP_LIMITS } from '../zip/limits';
import { openTar } from '.';

const LIMITS = { ...ZIP_LIMITS, entries: 50, entryBytes: 2 ** 20, totalBytes: 2 ** 22 };
const TEXT = new TextEncoder().encode('picture '.repeat(20));
const TELLING = [0, 0x20, 0x30, 0x37, 0x4c, 0x67, 0x78, 0x80, 0xff];

const corpus = new Corpus('tar');

async function expectListOrRemedy(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    const { entries, refused } = await openTar(new Blob([bytes]), undefined, LIMITS);
    expect(entries.length + refused.length).toBeLessThanOrEqual(LIMITS.entries);
    for (const { path, size, read } of entries) {
      expect(path).not.toMatch(/(^|\/)\.\.(\/|$)|^\/|\\|\0/);
      expect((await read()).length).toBe(size);
    }
    return refused.length > 0 ? 'in part' : 'ok';
  } catch (error) {
    if (!(error instanceof RemedyError)) throw error;
    return outcomeOf(error);
  }
}

const seedOf = () =>
  packTar([
    ...['a.png', 'b/c.png', `${'long/'.repeat(40)}d.png`].map((name) => ({ header: { name, size: TEXT.length }, body: TEXT })),
    { header: { name: 'e', size: 0, type: 'symlink' as const, linkname: 'a.png' } },
  ]); // prettier-ignore

/** What a changed header needs to be read on: its checksum, in octal. */
function withChecksum(bytes: Uint8Array, at: number): void {
  if (at + 512 > bytes.length) return;
  const header = bytes.subarray(at, at + 512);
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
}

const edits = fc.array(
  fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.oneof(fc.constantFrom(...TELLING), fc.nat(255))),
  { minLength: 1, maxLength: 6 },
); // prettier-ignore

describe('openTar', () => {
  it('takes or refuses what was kept', () => corpus.replay(expectListOrRemedy));

  it('survives changed bytes, with and without right checksums, cut or packed', { timeout: fuzzTimeout(100) }, async () => {
    const seed = new Uint8Array(await seedOf());
    const property = fc.asyncProperty(edits, fc.boolean(), fc.nat(3), async (changes, summed, kind) => {
      const bytes = new Uint8Array(seed);
      for (const [place, value] of changes) bytes[Math.floor(place * bytes.length)] = value;
      if (summed) for (let at = 0; at < bytes.length; at += 512) if (bytes[at + 257] === 0x75) withChecksum(bytes, at);
      const cut = kind === 1 ? bytes.subarray(0, Math.floor(changes[0]![0] * bytes.length)) : bytes;
      await corpus.try(new Uint8Array(kind === 2 ? gzipSync(cut) : cut), expectListOrRemedy);
    });
    await fc.assert(property, fuzzSettings(100));
  }); // prettier-ignore

  it(
    'survives random bytes, and such that call themselves gzip or xz',
    { timeout: fuzzTimeout(100) },
    async () => {
      const heads = fc.constantFrom<number[]>(
        [],
        [0x1f, 0x8b, 8, 0],
        [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4],
      );
      const property = fc.asyncProperty(heads, fc.uint8Array({ maxLength: 1500 }), (head, rest) =>
        corpus.try(Uint8Array.from([...head, ...rest]), expectListOrRemedy),
      );
      await fc.assert(property, fuzzSettings(100));
    },
  );
});
