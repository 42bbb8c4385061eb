// Maps at the size of masks, against the definition in double precision, and the figures that follow from them.
import { describe, expect, it } from 'vitest';
import { Random } from '../../nn/random';
import { enlargeMap } from './enlargeMap';
import { imagePixels, type ScoreMap } from './imagePixels';
import { pixelFigures } from './pixels';
import { connectedRegions } from './regions';

const random = Random.stream(5, 'maps');
const draw = (width: number, height: number): ScoreMap => ({
  ...{ width, height },
  values: Float32Array.from({ length: width * height }, () => random.uniform()),
});

/** The sum over all source pixels of their tent, in double precision. */
function wantedAt({ width, height, values }: ScoreMap, x: number, y: number, to: [number, number]): number {
  const centre = (i: number, from: number, size: number) =>
    Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / size - 0.5));
  const [u, v] = [centre(x, width, to[0]), centre(y, height, to[1])];
  let sum = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      sum +=
        values[row * width + column]! *
        Math.max(0, 1 - Math.abs(u - column)) *
        Math.max(0, 1 - Math.abs(v - row));
  return sum;
}

describe('a map at the size of a mask', () => {
  it.each([
    [7, 5, 23, 31],
    [8, 8, 3, 2],
    [1, 4, 5, 9],
    [6, 6, 6, 6],
  ])('%i x %i to %i x %i is bilinear between centres', (w, h, width, height) => {
    // prettier-ignore
    const map = draw(w, h);
    const large = enlargeMap(map, width, height);
    expect([large.width, large.height]).toEqual([width, height]);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        expect(Math.abs(large.values[y * width + x]! - wantedAt(map, x, y, [width, height]))).toBeLessThan(6e-8); // prettier-ignore
  });

  it('gives the figures of the definition, from images of different sizes', () => {
    const cases = [{ size: [19, 11] as const, at: [3, 4, 25, 26] }, { size: [8, 30] as const, at: [0, 100, 101] }]; // prettier-ignore
    const masked = cases.map(({ size: [width, height], at }) => {
      const small = draw(5, 5);
      const data = new Uint8Array(width * height);
      at.forEach((pixel) => (data[pixel] = 1));
      return { small, mask: { width, height, data } };
    });
    const { auroc, averagePrecision, aupro } = pixelFigures(
      masked.map(({ small, mask }) => imagePixels({ map: enlargeMap(small, mask.width, mask.height), mask })),
    );
    // The same from double precision, rounded to the single precision in which maps are kept, pair by pair.
    const pixels = masked.flatMap(({ small, mask }, image) =>
      Array.from(mask.data, (defect, i) => ({
        score: Math.fround(wantedAt(small, i % mask.width, Math.floor(i / mask.width), [mask.width, mask.height])), // prettier-ignore
        defect: defect === 1,
        region: defect === 1 ? `${image} ${connectedRegions(mask).labels[i]}` : '',
      })),
    );
    const [defects, normals] = [true, false].map((kind) => pixels.filter(({ defect }) => defect === kind)); // prettier-ignore
    const pairs = defects!.flatMap(({ score }) => normals!.map((other) => (score > other.score ? 1 : score === other.score ? 0.5 : 0))); // prettier-ignore
    const mean = (list: readonly number[]) => list.reduce<number>((a, b) => a + b, 0) / list.length;
    expect(auroc).toBeCloseTo(mean(pairs), 6);
    const precision = defects!.map(({ score }) => {
      const above = pixels.filter((other) => other.score >= score);
      return above.filter(({ defect }) => defect).length / above.length;
    });
    expect(averagePrecision).toBeCloseTo(mean(precision), 6);
    expect(aupro).toBeCloseTo(proArea(pixels, 0.3), 6);
  });
});

/** Trapezoids over all thresholds, up to a share of false alarms. */
function proArea(pixels: readonly { score: number; region: string }[], limit: number): number {
  const normals = pixels.filter(({ region }) => region === '');
  const regions = [...new Set(pixels.map(({ region }) => region))].filter(Boolean);
  const thresholds = [Infinity, ...new Set(pixels.map(({ score }) => score))].sort((a, b) => b - a);
  const points = thresholds.map((cut) => {
    const share = (list: typeof pixels) => list.filter(({ score }) => score >= cut).length / list.length;
    const found = regions.map((name) => share(pixels.filter(({ region }) => region === name)));
    return [share(normals), found.reduce((a, b) => a + b, 0) / found.length] as const;
  });
  let area = 0;
  points.slice(1).forEach(([x, y], i) => {
    const [before, low] = points[i]!;
    const end = Math.min(x, limit);
    if (end <= before) return;
    const high = low + ((y - low) * (end - before)) / (x - before);
    area += ((low + high) / 2) * (end - before);
  });
  return area / limit;
}
