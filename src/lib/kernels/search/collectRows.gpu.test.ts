import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { describeAllBackends } from '../../../testing/gpu';
import { collectRows } from './collectRows';

describeAllBackends('collectRows', () => {
  it('puts each row into its place and passes over the others', async () => {
    const store = tf.fill<tf.Rank.R2>([5, 4], 9);
    collectRows(tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]), tf.tensor1d([4, -1, 0]), store);
    expect(Array.from(await store.data())).toEqual([
      ...[7, 8, 9, 9],
      ...Array<number>(12).fill(9),
      ...[1, 2, 3, 9],
    ]);
  });

  it('fills a store batch by batch, at sizes off every workgroup', async () => {
    const rows = tf.randomNormal<tf.Rank.R2>([131, 37], 0, 1, 'float32', 4);
    const store = tf.fill<tf.Rank.R2>([131, 37], 0);
    for (const [begin, size] of [
      [0, 100],
      [100, 31],
    ] as const) {
      const targets = tf.range(begin, begin + size);
      collectRows(rows.slice([begin, 0], [size, 37]), targets, store);
    }
    expect(await store.data()).toEqual(await rows.data());
  });

  it('refuses rows of another length', () => {
    expect(() => collectRows(tf.zeros([2, 3]), tf.zeros([2]), tf.zeros([9, 2]))).toThrow(/collectRows/);
    expect(() => collectRows(tf.zeros([2, 3]), tf.zeros([1]), tf.zeros([9, 3]))).toThrow(/collectRows/);
  });
});
