// Random and mutated archives: whatever the bytes, the answer is a list within the limits, files of exactly the size
// stated, or an error with a remedy; never an untyped crash, never a second of waiting.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RemedyError } from '../../errors';
import { Corpus, fuzzSettings, fuzzTimeout, outcomeOf } from '../../../testing/fuzz';
import { zipOf } from './fixtures/zipBytes';
import { openZip } from '.';
import { ZIP_LIMITS } from './limits';

const LIMITS = { ...ZIP_LIMITS, entries: 50, entryBytes: 2 ** 20, totalBytes: 2 ** 22 };
const TEXT = new TextEncoder().encode('picture '.repeat(20));
const SEEDS = [
  zipOf({ 'a.png': TEXT, 'b/c.png': TEXT }),
  zipOf({ 'a.png': TEXT, 'b/c.png': TEXT, 'd/': new Uint8Array(0) }, { level: 0 }),
  zipOf(Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`test/dent/${i}.png`, TEXT.subarray(i)]))),
];
/** Bytes that mean something to a reader of zips: signatures, extremes, flags. */
const TELLING = [0x50, 0x4b, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0x7f, 0x80, 0xff];

/** Processor time of the slowest input, in microseconds: the clock on the wall also measures what else the machine does. */
let slowest = 0;
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
afterAll(() => expect(slowest).toBeLessThan(1e6));

const corpus = new Corpus('zip');

async function expectListOrRemedy(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const start = processorTime();
  const outcomes = new Set<string>();
  try {
    const { entries, refused } = await openZip(new Blob([bytes]), LIMITS);
    expect(entries.length + refused.length).toBeLessThanOrEqual(LIMITS.entries);
    for (const entry of entries) outcomes.add(await expectBytesOrRemedy(entry));
  } catch (error) {
    if (!(error instanceof RemedyError)) throw error;
    outcomes.add(outcomeOf(error));
  }
  slowest = Math.max(slowest, processorTime() - start);
  return [...outcomes].sort().join();
}

async function expectBytesOrRemedy({
  path,
  size,
  read,
}: Awaited<ReturnType<typeof openZip>>['entries'][number]) {
  expect(path).not.toMatch(/(^|\/)\.\.(\/|$)|^\/|\\|\0/);
  try {
    expect((await read()).length).toBe(size);
    return 'ok';
  } catch (error) {
    if (!(error instanceof RemedyError)) throw error;
    return outcomeOf(error);
  }
}

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const value = fc.oneof(fc.constantFrom(...TELLING), fc.nat(255));

describe('openZip', () => {
  it('takes or refuses what was kept', () => corpus.replay(expectListOrRemedy));

  it('survives random bytes, with and without an end record', { timeout: fuzzTimeout(150) }, async () => {
    const end = zipOf({});
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, ended) =>
      corpus.try(new Uint8Array(ended ? [...bytes, ...end] : bytes), expectListOrRemedy),
    );
    await fc.assert(property, fuzzSettings(150));
  });

  it('survives changed bytes, cuts and repeats', { timeout: fuzzTimeout(400) }, async () => {
    const edits = fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 6 });
    const cuts = fc.option(fc.tuple(place, place), { freq: 4 });
    const property = fc.asyncProperty(fc.constantFrom(...SEEDS), edits, cuts, (seed, changes, cut) => {
      let bytes = seed.slice();
      for (const [at, byte] of changes) bytes[Math.floor(at * bytes.length)] = byte;
      if (cut) {
        const [from, to] = cut.map((at) => Math.floor(at * bytes.length)) as [number, number];
        bytes = new Uint8Array([...bytes.subarray(0, from), ...bytes.subarray(to)]);
      }
      return corpus.try(bytes, expectListOrRemedy);
    });
    await fc.assert(property, fuzzSettings(400));
  });

  it('survives any fields in the directory', { timeout: fuzzTimeout(400) }, async () => {
    // Offsets of the fields in a record of the central directory (APPNOTE 4.3.12), and in the end record (4.3.16).
    const fields = fc.constantFrom(4, 6, 8, 10, 16, 20, 24, 28, 30, 32, 34, 38, 42);
    const writes = fc.array(fc.tuple(fields, value, value, value, value), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(
      fc.constantFrom(...SEEDS),
      fc.nat(11),
      writes,
      (seed, record, changes) => {
        const bytes = seed.slice();
        const starts = recordsOf(bytes);
        const start = starts[record % starts.length]!;
        for (const [field, ...data] of changes)
          data.forEach((byte, i) => start + field + i < bytes.length && (bytes[start + field + i] = byte));
        return corpus.try(bytes, expectListOrRemedy);
      },
    );
    await fc.assert(property, fuzzSettings(400));
  });
});

/** Where records of the directory begin, the end record included. */
function recordsOf(bytes: Uint8Array): number[] {
  const at = (i: number) => bytes[i] === 0x50 && bytes[i + 1] === 0x4b;
  return Array.from(bytes.keys()).filter((i) => at(i) && (bytes[i + 2] === 1 || bytes[i + 2] === 5));
}
