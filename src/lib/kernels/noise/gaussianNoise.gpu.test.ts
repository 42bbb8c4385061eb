// Noise on the GPU against the same arithmetic on the CPU, and whether it is normal and independent.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, onCpu } from '../../../testing/gpu';
import { gaussianNoise } from './gaussianNoise';

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

async function draw(count: number, deviation = 1, seed: [number, number] = [7, 4_000_000_000]) {
  return tf.tidy(() => gaussianNoise<tf.Rank.R1>([count], deviation, seed)).data();
}

describeAllBackends('gaussianNoise', () => {
  it('has the reference’s values, off every tile size', async () => {
    const expected = await onCpu(() => draw(3 * 512 + 77, 0.5));
    expectClose(await draw(3 * 512 + 77, 0.5), expected, { rtol: 1e-3, atol: 1e-3 });
  });

  it('is normal: mean, variance, tails, and neighbours without correlation', async () => {
    const count = 100_000;
    const values = Array.from(await draw(count));
    expect(Math.abs(mean(values))).toBeLessThan(0.015);
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(mean(values.map((value) => value ** 4))).toBeCloseTo(3, 0);
    expect(mean(values.map((value) => Number(Math.abs(value) > 2)))).toBeCloseTo(0.0455, 2);
    for (const apart of [1, 64, 512]) {
      const products = values.slice(apart).map((value, i) => value * values[i]!);
      expect(Math.abs(mean(products))).toBeLessThan(0.02);
    }
  });

  it('repeats itself under a seed, and shares nothing with other seeds', async () => {
    const first = await draw(5000);
    expect(await draw(5000)).toEqual(first);
    for (const seed of [
      [8, 4_000_000_000],
      [7, 4_000_000_001],
      [0, 0],
    ] as [number, number][]) {
      const other = await draw(5000, 1, seed);
      expect(Math.abs(mean(Array.from(other, (value, i) => value * first[i]!)))).toBeLessThan(0.06);
    }
  });

  it('keeps the shape and leaves no other tensor behind', () => {
    const before = tf.memory().numTensors;
    const noise = gaussianNoise<tf.Rank.R4>([2, 3, 4, 5], 0.1, [1, 2]);
    expect([noise.shape, tf.memory().numTensors - before]).toEqual([[2, 3, 4, 5], 1]);
    noise.dispose();
  });
});
