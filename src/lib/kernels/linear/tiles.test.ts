// The default choice of tiles at the shapes that cost most, and where it declines.
import { afterEach, describe, expect, it } from 'vitest';
import { defaultTiling, TILES } from './tiles';
import { shapeClass, tilingOf, useTilings } from './tiling';

const convolution = (rows: number, channels: number) => ({
  rows,
  columns: channels,
  taps: 9,
  inner: channels,
});

describe('the tiles', () => {
  it('keep to the threads and the workgroup memory that every adapter has', () => {
    for (const { ROW_QUADS, COLUMN_QUADS, DOWN, ACROSS, DEPTH } of Object.values(TILES)) {
      expect(DOWN * ACROSS).toBeLessThanOrEqual(256);
      expect((DOWN * ACROSS) % DEPTH).toBe(0);
      const vectors = DEPTH * (DOWN * ROW_QUADS + 1 + ACROSS * COLUMN_QUADS + 1);
      expect(16 * vectors).toBeLessThanOrEqual(16 * 1024);
    }
  });

  it.each([
    ['a map of 544 channels, one image', convolution(1024, 544), '64x64x16', 4],
    ['the same, a batch of 16', convolution(16 * 1024, 544), '128x64x16', 1],
    ['its filter gradient', { rows: 9 * 544, columns: 544, taps: 1, inner: 16 * 1024 }, '64x64x16', 1],
    ['the demo’s linear layer', { rows: 2048, columns: 64, taps: 1, inner: 64 }, '64x64x16', 1],
    ['few channels', convolution(2 * 64 * 64, 16), '128x16x8', 1],
  ] as const)('are chosen by default for %s', (_, shape, tile, slices) => {
    expect(defaultTiling(shape)).toEqual({ tile, slices });
  });

  it.each([
    ['three channels of a picture, padded to four', { rows: 128 * 128, columns: 32, taps: 49, inner: 4 }],
    ['a single row', { rows: 1, columns: 64, taps: 1, inner: 4096 }],
  ])('are left alone for %s', (_, shape) => {
    expect(defaultTiling(shape)).toBeNull();
  });
});

describe('a table of choices', () => {
  const shape = { ...convolution(1024, 64), leftTurned: false, rightTurned: false };
  afterEach(() => useTilings({}));

  it('goes before the default, for exactly its shape', () => {
    useTilings({ [shapeClass(shape)]: { tile: '128x32x16', slices: 2 } });
    expect(tilingOf(shape)).toEqual({ tile: '128x32x16', slices: 2 });
    expect(tilingOf({ ...shape, rightTurned: true })).toEqual(defaultTiling(shape));
    useTilings({ [shapeClass(shape)]: null });
    expect(tilingOf(shape)).toBeNull();
  });
});
