import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { describeAllBackends } from '../../../testing/gpu';
import { COUNTS, countsOf, nonFinite } from './nonFinite';

async function counted(input: tf.Tensor, ...maps: tf.Tensor[]) {
  const read = await nonFinite(input, ...maps).data<'float32'>();
  return Array.from({ length: input.shape[0]! }, (_, i) =>
    countsOf(read.subarray(i * COUNTS, (i + 1) * COUNTS)),
  );
}

describeAllBackends('nonFinite', () => {
  it('counts NaN and infinities of each image, wherever they stand, and no large or tiny number', async () => {
    const row = 7 * 911;
    const values = new Float32Array(4 * row).fill(3.4e38);
    values.set([1e-45, -0, -3.4e38], row);
    values.set([NaN, Infinity], row + 300);
    values[2 * row - 1] = -Infinity;
    values[2 * row] = NaN;
    const found = await counted(tf.tensor(values, [4, 7, 911]));
    expect(found.map(({ input }) => input)).toEqual([0, 3, 1, 0]);
    expect(found.every(({ maps }) => maps === 0)).toBe(true);
  });

  it('takes a single value an image', async () => {
    expect(await counted(tf.tensor1d([0, NaN, 2]))).toEqual([0, 1, 0].map((input) => ({ input, maps: 0 })));
  });

  it.each([1, 2, 3])('counts what %i maps hold together, apart from the input', async (maps) => {
    const input = tf.tensor2d([1, 2, NaN, 4, 5, 6], [2, 3]);
    const odd = [NaN, Infinity, -Infinity];
    const all = odd
      .slice(0, maps)
      .map((value, i) => tf.fill([2, 1 + i, 2], 0).concat(tf.fill([2, 1, 2], value), 1));
    expect(await counted(input, ...all)).toEqual([
      { input: 1, maps: 2 * maps },
      { input: 0, maps: 2 * maps },
    ]);
  });
});
