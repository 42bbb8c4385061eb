// What the network is shown of an image that is padded or cut, and of its mask.
import { describe, expect, it } from 'vitest';
import { cutOf, squashed } from '../framing';
import { cutImage, cutMask, drawInside, insideOf } from './cut';
import { resizeBilinear, resizeMask } from './resize';

const image = (width: number, height: number) => ({
  ...{ width, height },
  data: Uint8Array.from({ length: 3 * width * height }, (_, i) => (7 * i) % 251),
});

describe('a squashed image', () => {
  it('is what resizing makes of it', () => {
    const framing = squashed(16);
    const source = image(40, 24);
    expect(cutImage(source, cutOf(source, framing), framing)).toEqual(resizeBilinear(source, 16));
  });
});

describe('a letterboxed image', () => {
  const framing = { ...squashed(8), fit: 'letterbox' } as const;
  const source = image(16, 8);
  const cut = cutOf(source, framing);
  const seen = cutImage(source, cut, framing);

  it('lies at the top left; the rest has one colour', () => {
    expect(seen.filled).toEqual({ width: 8, height: 4 });
    expect(insideOf(seen).data).toHaveLength(3 * 8 * 4);
    expect(new Set(seen.data.subarray(3 * 8 * 4))).toEqual(new Set([124, 116, 104]));
  });

  it('has its mask mirrored on the padding, as its features are', () => {
    const data = Uint8Array.from({ length: 16 * 8 }, (_, i) => (i < 16 * 2 ? 1 : 0));
    const mask = cutMask({ width: 16, height: 8, data }, source, cut, framing, 0);
    expect(Array.from({ length: 8 }, (_, y) => mask.data[8 * y])).toEqual([1, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('is drawn on inside only', () => {
    const { image: drawn, mask } = drawInside(seen, (inside) => ({
      image: { ...inside, data: inside.data.map(() => 9) },
      mask: { width: inside.width, height: inside.height, data: new Uint8Array(8 * 4).fill(1, 0, 8) },
    }));
    expect(drawn.filled).toEqual(seen.filled);
    expect(new Set(drawn.data.subarray(0, 3 * 8 * 4))).toEqual(new Set([9]));
    expect(drawn.data.subarray(3 * 8 * 4)).toEqual(seen.data.subarray(3 * 8 * 4));
    expect([mask.data[0], mask.data[8], mask.data[63]]).toEqual([1, 0, 1]);
  });
});

describe('a tile', () => {
  const framing = { ...squashed(8), fit: 'tile', tile: 8, overlap: 0 } as const;
  it('is its piece of the image, and of the mask whatever its size', () => {
    const source = image(16, 16);
    const cut = cutOf(source, framing);
    const seen = cutImage(source, cut, framing, 3);
    expect(seen.filled).toBeUndefined();
    expect(seen.data.subarray(0, 24)).toEqual(source.data.subarray(3 * (8 * 16 + 8), 3 * (8 * 16 + 16)));
    const mask = { width: 2, height: 2, data: Uint8Array.of(0, 0, 0, 1) };
    expect(cutMask(mask, source, cut, framing, 3)).toEqual(resizeMask({ width: 1, height: 1, data: Uint8Array.of(1) }, 8)); // prettier-ignore
    expect(cutMask(mask, source, cut, framing, 2).data).not.toContain(1);
  });
});
