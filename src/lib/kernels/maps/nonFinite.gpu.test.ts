import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { describeBackends } from '../../../testing/gpu';
import { nonFinite } from './nonFinite';

describeBackends('nonFinite', () => {
  it('counts NaN and infinities of each row, wherever they stand, and no large or tiny number', async () => {
    const row = 7 * 91;
    const values = new Float32Array(4 * row).fill(3.4e38);
    values.set([1e-45, -0, -3.4e38], row);
    values.set([NaN, Infinity], row + 300);
    values[2 * row - 1] = -Infinity;
    values[2 * row] = NaN;
    expect([...(await nonFinite(tf.tensor(values, [4, 7, 91])).data())]).toEqual([0, 3, 1, 0]);
  });

  it('takes a single value a row', async () => {
    expect([...(await nonFinite(tf.tensor1d([0, NaN, 2])).data())]).toEqual([0, 1, 0]);
  });
});
