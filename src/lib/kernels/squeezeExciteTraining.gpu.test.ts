// The two kernels that squeeze-and-excite trains with, against tfjs's operations and gradients, at odd sizes; the same
// bits twice.
import { expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { expectClose } from '../../testing/golden';
import { describeAllBackends } from '../../testing/gpu';
import { channelMeans } from './convolution/channelMeans';
import { gatedHardSwish } from './convolution/gatedHardSwish';

type Shape = [number, number, number, number];
const SHAPES: Shape[] = [[1, 1, 1, 1], [2, 3, 5, 7], [2, 8, 8, 12], [1, 3, 1, 65]]; // prettier-ignore

type Operation = (x: tf.Tensor4D, gate: tf.Tensor2D) => tf.Tensor;

const composed: Operation = (x, gate) => {
  const z = x.mul(gate.reshape([x.shape[0], 1, 1, x.shape[3]]));
  return z.mul(z.add(3).relu6()).div(6);
};

/** Value and gradients of the sum of the result times weights; wide enough for all three parts of hard-swish. */
async function valueAndGradients(operation: Operation, shape: Shape) {
  const x = tf.randomNormal<tf.Rank.R4>(shape, 0, 3, 'float32', 1);
  const gate = tf.randomUniform<tf.Rank.R2>([shape[0], shape[3]], 0.2, 2, 'float32', 2);
  const f = (x: tf.Tensor, gate: tf.Tensor) => operation(x as tf.Tensor4D, gate as tf.Tensor2D);
  const size = tf.tidy(() => f(x, gate).shape);
  const { value, grads } = tf.valueAndGrads(f)([x, gate], tf.randomNormal(size, 0, 1, 'float32', 3));
  return Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
}

describeAllBackends('gatedHardSwish', () => {
  it.each(SHAPES)('agrees with tfjs in value and gradients: %i x %i x %i x %i', async (...shape) => {
    const actual = await valueAndGradients(gatedHardSwish, shape);
    const expected = await valueAndGradients(composed, shape);
    actual.forEach((values, i) => expectClose(values, expected[i]!, { rtol: 1e-5, atol: 1e-5 }));
  });

  it('gives the same bits twice', async () => {
    const first = await valueAndGradients(gatedHardSwish, [2, 9, 7, 10]);
    expect(await valueAndGradients(gatedHardSwish, [2, 9, 7, 10])).toEqual(first);
  });
});

describeAllBackends('channelMeans', () => {
  it.each(SHAPES)('agrees with tfjs in value and gradient: %i x %i x %i x %i', async (...shape) => {
    const gated =
      (mean: (x: tf.Tensor4D) => tf.Tensor2D): Operation =>
      (x, gate) =>
        mean(x).mul(gate);
    const actual = await valueAndGradients(gated(channelMeans), shape);
    const expected = await valueAndGradients(
      gated((x) => x.mean([1, 2])),
      shape,
    );
    actual.forEach((values, i) => expectClose(values, expected[i]!, { rtol: 1e-5, atol: 1e-5 }));
  });
});
