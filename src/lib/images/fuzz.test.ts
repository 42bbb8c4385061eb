// Random and mutated files: whatever the bytes, the answer is a picture of the size that the header gave or an
// error with a remedy; never an untyped crash, never a hang (the test's own time limit).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RemedyError } from '../errors';
import { Corpus, fuzzSettings, fuzzTimeout, outcomeOf } from '../../testing/fuzz';
import { decodeImage, decodeMask } from './decode';
import { concat, dataChunk, headerChunk, pngChunk, pngFile } from './fixtures/build';
import { fixture } from './fixtures/read';
import { readOrientation } from './exif';
import { imageInfo } from './imageInfo';

const corpus = new Corpus('images');
const SEEDS = [
  'rgb8.png',
  'palette2Interlaced.png',
  'progressive.jpg',
  'orientation6.jpg',
  'lossy.webp',
  'alpha.webp',
];
/** Larger claims than this are skipped: decoding them is right, but slow. */
const MAX_PIXELS = 2 ** 20;

async function pictureOrRemedy(bytes: Uint8Array): Promise<string> {
  try {
    const { width, height } = imageInfo(bytes);
    if (width * height > MAX_PIXELS) return 'large';
    const { image } = await decodeImage(bytes);
    expect(image.data.length).toBe(3 * image.width * image.height);
    expect(image.width * image.height).toBe(width * height);
    const { mask } = await decodeMask(bytes);
    expect(mask.data.every((value) => value <= 1)).toBe(true);
    return 'ok';
  } catch (error) {
    if (!(error instanceof RemedyError)) throw error;
    return outcomeOf(error);
  }
}

const expectPictureOrRemedy = (bytes: Uint8Array) => corpus.try(new Uint8Array(bytes), pictureOrRemedy);

const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
  minLength: 1,
  maxLength: 8,
});

describe('decodeImage', { timeout: fuzzTimeout(400) }, () => {
  it('takes or refuses what was kept', () => corpus.replay(pictureOrRemedy));

  it('survives random bytes', async () => {
    const anyBytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(fc.asyncProperty(anyBytes, expectPictureOrRemedy), fuzzSettings(300));
  });

  it('survives random bytes after each signature', async () => {
    const starts = SEEDS.map((name) => fixture(name).subarray(0, 16));
    const files = fc.tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }));
    const property = fc.asyncProperty(files, ([start, rest]) => expectPictureOrRemedy(concat(start, rest)));
    await fc.assert(property, fuzzSettings(300));
  });

  it.each(SEEDS)('survives changed bytes in %s', async (name) => {
    const property = fc.asyncProperty(edits, fc.nat(40), async (changes, cut) => {
      const file = fixture(name);
      for (const [place, value] of changes) file[Math.floor(place * file.length)] = value;
      await expectPictureOrRemedy(file.subarray(0, file.length - Math.max(0, cut - 30)));
    });
    await fc.assert(property, fuzzSettings(120));
  });

  it('survives PNG chunks of any content with right checksums', async () => {
    const header = fc.record({
      width: fc.integer({ min: 0, max: 40 }),
      height: fc.integer({ min: 0, max: 40 }),
      depth: fc.constantFrom(1, 2, 4, 8, 16, 3),
      colorType: fc.constantFrom(0, 2, 3, 4, 6, 5),
      interlace: fc.constantFrom(0, 1, 2),
    });
    const types = fc.constantFrom('PLTE', 'tRNS', 'eXIf', 'acTL', 'IDAT', 'iCCP', 'IHDR');
    const chunks = fc.array(fc.tuple(types, fc.uint8Array({ maxLength: 60 })), { maxLength: 4 });
    const property = fc.asyncProperty(
      header,
      chunks,
      fc.uint8Array({ maxLength: 900 }),
      (fields, extra, lines) =>
        expectPictureOrRemedy(
          pngFile(
            headerChunk(fields),
            ...extra.map(([type, data]) => pngChunk(type, data)),
            dataChunk(lines),
          ),
        ),
    );
    await fc.assert(property, fuzzSettings(400));
  });
});

describe('readOrientation', () => {
  it('gives 1 to 8 for any block', () => {
    const start = fc.constantFrom([0x49, 0x49, 42, 0, 8, 0, 0, 0], [0x4d, 0x4d, 0, 42, 0, 0, 0, 8], []);
    const property = fc.property(start, fc.uint8Array({ maxLength: 60 }), (tiff, rest) => {
      const orientation = readOrientation(concat(Uint8Array.from(tiff), rest));
      expect(orientation).toBeGreaterThanOrEqual(1);
      expect(orientation).toBeLessThanOrEqual(8);
    });
    fc.assert(property, fuzzSettings(500));
  });
});
