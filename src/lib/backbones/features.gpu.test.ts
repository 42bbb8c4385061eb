import { expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { expectClose } from '../../testing/golden';
import { describeAllBackends } from '../../testing/gpu';
import { alignFeatures, projectFeatures } from './features';

describeAllBackends('alignFeatures', () => {
  it('puts coarse corners onto fine corners, odd sizes and several maps too', async () => {
    const fine = tf.zeros<tf.Rank.R4>([1, 3, 5, 1]);
    const coarse = tf.tensor4d([0, 4, 8, 10, 14, 18], [1, 2, 3, 1]);
    const single = tf.tensor4d([7], [1, 1, 1, 1]);
    const phi = alignFeatures(fine, coarse, single);
    expect(phi.shape).toEqual([1, 3, 5, 3]);
    const values = Array.from(await phi.data());
    expectClose(values.filter((_, i) => i % 3 === 1), [0, 2, 4, 6, 8, 5, 7, 9, 11, 13, 10, 12, 14, 16, 18]); // prettier-ignore
    expect(new Set(values.filter((_, i) => i % 3 === 0))).toEqual(new Set([0]));
    expect(new Set(values.filter((_, i) => i % 3 === 2))).toEqual(new Set([7]));
    tf.dispose([fine, coarse, single, phi]);
  });
});

describeAllBackends('projectFeatures', () => {
  it('multiplies every position by the matrix', async () => {
    const phi = tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]);
    const projection = tf.tensor2d([1, 0, -1, 2, 1, 0], [2, 3]);
    const projected = projectFeatures(phi, projection);
    expect(projected.shape).toEqual([1, 2, 1, 3]);
    expectClose(await projected.data(), [5, 2, -1, 11, 4, -3]);
    tf.dispose([phi, projection, projected]);
  });
});
