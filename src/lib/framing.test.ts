// How images are cut and their maps joined: every place is covered, weights sum to one, and places on the way from the image to
// the map and to the cells come back where they were.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellsAlong,
  cutOf,
  layoutOf,
  MAX_MAP_PIXELS,
  MAX_TILES,
  mirroredCells,
  partsOf,
  plainLayout,
  squashed,
  TooManyTiles,
  weightsAt,
  type AxisCut,
  type Framing,
  type MapAxis,
} from './framing';

const tiles = (more: Partial<Framing> = {}): Framing => ({ ...squashed(128), fit: 'tile', ...more });
const axesOf = (image: { width: number; height: number }, framing: Framing): [AxisCut, number][] => {
  const { columns, rows } = cutOf(image, framing);
  return [
    [columns, image.width],
    [rows, image.height],
  ];
};

/** How far the weights at some places of an axis are from summing to one; infinite where one is no weight. */
function worstSum(map: MapAxis): number {
  let worst = 0;
  for (let place = 0; place < map.size; place += 1 + Math.floor(map.size / 40)) {
    const weights = weightsAt(map, place);
    const sum = weights.reduce((all, [, , weight]) => all + weight, 0);
    const inside = weights.every(([, at, weight]) => weight > 0 && at >= 0 && at < map.span);
    worst = Math.max(worst, inside ? Math.abs(sum - 1) : Infinity);
  }
  return worst;
}

describe('a squashed image', () => {
  it('is one part, whatever its shape, and its map lies on it as it is', () => {
    const cut = cutOf({ width: 4096, height: 256 }, squashed(128));
    expect(partsOf(cut)).toBe(1);
    expect(layoutOf(cut)).toEqual(plainLayout({ width: 128, height: 128 }));
    expect(cut.columns).toMatchObject({ starts: [0], length: 4096, filled: 128 });
  });

  it('may be wider than high', () => {
    const cut = cutOf({ width: 300, height: 300 }, { ...squashed(128), height: 64 });
    expect(layoutOf(cut)).toEqual(plainLayout({ width: 128, height: 64 }));
  });
});

describe('a letterboxed image', () => {
  const letterbox: Framing = { ...squashed(128), fit: 'letterbox' };

  it('fills the input along one side and keeps its shape', () => {
    const { columns, rows } = cutOf({ width: 400, height: 200 }, letterbox);
    expect([columns.filled, rows.filled]).toEqual([128, 64]);
    expect(rows.map).toEqual({ size: 64, span: 128, starts: [0] });
  });

  it('is never thinner than a pixel', () => {
    expect(cutOf({ width: 1, height: 9000 }, letterbox).columns.filled).toBe(1);
  });

  it('leaves cells of padding to the image’s own, mirrored at its end', () => {
    const { columns, rows } = cutOf({ width: 400, height: 100 }, letterbox);
    expect(mirroredCells(16, columns)).toBeNull();
    expect(mirroredCells(16, rows)).toEqual([0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3, 3, 2, 1, 0]);
  });
});

describe('an image in tiles', () => {
  it('of which one covers it is as a squashed one', () => {
    const image = { width: 250, height: 250 };
    expect(layoutOf(cutOf(image, tiles()))).toEqual(layoutOf(cutOf(image, squashed(128))));
    expect(cutOf(image, tiles()).columns).toEqual(cutOf(image, squashed(128)).columns);
  });

  it('gets as many as the overlap needs, spread evenly', () => {
    const { columns, rows } = cutOf({ width: 1000, height: 256 }, tiles({ overlap: 0.25 }));
    expect(columns.starts).toEqual([0, 186, 372, 558, 744]);
    expect(rows.starts).toEqual([0]);
    expect(cutOf({ width: 512, height: 256 }, tiles({ overlap: 0 })).columns.starts).toEqual([0, 256]);
  });

  it('takes smaller tiles where it is lower than one, and keeps their shape', () => {
    const { columns, rows } = cutOf({ width: 1000, height: 100 }, tiles());
    expect([columns.length, rows.length]).toEqual([100, 100]);
  });

  it('has a map of bounded size', () => {
    const { columns, rows } = cutOf({ width: 8000, height: 6000 }, tiles());
    expect(columns.map.size * rows.map.size).toBeLessThan(MAX_MAP_PIXELS * 1.01);
    expect(columns.map.size / rows.map.size).toBeCloseTo(4 / 3, 2);
  });

  it('is refused where there would be too many', () => {
    expect(() => cutOf({ width: 16384, height: 4096 }, tiles({ tile: 32 }))).toThrow(TooManyTiles);
    expect(MAX_TILES).toBe(4096);
  });

  it('is covered everywhere by weights that sum to one, in the image and on its map', () => {
    const sides = fc.integer({ min: 1, max: 3000 });
    const framings = fc.record({
      tile: fc.integer({ min: 32, max: 700 }),
      overlap: fc.double({ min: 0, max: 0.5, noNaN: true }),
      width: fc.integer({ min: 32, max: 160 }),
      height: fc.integer({ min: 32, max: 160 }),
    });
    const run = (width: number, height: number, how: Partial<Framing>) => {
      for (const [axis, length] of axesOf({ width, height }, tiles(how))) {
        const { starts, map } = axis;
        expect(starts[0]).toBe(0);
        expect(starts.at(-1)! + axis.length).toBe(length);
        starts.slice(1).forEach((start, i) => expect(start - starts[i]!).toBeLessThanOrEqual(axis.length));
        expect(map.starts.at(-1)! + map.span).toBe(map.size);
        expect(worstSum(map)).toBeLessThan(1e-12);
      }
    };
    fc.assert(
      fc.property(sides, sides, framings, (width, height, how) => {
        try {
          run(width, height, how);
        } catch (error) {
          if (!(error instanceof TooManyTiles)) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has cells over the whole image in which each place of a tile is found again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 3000 }), fc.integer({ min: 64, max: 400 }), (width, tile) => {
        const { columns } = cutOf({ width, height: 300 }, tiles({ tile }));
        const { count, extent, origins } = cellsAlong(columns.map, 16);
        const pitch = columns.map.span / 16;
        expect(Math.abs(count - extent)).toBeLessThanOrEqual(0.51);
        origins.forEach((origin, i) => {
          expect(Math.abs(origin * pitch - columns.map.starts[i]!)).toBeLessThanOrEqual(pitch / 2 + 1e-9);
          expect(origin + 16).toBeLessThanOrEqual(count);
        });
      }),
      { numRuns: 150 },
    );
  });
});
