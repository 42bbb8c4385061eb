// Against the distance as a textbook gives it: in float64, with the covariance itself and Gaussian elimination.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { Random } from '../../nn/random';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { mahalanobis, packedIndex, packedSize } from './mahalanobis';

/** Solves A x = b by elimination; A is positive definite, so no pivots are needed. */
function solve(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!]);
  rows.forEach((pivot, i) => {
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = row[i]! / pivot[i]!;
      row.forEach((_, j) => (row[j]! -= factor * pivot[j]!));
    }
  });
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}

/** Places with a mean and an L^-1 each; the covariance is (L^-1^T L^-1)^-1. */
function randomGaussians(places: number, d: number) {
  const random = Random.stream(d, 'gaussians');
  const whitening = random.normals(places * packedSize(d), 0.2);
  for (let place = 0; place < places; place++) {
    for (let i = 0; i < d; i++)
      whitening[place * packedSize(d) + packedIndex(i, i, d)] = 1 + random.uniform();
  }
  return { mean: random.normals(places * d, 3), whitening };
}

const SIZES: [images: number, height: number, width: number, channels: number, chosen: number][] = [
  [1, 1, 1, 1, 1],
  [3, 2, 3, 7, 4],
  [5, 1, 2, 90, 70],
];

describeAllBackends('mahalanobis', () => {
  it.each(SIZES)('measures in standard deviations: %i x %i x %i x %i, %i chosen', async (...size) => {
    const [images, height, width, channels, d] = size;
    const places = height * width;
    const chosen = Random.stream(1, 'chosen').permutation(channels).slice(0, d);
    const phi = Random.stream(2, 'phi').normals(images * places * channels, 2);
    const { mean, whitening } = randomGaussians(places, d);
    const expected = Array.from({ length: images * places }, (_, pixel) => {
      const place = pixel % places;
      const entry = (row: number, column: number) =>
        row < column ? 0 : whitening[place * packedSize(d) + packedIndex(row, column, d)]!;
      const all = Array.from({ length: d }, (_, i) => i);
      const precision = all.map((i) =>
        all.map((j) => all.reduce((sum, k) => sum + entry(k, i) * entry(k, j), 0)),
      );
      // Covariance columns, then the textbook's x^T covariance^-1 x.
      const covariance = all.map((i) =>
        solve(
          precision,
          all.map((j) => Number(i === j)),
        ),
      );
      const x = chosen.map((channel, i) => phi[pixel * channels + channel]! - mean[place * d + i]!);
      return Math.sqrt(solve(covariance, x).reduce((sum, value, i) => sum + value * x[i]!, 0));
    });
    const map = mahalanobis(tf.tensor4d(phi, [images, height, width, channels]), {
      channels: tf.tensor1d(chosen, 'float32'),
      mean: tf.tensor2d(mean, [places, d]),
      whitening: tf.tensor2d(whitening, [places, packedSize(d)]),
    });
    expectClose(await map.data(), expected, { rtol: 1e-4, atol: 1e-5 });
    expect(map.shape).toEqual([images, height, width]);
  });

  it('refuses Gaussians of other places', () => {
    const gaussians = {
      channels: tf.tensor1d([0, 2]),
      mean: tf.zeros<tf.Rank.R2>([5, 2]),
      whitening: tf.zeros<tf.Rank.R2>([5, 3]),
    };
    expect(() => mahalanobis(tf.zeros([1, 2, 2, 3]), gaussians)).toThrow(/mahalanobis/);
  });
});
