// TIFFs as tifffile and Pillow (libtiff) write them, of a picture whose values are known by formula; then what no encoder writes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RemedyError } from '../../errors';
import { decodeImage, decodeMask } from '../decode';
import { Corpus, fuzzSettings, fuzzTimeout, outcomeOf } from '../../../testing/fuzz';
import { fixture } from '../fixtures/read';
import { imageInfo } from '../imageInfo';

const WIDTH = 37;
const HEIGHT = 23;
const grid = (value: (x: number, y: number) => number): number[] =>
  Array.from({ length: WIDTH * HEIGHT }, (_, i) => value(i % WIDTH, Math.floor(i / WIDTH)));
const GREY8 = grid((x, y) => (7 * x + 11 * y) % 256);
const GREY16 = grid((x, y) => (1733 * x + 911 * y) % 65536);

const tiff = (name: string) => fixture(`tiff/${name}.tif`);
const decode = async (name: string) => decodeImage(tiff(name));
/** One channel. */
const channel = (data: ArrayLike<number>, at: number): number[] =>
  Array.from({ length: data.length / 3 }, (_, i) => data[3 * i + at]!);

describe('a TIFF of eight bits', () => {
  it('in strips is read as it is', async () => {
    const { image, deep, notices } = await decode('grey8');
    expect(deep).toBeNull();
    expect(notices).toEqual([]);
    for (const at of [0, 1, 2]) expect(channel(image.data, at)).toEqual(GREY8);
  });

  it.each(['rgb8packbits', 'rgb8tilesLzw', 'rgba8'])(
    'in colour is read channel by channel: %s',
    async (name) => {
      const { data } = (await decode(name)).image;
      expect(channel(data, 0)).toEqual(GREY8);
      expect(channel(data, 1)).toEqual(GREY8.map((value) => 255 - value));
      expect(channel(data, 2)).toEqual(GREY8.map((value) => value >> 1));
    },
  );

  it('unpacks LZW with codes of every length', async () => {
    const { image } = await decode('grey8lzwLong');
    const expected = Array.from({ length: 120 * 90 }, (_, i) => {
      const value = ((i % 120) * 37 + Math.floor(i / 120) * 91) % 251;
      return ((value * value) % 256) % 253;
    });
    expect(channel(image.data, 1)).toEqual(expected);
  });

  it('looks colours up in a palette, and spreads single bits', async () => {
    const { data } = (await decode('palette8')).image;
    const indices = grid((x, y) => (7 * x + 11 * y) % 16);
    expect(channel(data, 0)).toEqual(indices.map((value) => 16 * value));
    expect(channel(data, 1)).toEqual(indices.map((value) => 255 - 16 * value));
    const bits = (await decode('bits1')).image.data;
    expect(channel(bits, 2)).toEqual(grid((x, y) => ((x + y) % 3 === 0 ? 255 : 0)));
  });

  it('is turned as it says, and only its first picture is used', async () => {
    const { image, orientation } = await decode('turned6');
    expect([image.width, image.height, orientation]).toEqual([HEIGHT, WIDTH, 6]);
    expect(image.data[0]).toBe(GREY8[(HEIGHT - 1) * WIDTH]);
    expect((await decode('pages')).notices).toMatchObject([{ kind: 'pages' }]);
  });
});

describe('a TIFF of more bits', () => {
  const deepOf = async (name: string) => [...(await decode(name)).deep!.data];

  it.each(['grey16big', 'grey16lzw'])('of 16 gives the samples: %s', async (name) => {
    expect(await deepOf(name)).toEqual(GREY16);
  });

  it('with a sign, of 32 bits, or white at zero gives the samples', async () => {
    // Sixteen bits with a sign: the upper ones of these wrapped around when they were written.
    const wrapped = (value: number) => ((value + 32768) % 65536) - 32768;
    expect(await deepOf('int16')).toEqual(GREY16.map((value) => wrapped(value - 30000)));
    expect(await deepOf('uint32')).toEqual(GREY16.map((value) => 3 * value));
    expect(await deepOf('white16')).toEqual(GREY16.map((value) => 65535 - value));
  });

  it.each(['float32deflate', 'float32big'])('in floating point gives the samples: %s', async (name) => {
    expect(await deepOf(name)).toEqual(GREY16.map((value) => Math.fround(value / 1000 - 5)));
  });

  it('in planes and tiles puts the channels together', async () => {
    const { data } = (await decode('rgb16planes')).deep!;
    expect(channel(data, 0)).toEqual(GREY16);
    expect(channel(data, 1)).toEqual(GREY16.map((value) => 65535 - value));
    expect(channel(data, 2)).toEqual(GREY16.map((value) => value >> 1));
  });
});

