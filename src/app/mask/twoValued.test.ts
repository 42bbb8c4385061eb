import { describe, expect, it } from 'vitest';
import { isTwoValued } from './twoValued';

const pixels = (count: number, value: (i: number) => number) => {
  const data = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) data.fill(value(i), 4 * i, 4 * i + 4);
  return data;
};

describe('isTwoValued', () => {
  it('is true of a mask with soft edges and a little noise', () => {
    expect(isTwoValued(pixels(1000, (i) => (i % 40 === 0 ? 128 : i < 300 ? 255 : i % 3)))).toBe(true);
  });

  it('is true of a mask that marks nothing', () => {
    expect(isTwoValued(pixels(100, () => 0))).toBe(true);
  });

  it('is not of a photo, nor of one that is dark for the most part', () => {
    expect(isTwoValued(pixels(1000, (i) => i % 256))).toBe(false);
    expect(isTwoValued(pixels(1000, (i) => (i < 900 ? 0 : i % 256)))).toBe(false);
  });
});
