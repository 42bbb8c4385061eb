// Files that are broken, enormous or not images: each is refused with its own error, in time, and costs no memory.
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeImage, decodeMask } from './decode';
import { concat, dataChunk, headerChunk, latin1, pngChunk, pngFile } from './fixtures/build';
import { DECODABLE, decodedByPil, fixture } from './fixtures/read';
import { imageInfo } from './imageInfo';
import { MAX_FILE_BYTES } from './limits';
import { inflateExactly } from './png/scanlines';

async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await decodeImage(bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toHaveProperty('remedy');
  return (error as Error).name;
}

/** A JPEG's frame header claims another size. */
function withJpegSize(file: Uint8Array, width: number, height: number): Uint8Array {
  const copy = file.slice();
  const at = copy.findIndex((byte, i) => byte === 0xff && (copy[i + 1] === 0xc0 || copy[i + 1] === 0xc2));
  new DataView(copy.buffer).setUint16(at + 5, height);
  new DataView(copy.buffer).setUint16(at + 7, width);
  return copy;
}

describe('what is no image', () => {
  it('refuses an empty file', async () => expect(await refusal(new Uint8Array())).toBe('EmptyFile'));

  it('refuses text and unknown bytes, saying which', async () => {
    expect(await refusal(latin1('name,score\n1,2\n'))).toBe('NotAnImage');
    await expect(decodeImage(latin1('just text'))).rejects.toThrow(/holds text/);
    await expect(decodeImage(new Uint8Array([1, 2, 3]))).rejects.toThrow(/no known image format/);
  });

  it.each([
    ['GIF', fixture('animated.gif')],
    ['BigTIFF', latin1('II\x2b\0\x08\0\0\0')],
    ['HEIC', latin1('\0\0\0\x18ftypheic')],
    ['AVIF', latin1('\0\0\0\x18ftypavif')],
    ['SVG', latin1('<?xml version="1.0"?><svg xmlns="x"></svg>')],
    ['PDF', latin1('%PDF-1.7')],
  ])('names %s and says what to do', async (name, bytes) => {
    expect(await refusal(bytes)).toBe('UnsupportedImage');
    await expect(decodeImage(bytes)).rejects.toThrow(name);
  });
});

describe('what is too large', () => {
  it('refuses 20000 x 20000 pixels from the header alone', async () => {
    const jpeg = withJpegSize(fixture('baseline420.jpg'), 20_000, 20_000);
    const png = pngFile(headerChunk({ width: 20_000, height: 20_000 }));
    const webp = fixture('alpha.webp').slice();
    webp.set([0x1f, 0x4e, 0x00, 0x1f, 0x4e, 0x00], 24);
    for (const file of [jpeg, png, concat(webp.subarray(0, 12), latin1('VP8X'), webp.subarray(16))]) {
      expect(await refusal(file)).toBe('TooLarge');
    }
  });

  it('refuses the largest size a PNG header can claim', async () => {
    const png = pngFile(headerChunk({ width: 0xffff_ffff, height: 0xffff_ffff, depth: 16, colorType: 6 }));
    expect(await refusal(png)).toBe('TooLarge');
  });

  it('refuses a long thin image beyond the side limit', async () => {
    expect(await refusal(pngFile(headerChunk({ width: 16_385, height: 1 })))).toBe('TooLarge');
  });

  it('refuses a file of more bytes than any image needs', async () => {
    expect(await refusal(new Uint8Array(MAX_FILE_BYTES + 1))).toBe('TooLarge');
  });

  it('stops inflating a bomb at the size the header promises', () => {
    const bomb = zlibSync(new Uint8Array(4 * 2 ** 20));
    let taken = 0;
    function* bytes(): Generator<Uint8Array> {
      for (; taken < bomb.length; taken++) yield bomb.subarray(taken, taken + 1);
    }
    expect(inflateExactly(bytes(), 14)).toEqual(new Uint8Array(14));
    expect(taken).toBeLessThan(100);
  });
});

describe('what is cut short', () => {
  const whole = DECODABLE.filter((name) => !name.startsWith('orientation'));

  it.each(whole)('refuses every beginning of %s', async (name) => {
    const file = fixture(name);
    for (let length = 1; length < file.length; length += Math.ceil(file.length / 40)) {
      const refused = await refusal(file.subarray(0, length));
      expect(['Truncated', 'NotAnImage'], `${length} bytes`).toContain(refused);
    }
  });

  it('refuses a JPEG whose lost rows were closed with an end marker', async () => {
    const file = fixture('full444.jpg');
    expect(await refusal(concat(file.subarray(0, file.length - 200), latin1('\xff\xd9')))).toBe('Truncated');
  });

  it('refuses a PNG whose compressed data lacks rows', async () => {
    const short = pngFile(headerChunk({ width: 4, height: 4 }), dataChunk(new Uint8Array(13 * 3)));
    expect(await refusal(short)).toBe('Truncated');
  });
});

