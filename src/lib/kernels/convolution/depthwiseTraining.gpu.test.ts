// Against tfjs's own depthwise convolution and its gradients, with sizes that fill no workgroup; the same bits twice.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { depthwise3x3 } from './depthwiseTraining';

const SHAPES: [number, number, number, number][] = [[1, 1, 1, 1], [2, 3, 5, 7], [2, 4, 8, 12], [3, 5, 1, 65]]; // prettier-ignore

type Convolution = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor;

/** Value and both gradients of the sum of the result times weights. */
async function valueAndGradients(convolution: Convolution, shape: [number, number, number, number]) {
  const x = tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', 1);
  const filter = tf.randomNormal<tf.Rank.R4>([3, 3, shape[3], 1], 0, 1, 'float32', 2);
  const weights = tf.randomNormal(shape, 0, 1, 'float32', 3);
  const { value, grads } = tf.valueAndGrads((x, filter) =>
    convolution(x as tf.Tensor4D, filter as tf.Tensor4D),
  )([x, filter], weights);
  return Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
}

describeAllBackends('depthwise3x3', () => {
  it.each(SHAPES)('agrees with tfjs in value and gradients: %i x %i x %i x %i', async (...shape) => {
    const actual = await valueAndGradients(depthwise3x3, shape);
    const expected = await valueAndGradients((x, f) => tf.depthwiseConv2d(x, f, 1, 'same'), shape);
    actual.forEach((values, i) => expectClose(values, expected[i]!, { rtol: 1e-5, atol: 1e-5 }));
  });

  it('gives the same bits twice', async () => {
    const shape: [number, number, number, number] = [3, 9, 7, 10];
    const first = await valueAndGradients(depthwise3x3, shape);
    expect(await valueAndGradients(depthwise3x3, shape)).toEqual(first);
  });
});
