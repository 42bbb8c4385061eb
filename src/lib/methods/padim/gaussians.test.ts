// The sums, the covariance and its Cholesky factor's inverse against plain float64 matrices.
import { describe, expect, it } from 'vitest';
import { packedIndex } from '../../kernels/search/mahalanobis';
import { expectClose } from '../../../testing/golden';
import { Random } from '../../nn/random';
import { FeaturesNotFinite } from '../memoryErrors';
import { gaussianAxes, GaussianSums, REGULARISATION, whiteningOf } from './gaussians';

const EXACT = { rtol: 1e-9, atol: 1e-9 };

/** Full symmetric matrix of a packed triangle. */
const unpacked = (packed: Float64Array, d: number) =>
  Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (_, j) => packed[packedIndex(Math.max(i, j), Math.min(i, j), d)]!),
  );

/** Images of two places and d channels, with a mean a thousand times their spread. */
function images(count: number, d: number): Float32Array[] {
  const random = Random.stream(count, 'images');
  return Array.from({ length: count }, () => random.normals(2 * d, 1).map((value) => value + 1000));
}

function sumsOf(list: Float32Array[], d: number): GaussianSums {
  const sums = new GaussianSums(2, d);
  for (const image of list) sums.add(image);
  return sums;
}

describe('GaussianSums', () => {
  it.each([
    [30, 4],
    [3, 7],
  ])('gives mean and covariance of %i images with %i channels', (count, d) => {
    const list = images(count, d);
    const sums = sumsOf(list, d);
    for (const place of [0, 1]) {
      const rows = list.map((image) => Array.from(image.subarray(place * d, (place + 1) * d)));
      const mean = Array.from({ length: d }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / count);
      const covariance = (i: number, j: number) =>
        rows.reduce((sum, row) => sum + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0) / (count - 1);
      const expected = mean.flatMap((_, i) => mean.map((_, j) => covariance(i, j) + Number(i === j) * 0.01));
      expectClose(sums.mean(place), mean, EXACT);
      expectClose(unpacked(sums.covariance(place), d).flat(), expected, EXACT);
    }
  });

  it.each([
    ['a single image', images(1, 3)],
    ['equal images', Array<Float32Array>(5).fill(images(1, 3)[0]!)],
  ])('leaves the regularisation alone of %s', (_, list) => {
    const covariance = sumsOf(list, 3).covariance(1);
    expect([...covariance]).toEqual([REGULARISATION, 0, 0, REGULARISATION, 0, REGULARISATION]);
  });

  it.each([NaN, Infinity])('refuses features that are %d, in the first image and later', (bad) => {
    const spoiled = images(1, 3)[0]!.with(4, bad);
    expect(() => sumsOf([spoiled], 3)).toThrow(FeaturesNotFinite);
    expect(() => sumsOf([...images(2, 3), spoiled], 3)).toThrow(FeaturesNotFinite);
  });
});

describe('whiteningOf', () => {
  it.each([
    [1, 5],
    [6, 40],
    // Fewer images than channels: the regularisation carries what they do not span.
    [12, 4],
  ])('turns a covariance of %i channels into the identity', (d, count) => {
    const covariance = sumsOf(images(count, d), d).covariance(0);
    const full = unpacked(covariance, d);
    const whitening = whiteningOf(covariance.slice(), d);
    const entry = (i: number, j: number) => (i < j ? 0 : whitening[packedIndex(i, j, d)]!);
    const all = full.map((_, i) => i);
    const sum = (term: (k: number) => number) => all.reduce((total, k) => total + term(k), 0);
    const product = all.flatMap((i) =>
      all.map((j) => sum((k) => sum((l) => entry(i, k) * full[k]![l]! * entry(j, l)))),
    );
    expectClose(product, all.flatMap((i) => all.map((j) => Number(i === j))), EXACT); // prettier-ignore
  });
});

describe('gaussianAxes', () => {
  it.each([1, 2, 9])('keeps the Mahalanobis distance of %i channels and the volume', (d) => {
    const covariance = sumsOf(images(3 * d + 2, d), d).covariance(1);
    const trace = unpacked(covariance, d).reduce((sum, row, i) => sum + row[i]!, 0);
    const whitening = whiteningOf(covariance, d);
    const deviation = Float64Array.from({ length: d }, (_, i) => Math.sin(2 * i + 1));
    const rows = Array.from(
      { length: d },
      (_, i) =>
      Array.from({ length: i + 1 }, (_, j) => whitening[packedIndex(i, j, d)]! * deviation[j]!).reduce((a, b) => a + b, 0), // prettier-ignore
    );
    const { deviations, lengths } = gaussianAxes(whitening.slice(), deviation);
    const square = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value * value, 0);
    expect(square(deviations)).toBeCloseTo(square(rows), 3);
    expect(square(lengths)).toBeCloseTo(trace, 4);
    expect([...lengths]).toEqual([...lengths].sort((a, b) => b - a));
  });

  it('finds the axes of a tilted ellipse', () => {
    // Standard deviations 3 and 1 along the diagonals.
    const { deviations, lengths } = gaussianAxes(
      whiteningOf(Float64Array.from([5, 4, 5]), 2),
      Float64Array.from([3 / Math.SQRT2, 3 / Math.SQRT2]),
    );
    expect([...lengths]).toEqual([expect.closeTo(3, 5), expect.closeTo(1, 5)]);
    expect([...deviations].map(Math.abs)).toEqual([expect.closeTo(1, 5), expect.closeTo(0, 5)]);
  });
});