describe('what is damaged', () => {
  it('refuses a PNG with one changed byte of picture data', async () => {
    const file = fixture('rgb8.png');
    file[200]! ^= 1;
    expect(await refusal(file)).toBe('Damaged');
  });

  it('reads a PNG whose unimportant chunks are damaged', async () => {
    const profile = pngChunk('iCCP', latin1('no profile at all'));
    profile[14]! ^= 1;
    const file = fixture('rgb8.png');
    const { image } = await decodeImage(concat(file.subarray(0, 33), profile, file.subarray(33)));
    expect(image).toEqual(decodedByPil('rgb8.png'));
  });

  it.each([
    ['no header', pngFile(dataChunk(new Uint8Array(4)))],
    ['no size', pngFile(headerChunk({ width: 0, height: 5 }))],
    ['an impossible depth', pngFile(headerChunk({ width: 1, height: 1, depth: 4, colorType: 2 }))],
    ['no palette', pngFile(headerChunk({ width: 1, height: 1, colorType: 3 }), dataChunk(new Uint8Array(2)))],
    [
      'an unknown filter',
      pngFile(headerChunk({ width: 1, height: 1 }), dataChunk(new Uint8Array([9, 1, 2, 3]))),
    ],
    [
      'no zlib stream',
      pngFile(headerChunk({ width: 1, height: 1 }), pngChunk('IDAT', latin1('not compressed'))),
    ],
  ])('refuses a PNG with %s', async (_what, file) => expect(await refusal(file)).toBe('Damaged'));

  it('refuses CMYK and says why', async () => {
    expect(await refusal(fixture('cmyk.jpg'))).toBe('UnsupportedImage');
    await expect(decodeImage(fixture('cmyk.jpg'))).rejects.toThrow(/CMYK/);
  });

  it('refuses a JPEG of thousands of scans', async () => {
    const file = fixture('grey.jpg');
    const scan = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);
    const again = file.subarray(scan, file.length - 2);
    const trap = concat(
      file.subarray(0, scan),
      ...Array.from({ length: 2000 }, () => again),
      latin1('\xff\xd9'),
    );
    expect(await refusal(trap)).toBe('Damaged');
  });

  it('refuses an animated WebP and says what to do', async () => {
    expect(await refusal(fixture('animated.webp'))).toBe('UnsupportedImage');
  });

  it('decodes on after a decoder gave up', async () => {
    const broken = fixture('baseline420.jpg');
    // Quantisation tables turned into comments: the C library calls exit() for want of them.
    broken.forEach((byte, i) => byte === 0xff && broken[i + 1] === 0xdb && (broken[i + 1] = 0xfe));
    const decodeBoth = async () => {
      expect(await refusal(broken)).toBe('Damaged');
      const { image } = await decodeImage(fixture('baseline420.jpg'));
      expect(image).toEqual(decodedByPil('baseline420.jpg'));
    };
    await Promise.all(Array.from({ length: 20 }, decodeBoth));
  });
});

describe('imageInfo', () => {
  it('gives format and stored size without decoding', () => {
    expect(imageInfo(fixture('orientation6.jpg'))).toEqual({ format: 'jpeg', width: 16, height: 8 });
    expect(imageInfo(fixture('rgb8.png'))).toEqual({ format: 'png', width: 37, height: 23 });
    for (const name of ['lossy.webp', 'lossless.webp', 'alpha.webp']) {
      expect(imageInfo(fixture(name))).toEqual({ format: 'webp', width: 23, height: 17 });
    }
  });
});

describe('decodeMask', () => {
  it('reads a mask that numbers its defects, as in VisA, and says so', async () => {
    const file = pngFile(
      headerChunk({ width: 2, height: 1, colorType: 0 }),
      dataChunk(new Uint8Array([0, 0, 1])),
    );
    const { mask, notices } = await decodeMask(file);
    expect([...mask.data]).toEqual([0, 1]);
    expect(notices[0]!.text).toMatch(/largest value is 1/);
  });
});
