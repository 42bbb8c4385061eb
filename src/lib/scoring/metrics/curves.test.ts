import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prCurve, proCurve, rocCurve, thin, type Curve } from './curves';
import { imagePixels } from './imagePixels';
import { pixelFigures } from './pixels';
import { connectedRegions } from './regions';
import { areaUnderCurve, rank, stepPrecision } from './ranking';
import { rankPixels } from './rankPixels';

/** Area under a polyline. */
const area = ({ x, y }: Curve) =>
  x.slice(1).reduce((sum, right, i) => sum + ((right - x[i]!) * (y[i + 1]! + y[i]!)) / 2, 0);

const sorted = (values: number[]) => Float64Array.from(values).sort();

/** Few distinct scores, so that ties are the rule. */
const scores = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 30 });

describe('curves', () => {
  it('enclose the areas that the figures state, ties included', () => {
    fc.assert(
      fc.property(scores, scores, (positives, normals) => {
        const ranking = rank(sorted(positives), [sorted(normals)]);
        expect(area(rocCurve(ranking))).toBeCloseTo(areaUnderCurve(ranking), 12);
        expect(area(prCurve(ranking))).toBeCloseTo(stepPrecision(ranking), 12);
      }),
    );
  });

  it('keep their corners: the ROC of perfect scores is a right angle', () => {
    const roc = rocCurve(rank(sorted([3, 4]), [sorted([1, 2])]));
    expect(thin(roc)).toMatchObject({ x: [0, 0, 1], y: [0, 1, 1] });
  });

  it('join tied scores by a straight line instead of a corner in either favour', () => {
    const roc = rocCurve(rank(sorted([1, 1]), [sorted([1, 1])]));
    expect(roc).toMatchObject({ x: [0, 1], y: [0, 1] });
  });

  it('thinned, no point of the whole curve is farther from the line than the tolerance', () => {
    const random = (i: number) => Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1;
    const positives = sorted(Array.from({ length: 4000 }, (_, i) => random(i) + 0.3));
    const normals = sorted(Array.from({ length: 6000 }, (_, i) => random(i + 0.5)));
    const roc = rocCurve(rank(positives, [normals]));
    const drawn = thin(roc, 1e-3);
    expect(drawn.x.length).toBeLessThan(roc.x.length / 20);
    expect(Math.max(...roc.x.map((x, i) => distanceTo(drawn, x, roc.y[i]!)))).toBeLessThanOrEqual(
      1e-3 + 1e-12,
    );
  });
});

function distanceTo({ x, y }: Curve, px: number, py: number): number {
  const distances = x.slice(1).map((x1, i) => {
    const [x0, y0, y1] = [x[i]!, y[i]!, y[i + 1]!];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const along = Math.min(Math.max(((px - x0) * dx + (py - y0) * dy) / (dx * dx + dy * dy), 0), 1);
    return Math.hypot(px - x0 - along * dx, py - y0 - along * dy);
  });
  return Math.min(...distances);
}

const SIDE = 10;

/** Random maps of few levels with random masks: regions of every shape that touch at corners. */
const randomMaps = fc.array(
  fc.record({
    levels: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: SIDE ** 2, maxLength: SIDE ** 2 }),
    inside: fc.array(fc.boolean(), { minLength: SIDE ** 2, maxLength: SIDE ** 2 }),
  }),
  { minLength: 1, maxLength: 3 },
);

describe('PRO on random regions', () => {
  const size = { width: SIDE, height: SIDE };

  it('curve and area agree with float64 brute force over every threshold', () => {
    fc.assert(
      fc.property(randomMaps, fc.constantFrom(0.05, 0.3, 1), (maps, limit) => {
        const images = maps.map(({ levels, inside }) => ({
          map: { ...size, values: Float32Array.from(levels) },
          mask: { ...size, data: Uint8Array.from(inside, Number) },
        }));
        const pixels = images.map(imagePixels);
        const ranking = rankPixels(pixels);
        if (!ranking) return;
        const { points, area: expected } = bruteForcePro(images, limit);
        expect(pixelFigures(pixels, limit).aupro).toBeCloseTo(expected, 9);
        const pro = proCurve(ranking);
        for (const [x, y] of points) expect(distanceTo(pro, x, y)).toBeLessThan(1e-12);
        expect(area(pro)).toBeCloseTo(bruteForcePro(images, 1).area, 9);
      }),
      { numRuns: 60 },
    );
  });
});

/** Shares counted anew for every threshold, as MVTec's evaluation words it. */
function bruteForcePro(images: Parameters<typeof imagePixels>[0][], limit: number) {
  const regions: number[][] = [];
  const normals: number[] = [];
  for (const { map, mask } of images) {
    const { labels, sizes } = connectedRegions(mask!);
    const own = sizes.map(() => [] as number[]);
    map.values.forEach((value, i) => (labels[i] ? own[labels[i] - 1]! : normals).push(value));
    regions.push(...own);
  }
  const share = (values: number[], from: number) =>
    values.filter((value) => value >= from).length / values.length;
  const levels = [...new Set([...normals, ...regions.flat()])].sort((a, b) => b - a);
  const points = [[0, 0] as [number, number]];
  for (const level of levels) {
    const mean = regions.reduce((sum, region) => sum + share(region, level), 0) / regions.length;
    points.push([share(normals, level), mean]);
  }
  let sum = 0;
  for (let i = 1; i < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i - 1]!, points[i]!];
    if (x0 >= limit || x1 === x0) continue;
    const end = Math.min(x1, limit);
    const yEnd = y0 + ((y1 - y0) * (end - x0)) / (x1 - x0);
    sum += ((end - x0) * (y0 + yEnd)) / 2;
  }
  return { points, area: sum / limit };
}
