import { describe, expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { expectClose } from '../../testing/golden';
import { describeBackends } from '../../testing/gpu';
import { normaliseFeatures } from './features';
import { FeatureStatistics } from './featureStatistics';

/** Unbiased, in two passes. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

describeBackends('feature statistics', () => {
  it('over batches of different sizes equal those over all at once', async () => {
    const statistics = new FeatureStatistics();
    const all: number[] = [];
    for (const [batch, seed] of [
      [2, 1],
      [3, 2],
      [1, 3],
    ] as const) {
      // Far from zero, where sums of squares would cancel.
      const phi = tf.randomNormal<tf.Rank.R4>([batch, 3, 5, 4], 100 * seed, 0.5, 'float32', seed);
      await statistics.add(phi);
      all.push(...(await phi.data()));
      phi.dispose();
    }
    expect(statistics.positions).toBe(6 * 15);
    expect(statistics.sigma).toBeCloseTo(deviation(all), 3);
    const third = all.filter((_, index) => index % 4 === 2);
    const { mean, std } = statistics.perChannel();
    expect(mean[2]).toBeCloseTo(third.reduce((sum, value) => sum + value, 0) / third.length, 3);
    expect(std[2]).toBeCloseTo(deviation(third), 3);
  });

  it('normalise features to zero mean and unit deviation, and leave a silent channel at zero', async () => {
    const phi = tf.tensor4d([1, 5, 3, 5, 8, 5], [1, 3, 1, 2]);
    const statistics = new FeatureStatistics();
    await statistics.add(phi);
    const normalised = normaliseFeatures(phi, statistics.perChannel());
    const std = deviation([1, 3, 8]);
    expectClose(await normalised.data(), [-3 / std, 0, -1 / std, 0, 4 / std, 0]);
    tf.dispose([phi, normalised]);
  });
});

describe('feature statistics', () => {
  it('refuse features with another number of channels', async () => {
    await tf.setBackend('cpu');
    const statistics = new FeatureStatistics();
    const [a, b] = [tf.zeros<tf.Rank.R4>([1, 1, 1, 2]), tf.zeros<tf.Rank.R4>([1, 1, 1, 3])];
    await statistics.add(a);
    await expect(statistics.add(b)).rejects.toThrow('3 channels, 2 before');
    tf.dispose([a, b]);
  });
});
