import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { describeAllBackends } from '../../../testing/gpu';
import { mapExtremes } from './mapExtremes';

describeAllBackends('mapExtremes', () => {
  it.each([
    [1, 1, 1],
    [3, 7, 9],
    [2, 31, 37],
  ])('finds the smallest and largest value of each map: %i x %i x %i', async (...shape) => {
    const maps = tf.randomNormal<tf.Rank.R3>(shape, 0, 1, 'float32', 11);
    const expected = tf.stack([maps.min([1, 2]), maps.max([1, 2])], 1);
    expect(await mapExtremes(maps).data()).toEqual(await expected.data());
  });
});
