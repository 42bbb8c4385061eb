// Distances and order against a float64 sort of all distances.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, describeWebgpu } from '../../../testing/gpu';
import { forceTiles } from '../linear/tiling';
import { nearestNeighbours } from './nearestNeighbours';

const SIZES: [queries: number, points: number, channels: number, k: number][] = [
  [1, 1, 1, 1],
  [3, 9, 2, 9],
  [70, 131, 5, 2],
  [65, 1000, 33, 1],
  [2, 517, 130, 9],
];

const random = (shape: [number, number], seed: number) =>
  tf.randomNormal<tf.Rank.R2>(shape, 0, 1, 'float32', seed);

/** All points by distance, in float64; one list a query. */
async function sorted(queries: tf.Tensor2D, bank: tf.Tensor2D) {
  const [count, channels] = queries.shape;
  const points = bank.shape[1];
  const [q, p] = [await queries.data(), await bank.data()];
  const distance = (i: number, j: number) =>
    Math.hypot(...Array.from({ length: channels }, (_, c) => q[i * channels + c]! - p[c * points + j]!));
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: points }, (_, index) => ({ index, distance: distance(i, index) })).sort(
      (a, b) => a.distance - b.distance || a.index - b.index,
    ),
  );
}

describeAllBackends('nearestNeighbours', () => {
  it.each(SIZES)('finds them, nearest first: %i queries, %i points, %i channels, k = %i', async (...size) => {
    const [count, points, channels, k] = size;
    const [queries, bank] = [random([count, channels], 1), random([channels, points], 2)];
    const { distances, indices } = nearestNeighbours(queries, bank, k);
    const expected = (await sorted(queries, bank)).flatMap((all) => all.slice(0, k));
    expectClose(await distances.data(), expected.map((one) => one.distance), { rtol: 1e-5, atol: 1e-6 }); // prettier-ignore
    expect(Array.from(await indices.data())).toEqual(expected.map((one) => one.index));
    expect(distances.shape).toEqual([count, k]);
  });

  it('puts a remembered point at a distance of exactly zero', async () => {
    const bank = tf.add<tf.Tensor2D>(random([40, 90], 3), 100);
    const queries = bank.transpose<tf.Tensor2D>();
    const { distances, indices } = nearestNeighbours(queries, bank);
    expect(await distances.data()).toEqual(new Float32Array(90));
    expect(Array.from(await indices.data())).toEqual(Array.from({ length: 90 }, (_, i) => i));
  });

  it('takes equal points in the order of the bank', async () => {
    const bank = tf.ones<tf.Rank.R2>([3, 200]);
    const { distances, indices } = nearestNeighbours(tf.zeros([2, 3]), bank, 4);
    expect(Array.from(await indices.data())).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    expectClose(await distances.data(), Array(8).fill(Math.sqrt(3)));
  });

  it('gives the same bits at every run, and leaves no tensor behind', async () => {
    const [queries, bank] = [random([100, 20], 4), random([20, 300], 5)];
    const run = async () => {
      const { distances, indices } = nearestNeighbours(queries, bank, 2);
      const values = [(await distances.data()).slice(), (await indices.data()).slice()];
      tf.dispose([distances, indices]);
      return values;
    };
    const before = tf.memory().numTensors;
    expect(await run()).toEqual(await run());
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses more neighbours than the bank has points, and points of another length', () => {
    expect(() => nearestNeighbours(tf.zeros([2, 3]), tf.zeros([3, 4]), 5)).toThrow(/nearestNeighbours/);
    expect(() => nearestNeighbours(tf.zeros([2, 3]), tf.zeros([4, 9]))).toThrow(/nearestNeighbours/);
  });
});

describeWebgpu('by tiles, as on a GPU', () => {
  beforeAll(() => forceTiles(true));
  afterAll(() => forceTiles(null));

  it('finds the nearest across tiles, slices and channels that fill none', async () => {
    const [queries, bank] = [random([70, 20], 1), random([20, 1031], 2)];
    const { distances, indices } = nearestNeighbours(queries, bank);
    const expected = (await sorted(queries, bank)).map(([first]) => first!);
    expectClose(await distances.data(), expected.map((one) => one.distance), { rtol: 1e-5, atol: 1e-6 }); // prettier-ignore
    expect(Array.from(await indices.data())).toEqual(expected.map((one) => one.index));
  });

  it('puts a remembered point at a distance of exactly zero, and takes the first of equal ones', async () => {
    const bank = tf.add<tf.Tensor2D>(random([40, 90], 3), 100);
    const { distances, indices } = nearestNeighbours(bank.transpose<tf.Tensor2D>(), bank.tile([1, 2]));
    expect(await distances.data()).toEqual(new Float32Array(90));
    expect(Array.from(await indices.data())).toEqual(Array.from({ length: 90 }, (_, i) => i));
  });
});
