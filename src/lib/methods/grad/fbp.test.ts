import { describe, expect, it } from 'vitest';
import { drawBlocks, largestBlock } from './fbp';
import { Random } from '../../nn/random';

const RANGES = { recipe: 'per-image', intensity: [16, 32], sigma: 0.5 } as const;
const cellsOf = (mask: Float32Array, image: number, cells: number) =>
  mask.subarray(image * cells, (image + 1) * cells);
const count = (mask: Float32Array) => mask.reduce((sum, cell) => sum + cell, 0);

describe('drawBlocks', () => {
  it('scales the largest block with the map', () => {
    expect([8, 16, 32, 64].map(largestBlock)).toEqual([3, 7, 14, 28]);
  });

  it('draws a block of at least one and at most 2B + 1 cells for every image', () => {
    const { mask, intensity } = drawBlocks(Random.stream(0, 'fbp'), RANGES, 500, 16, 16);
    const sizes = Array.from({ length: 500 }, (_, i) => count(cellsOf(mask, i, 256)));
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * 7 + 1);
    expect(Math.min(...intensity)).toBeGreaterThanOrEqual(8);
    expect(Math.max(...intensity)).toBeLessThan(16);
  });

  it('reaches every cell of the map', () => {
    const { mask } = drawBlocks(Random.stream(1, 'fbp'), RANGES, 3000, 8, 8);
    const hits = new Float32Array(64);
    for (let i = 0; i < 3000; i++) cellsOf(mask, i, 64).forEach((cell, j) => (hits[j]! += cell));
    expect(Math.min(...hits)).toBeGreaterThan(0);
  });

  it('gives all images of a batch the same block in the public recipe', () => {
    const random = Random.stream(0, 'fbp');
    const { mask, intensity } = drawBlocks(random, { ...RANGES, recipe: 'per-batch' }, 4, 16, 16);
    for (let i = 1; i < 4; i++) {
      expect(cellsOf(mask, i, 256)).toEqual(cellsOf(mask, 0, 256));
      expect(intensity[i]).toBe(intensity[0]);
    }
  });

  it('draws on maps that are not square', () => {
    const { mask } = drawBlocks(Random.stream(0, 'fbp'), RANGES, 50, 4, 12);
    for (let i = 0; i < 50; i++) expect(count(cellsOf(mask, i, 48))).toBeGreaterThan(0);
  });
});
