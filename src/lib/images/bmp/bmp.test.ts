import { describe, expect, it } from 'vitest';
import { decodeImage } from '../decode';
import { bmpFile, type BmpFields } from '../fixtures/bmp';

const SIZE = { width: 5, height: 3 };
const RGB = Array.from({ length: 45 }, (_, i) => (i * 37) % 256);
const decode = async (fields: Omit<BmpFields, 'width' | 'height'>) =>
  (await decodeImage(bmpFile({ ...SIZE, ...fields }))).image;

describe('a BMP file', () => {
  it.each([
    [24, false],
    [24, true],
    [32, false],
    [32, true],
  ] as const)('of %i bits, top down %s, gives its pixels', async (depth, topDown) => {
    expect(await decode({ depth, topDown, pixels: RGB })).toEqual({ ...SIZE, data: Uint8Array.from(RGB) });
  });

  it.each([1, 4, 8] as const)('of %i bits gives the colours of its palette', async (depth) => {
    const palette = Array.from({ length: 2 ** depth }, (_, i) => [i, 255 - i, (7 * i) % 256]);
    const pixels = Array.from({ length: 15 }, (_, i) => (i * 11) % 2 ** depth);
    const { data } = await decode({ depth, palette, pixels });
    expect([...data]).toEqual(pixels.flatMap((index) => palette[index]!));
  });

  it('written by hand is read as its description says', async () => {
    // 2 x 1 pixels of 24 bits: red, then blue, one word of rows filled up.
    const head =
      '424d3e000000000000003600000028000000020000000100000001001800000000000800000000000000000000000000000000000000';
    const file = Uint8Array.from(Buffer.from(`${head}0000ffff00000000`, 'hex'));
    expect([...(await decodeImage(file)).image.data]).toEqual([255, 0, 0, 0, 0, 255]);
  });

  it('that is cut short, compressed or strange is refused with a remedy', async () => {
    const whole = bmpFile({ ...SIZE, pixels: RGB });
    await expect(decodeImage(whole.slice(0, -1))).rejects.toThrow(/cut short/);
    await expect(decodeImage(whole.slice(0, 30))).rejects.toThrow(/cut short/);
    await expect(decode({ pixels: RGB, compression: 1 })).rejects.toThrow(/compressed BMP/i);
    const palette = [[0, 0, 0]];
    await expect(decode({ depth: 8, palette, pixels: Array(15).fill(1) })).rejects.toThrow(
      /outside its palette/,
    );
  });

  it('that claims 20000 x 20000 pixels is refused from its header', async () => {
    const giant = bmpFile({ ...SIZE, pixels: RGB });
    new DataView(giant.buffer).setInt32(18, 20_000, true);
    new DataView(giant.buffer).setInt32(22, -20_000, true);
    await expect(decodeImage(giant)).rejects.toThrow(/too large/);
  });
});
