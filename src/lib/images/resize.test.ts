// Against PIL's own results, to the last bit.
import { describe, expect, it } from 'vitest';
import { decodeMask } from './decode';
import { BILINEAR_CASES, decodedByPil, fixture, NEAREST_CASES } from './fixtures/read';
import { resample, resizeBilinear, resizeMask } from './resize';
import { toThumbnail } from './thumbnail';

describe('resample', () => {
  const source = decodedByPil('rgb8.png');

  it.each(BILINEAR_CASES.map(({ expected }) => expected))(
    'equals PIL at $width x $height',
    ({ width, height, data }) => {
      expect(resample(source, width, height)).toEqual({ width, height, data });
    },
  );

  it('squashes to a square', () => {
    expect(resizeBilinear(source, 16)).toEqual(resample(source, 16, 16));
  });

  it('keeps one colour, whatever the sizes', () => {
    const flat = { width: 7, height: 5, data: new Uint8Array(7 * 5 * 3).fill(201) };
    for (const size of [1, 3, 6, 64])
      expect(new Set(resizeBilinear(flat, size).data)).toEqual(new Set([201]));
  });
});

describe('resizeMask', () => {
  it.each(NEAREST_CASES)('equals PIL at $size', async ({ size, mask: expected }) => {
    const { mask } = await decodeMask(fixture('mask.png'));
    expect(resizeMask(mask, size).data.join('')).toBe(expected);
  });
});

describe('toThumbnail', () => {
  it('keeps the aspect, longest side at the limit', () => {
    const { width, height } = toThumbnail({ width: 700, height: 453, data: new Uint8Array(700 * 453 * 3) });
    expect([width, height]).toEqual([96, 62]);
  });

  it('never makes a side vanish', () => {
    const { width, height } = toThumbnail({ width: 500, height: 1, data: new Uint8Array(1500) });
    expect([width, height]).toEqual([96, 1]);
  });

  it('leaves small images as they are', () => {
    const small = decodedByPil('grey8.png');
    expect(toThumbnail(small)).toBe(small);
  });
});