describe('what is refused', () => {
  it('is a TIFF that holds a JPEG, by name', async () => {
    await expect(decode('jpeg')).rejects.toThrow(/TIFF with JPEG compression/);
  });

  const patched = (name: string, tag: number, value: number): Uint8Array => {
    const bytes = tiff(name);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const directory = view.getUint32(4, true);
    for (let i = 0; i < view.getUint16(directory, true); i++) {
      const at = directory + 2 + 12 * i;
      if (view.getUint16(at, true) !== tag) continue;
      view.setUint16(at + 2, 4, true);
      view.setUint32(at + 8, value, true);
    }
    return bytes;
  };

  it.each([
    ['more pixels than are read', 256, 4_000_000, 'TooLarge'],
    ['more rows than it has strips', 257, 9000, 'Damaged'],
    ['no size', 256, 0, 'Damaged'],
    ['strips without rows', 278, 0, 'Damaged'],
    ['a number of strips beyond the file', 278, 1, 'Damaged'],
  ])('is one with %s', async (_what, tag, value, name) => {
    await expect(decodeImage(patched('grey8', tag, value))).rejects.toMatchObject({ name });
  });

  it.each(['grey8', 'grey16lzw', 'float32deflate', 'rgb8packbits', 'rgb16planes'])(
    'is every beginning of %s',
    async (name) => {
      const whole = tiff(name);
      for (let length = 4; length < whole.length; length += Math.ceil(whole.length / 30)) {
        const decoding = decodeImage(whole.subarray(0, length)).catch((error: unknown) => error);
        expect(await decoding, `${length} bytes`).toSatisfy(
          (found: unknown) => found instanceof RemedyError || 'image' in (found as object),
        );
      }
    },
  );
});

const SEEDS = ['grey8', 'grey16lzw', 'float32deflate', 'rgb8packbits', 'rgb8tilesLzw', 'rgb16planes', 'palette8', 'bits1']; // prettier-ignore
/** Larger claims than this are skipped: decoding them is right, but slow. */
const MOST_PIXELS = 2 ** 18;

async function pictureOrRemedy(file: Uint8Array): Promise<string> {
  try {
    const { width, height } = imageInfo(file);
    if (width * height > MOST_PIXELS) return 'large';
    const { image } = await decodeImage(file);
    expect(image.data.length).toBe(3 * width * height);
    const { mask } = await decodeMask(file);
    expect(mask.data.length).toBe(width * height);
    return 'ok';
  } catch (error) {
    if (!(error instanceof RemedyError)) throw error;
    return outcomeOf(error);
  }
}

describe('changed bytes', { timeout: fuzzTimeout(150) }, () => {
  const corpus = new Corpus('tiff');
  const edit = fc.tuple(
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.nat(255),
    fc.boolean(),
  );

  it('are taken or refused as those that were kept', () => corpus.replay(pictureOrRemedy));

  it('give a picture of the size in the header, or an error with a remedy', async () => {
    const files = fc.tuple(
      fc.constantFrom(...SEEDS),
      fc.array(edit, { minLength: 1, maxLength: 6 }),
      fc.nat(40),
    );
    const property = fc.asyncProperty(files, async ([name, edits, cut]) => {
      const bytes = tiff(name);
      // Half of the changes in the header and the directory, which is at the start or at the end.
      for (const [place, value, anywhere] of edits) {
        const at = Math.floor(place * (anywhere ? bytes.length : Math.min(220, bytes.length)));
        bytes[place < 0.5 || anywhere ? at : bytes.length - 1 - at] = value;
      }
      await corpus.try(
        new Uint8Array(bytes.subarray(0, bytes.length - Math.max(0, cut - 30))),
        pictureOrRemedy,
      );
    });
    await fc.assert(property, fuzzSettings(150));
  });
});
