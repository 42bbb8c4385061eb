// Against tfjs's own convolution and its gradients, with sizes that fill no workgroup; the same bits twice.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, describeWebgpu, onCpu } from '../../../testing/gpu';
import { forceTiles } from '../linear/tiling';
import { linear } from '../linear/linear';
import { convolution } from './convolution';
import { convolution3x3, narrowConvolution3x3 } from './convolutionTraining';

/** B, H, W, C and O. */
type Sizes = [number, number, number, number, number];
const SIZES: Sizes[] = [[1, 1, 1, 1, 1], [2, 3, 5, 7, 3], [2, 6, 4, 12, 8]]; // prettier-ignore

type Convolution = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor;

/** Value and both gradients of the sum of the result times weights. */
async function valueAndGradients(convolution: Convolution, [b, h, w, c, o]: Sizes) {
  const x = tf.randomNormal<tf.Rank.R4>([b, h, w, c], 0, 1, 'float32', 1);
  const filter = tf.randomNormal<tf.Rank.R4>([3, 3, c, o], 0, 1, 'float32', 2);
  const { value, grads } = tf.valueAndGrads((x, filter) =>
    convolution(x as tf.Tensor4D, filter as tf.Tensor4D),
  )([x, filter], tf.randomNormal([b, h, w, o], 0, 1, 'float32', 3));
  return Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
}

describeAllBackends('convolution3x3', () => {
  it.each(SIZES)('agrees with tfjs in value and gradients: %i x %i x %i, %i to %i', async (...sizes) => {
    const actual = await valueAndGradients(convolution3x3, sizes);
    const expected = await valueAndGradients((x, f) => tf.conv2d(x, f, 1, 'same'), sizes);
    actual.forEach((values, i) => expectClose(values, expected[i]!, { rtol: 1e-4, atol: 1e-5 }));
  });

  it('gives the same bits twice', async () => {
    const first = await valueAndGradients(convolution3x3, [3, 9, 7, 10, 5]);
    expect(await valueAndGradients(convolution3x3, [3, 9, 7, 10, 5])).toEqual(first);
  });
});

describeAllBackends('narrowConvolution3x3', () => {
  it.each<Sizes>([
    [1, 1, 2, 4, 4],
    [2, 6, 5, 4, 12],
  ])('agrees with tfjs in value and gradients: %i x %i x %i, %i to %i', async (...sizes) => {
    const actual = await valueAndGradients(narrowConvolution3x3, sizes);
    const expected = await valueAndGradients((x, f) => tf.conv2d(x, f, 1, 'same'), sizes);
    actual.forEach((values, i) => expectClose(values, expected[i]!, { rtol: 1e-4, atol: 1e-5 }));
  });

  it('refuses a filter of other channels', () => {
    expect(() => narrowConvolution3x3(tf.zeros([1, 2, 2, 4]), tf.zeros([3, 3, 8, 4]))).toThrow(/Shapes/);
  });
});

describeWebgpu('by tiles, as on a GPU', () => {
  beforeAll(() => forceTiles(true));
  afterAll(() => forceTiles(null));

  it('a convolution that trains agrees with tfjs in value and gradients, with the same bits twice', async () => {
    const sizes: Sizes = [2, 8, 8, 16, 12];
    const actual = await valueAndGradients(convolution3x3, sizes);
    const expected = await onCpu(() => valueAndGradients((x, f) => tf.conv2d(x, f, 1, 'same'), sizes));
    actual.forEach((values, i) => expectClose(values, expected[i]!, { rtol: 1e-4, atol: 1e-5 }));
    expect(await valueAndGradients(convolution3x3, sizes)).toEqual(actual);
  });

  it('a linear layer agrees in value and gradients', async () => {
    const operation = (x: tf.Tensor, weight: tf.Tensor) => linear(x as tf.Tensor2D, weight as tf.Tensor2D);
    const draw = (shape: [number, number], seed: number) =>
      tf.randomNormal<tf.Rank.R2>(shape, 0, 1, 'float32', seed);
    const run = () => {
      const inputs = [draw([128, 16], 1), draw([16, 12], 2)];
      const { value, grads } = tf.valueAndGrads(operation)(inputs, draw([128, 12], 3));
      return Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
    };
    const actual = await run();
    const expected = await onCpu(run);
    actual.forEach((values, i) => expectClose(values, expected[i]!, { rtol: 1e-5, atol: 1e-5 }));
  });

  it('a frozen convolution agrees', async () => {
    const run = () => {
      const x = tf.randomNormal<tf.Rank.R4>([2, 9, 9, 16], 0, 1, 'float32', 1);
      const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 16, 12], 0, 1, 'float32', 2);
      const bias = tf.randomNormal<tf.Rank.R1>([12], 0, 1, 'float32', 3);
      return convolution(x, filter, bias, { stride: 2, activation: 'relu' }).data<'float32'>();
    };
    expectClose(await run(), await onCpu(run), { rtol: 1e-5, atol: 1e-5 });
  });
});
