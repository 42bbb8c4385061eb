// Which images' pixels are kept: all that count, within the budget an even share of both kinds.
import { describe, expect, it } from 'vitest';
import { pixelSample } from './pixelSample';

const SIZE = 10;
const IMAGE_BYTES = 2 * SIZE * SIZE;
const mask = new ArrayBuffer(1);
const normal = Array.from({ length: 60 }, (_, i) => ({ id: `n${i}`, label: 0 as const, mask: null }));
const masked = Array.from({ length: 30 }, (_, i) => ({ id: `m${i}`, label: 1 as const, mask }));
const unmasked = { id: 'u', label: 1 as const, mask: null };
const all = [...normal, ...masked, unmasked];

describe('pixels kept for figures', () => {
  it('are those of normal and masked images while they fit', () => {
    const sample = pixelSample(all, () => SIZE ** 2, 90 * IMAGE_BYTES);
    expect(all.filter((image) => sample.has(image))).toEqual([...normal, ...masked]);
    expect(sample.sampled).toEqual({});
  });

  it('are none where no defect pixel is known', () => {
    const sample = pixelSample([...normal, unmasked], () => SIZE ** 2, 1e9);
    expect(normal.some((image) => sample.has(image))).toBe(false);
    expect(sample.sampled).toEqual({});
  });

  it('are an even share of both kinds beyond the budget, and the table says how many', () => {
    const sample = pixelSample(all, () => SIZE ** 2, 30 * IMAGE_BYTES);
    expect(normal.filter((image) => sample.has(image))).toHaveLength(20);
    expect(masked.filter((image) => sample.has(image))).toHaveLength(10);
    expect(sample.sampled).toEqual({ pixelImages: { counted: 30, of: 90 } });
    expect(normal.slice(0, 30).filter((image) => sample.has(image))).toHaveLength(10);
  });

  it('are never none of a kind', () => {
    const sample = pixelSample(all, () => SIZE ** 2, 1);
    expect(sample.sampled).toEqual({ pixelImages: { counted: 2, of: 90 } });
  });
});
