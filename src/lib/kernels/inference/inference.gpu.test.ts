// The layers that do not train against what they are composed of when they do, on every backend, at sizes off every tile; and the
// small network of vectors with its gradients against tfjs's own operations.
import { expect, it } from 'vitest';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, onCpu } from '../../../testing/gpu';
import { tf } from '../../gpu/tf';
import { convolution } from '../convolution/convolution';
import { depthwise3x3, depthwise3x3Folded } from '../convolution/depthwiseTraining';
import { gatedHardSwish } from '../convolution/gatedHardSwish';
import { gridSample } from '../gridSample/gridSample';
import { linear } from '../linear/linear';
import { weightedSum } from '../linear/weightedSum';
import { distanceMap } from '../maps/distanceMap';
import { mapExtremes } from '../maps/mapExtremes';
import { batchNormInference, instanceNormalise } from '../normalise/normalise';
import { checkedRow } from '../maps/checkedRow';
import { branchMaps } from './branchMaps';
import { foldNorm } from './foldNorm';
import { gridQuery } from './gridQuery';
import { normaliseImage } from './normaliseImage';
import { pointwise } from './pointwise';
import { vectorNetwork, type VectorActivation } from './vectorNetwork';

const random = <R extends tf.Rank>(shape: number[], seed: number): tf.Tensor<R> =>
  tf.randomNormal(shape as tf.ShapeMap[R], 0, 1, 'float32', seed) as tf.Tensor<R>;

/** A batch norm of some channels: its parts, and the same folded. */
function norm(channels: number) {
  const [mean, scale, shift] = [1, 2, 3].map((seed) => random<tf.Rank.R1>([channels], seed));
  const variance = random<tf.Rank.R1>([channels], 4).square().add<tf.Tensor1D>(0.1);
  const parts = { mean: mean!, variance, scale: scale!, shift: shift! };
  const affine = tf.variable(tf.zeros<tf.Rank.R2>([2, channels]), false);
  foldNorm(affine, parts, 1e-5);
  return { ...parts, affine };
}

async function same(actual: tf.Tensor, expected: tf.Tensor, tolerance = 2e-5): Promise<void> {
  expect(actual.shape).toEqual(expected.shape);
  expectClose(await actual.data(), await expected.data(), { atol: tolerance, rtol: tolerance });
}

describeAllBackends('a layer that does not train', () => {
  it.each([
    [2, 5, 3, 12, 20],
    [1, 9, 9, 64, 36],
    [2, 4, 4, 8, 72],
  ])('pointwise of %i x %i x %i, %i to %i channels, with all around it', async (b, h, w, p, q) => {
    const [x, weight, residual] = [random<tf.Rank.R4>([b, h, w, p], 1), random<tf.Rank.R2>([p, q], 2), random<tf.Rank.R4>([b, h, w, q], 3)]; // prettier-ignore
    const gate = random<tf.Rank.R2>([b, p], 5).sigmoid<tf.Tensor2D>();
    const { affine, mean, variance, scale, shift } = norm(q);
    const options = { epsilon: 1e-5, activation: 'hard-swish' as const };
    const plain = batchNormInference(linear(x, weight), mean, variance, scale, shift, options);
    await same(pointwise(x, weight, { affine, activation: 'hard-swish' }), plain);
    const gated = linear(gatedHardSwish(x, gate), weight);
    const sum = batchNormInference(gated, mean, variance, scale, shift, { epsilon: 1e-5 }).add(residual);
    await same(pointwise(x, weight, { affine, gate, residual }), sum, 5e-5);
  });

  it('pointwise to two columns, with bias and tanh', async () => {
    const [x, weight, bias] = [random<tf.Rank.R2>([37, 12], 1), random<tf.Rank.R2>([12, 2], 2), random<tf.Rank.R1>([2], 3)]; // prettier-ignore
    const expected = tf.tanh(linear(x, weight, bias));
    await same(pointwise(x, weight, { affine: bias, activation: 'tanh' }), expected);
    expect(() => pointwise(x, random<tf.Rank.R2>([12, 9], 2))).toThrow(/12 to 9 channels/);
  });

  it('the depthwise and the dense convolution with the norm after them', async () => {
    const x = random<tf.Rank.R4>([2, 6, 7, 8], 1);
    const { affine, mean, variance, scale, shift } = norm(8);
    const filter = random<tf.Rank.R4>([3, 3, 8, 1], 2);
    const after = (y: tf.Tensor4D) => batchNormInference(y, mean, variance, scale, shift, { epsilon: 1e-5 });
    await same(depthwise3x3Folded(x, filter, affine), after(depthwise3x3(x, filter)));
    const [dense, residual] = [random<tf.Rank.R4>([3, 3, 8, 8], 3), random<tf.Rank.R4>([2, 6, 7, 8], 4)];
    const expected = await onCpu(async () => {
      const [a, f] = [await copy(x), await copy(dense)];
      return (await tf.conv2d(a, f, 1, 'same').data()).slice();
    });
    const sum = tf.relu(after(tf.tensor(expected, [2, 6, 7, 8])).add(residual));
    await same(convolution(x, dense, affine, { residual, activation: 'relu' }), sum, 5e-5);
  });

  it.each([
    [1, 5, 4, 8],
    [2, 9, 7, 36],
  ])('instance normalisation of %i x %i x %i x %i', async (b, h, w, c) => {
    const x = random<tf.Rank.R4>([b, h, w, c], 1).mul(3).add<tf.Tensor4D>(100);
    await same(normaliseImage(x, 1e-6), instanceNormalise(x, 1e-6), 1e-4);
  });

  it('the query of a grid', async () => {
    const [wide, small] = [random<tf.Rank.R3>([3, 3, 4 * 5 * 6], 1), random<tf.Rank.R3>([5, 5, 6], 2)];
    const [images, pixels] = [random<tf.Rank.R2>([2, 2], 3), random<tf.Rank.R2>([40, 2], 4)];
    const parts = [gridSample(wide, images).reshape([40, 6]), gridSample(small, pixels)];
    await same(gridQuery(wide, small, images, pixels), tf.concat(parts as tf.Tensor2D[], 1), 1e-6);
    const given = [wide, small, images, pixels];
    const dy = random<tf.Rank.R2>([40, 12], 5);
    const fused = tf.grads((...[a, b, c, d]) => gridQuery(a as tf.Tensor3D, b as tf.Tensor3D, c as tf.Tensor2D, d as tf.Tensor2D)); // prettier-ignore
    const composed = tf.grads(
      (...[a, b, c, d]) =>
      tf.concat([gridSample(a as tf.Tensor3D, c as tf.Tensor2D).reshape([40, 6]), gridSample(b as tf.Tensor3D, d as tf.Tensor2D)] as tf.Tensor2D[], 1), // prettier-ignore
    );
    const expected = composed(given, dy);
    for (const [i, grad] of fused(given, dy).entries()) await same(grad, expected[i]!, 0);
    expect(() => gridQuery(wide, small, images, pixels.slice([0, 0], [20, 2]))).toThrow(
      /not those of 10 pixels/,
    );
  });

  it.each([true, false])('the maps of both branches, refined: %s', async (refine) => {
    const [phi, a, b] = [1, 2, 3].map((seed) => random<tf.Rank.R4>([2, 3, 5, 12], seed)) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D]; // prettier-ignore
    const weight = tf.tensor1d([-0.3]);
    const maps = branchMaps(phi, a, b, { normal: 1, abnormal: 1, weight }, refine);
    await same(maps.fused, distanceMap(phi, weightedSum(a, b, weight), refine), 1e-5);
    await same(maps.normal, distanceMap(phi, a, false), 1e-5);
    await same(maps.abnormal, b.slice([0, 0, 0, 0], [2, 3, 5, 1]).reshape([2, 3, 5]), 0);
    const mixed = branchMaps(phi, a, b, { normal: 0.8, abnormal: 0.2 }, refine);
    await same(mixed.fused, distanceMap(phi, a.mul(0.8).add(b.mul(0.2)), refine), 1e-5);
  });

  it('the row of numbers that is read back', async () => {
    const [counts, scores, maps] = [random<tf.Rank.R2>([2, 16], 1), random<tf.Rank.R1>([2], 2), random<tf.Rank.R3>([2, 7, 50], 3)]; // prettier-ignore
    const row = tf.concat([counts, scores.reshape([2, 1]), mapExtremes(maps)], 1);
    expect(await checkedRow(counts, scores, maps).data()).toEqual(await row.data());
  });
});

/** On the current backend. */
const copy = async <T extends tf.Tensor>(x: T): Promise<T> =>
  tf.tensor((await x.data()).slice(), x.shape) as T;

describeAllBackends('a network of vectors', () => {
  const activations: Record<VectorActivation, (x: tf.Tensor) => tf.Tensor> = {
    relu: tf.relu,
    tanh: tf.tanh,
    'hard-sigmoid': (x) => x.add(3).clipByValue(0, 6).div(6),
  };
  it.each([
    ['relu', 'hard-sigmoid', false, 3, 20, 5, 20],
    ['tanh', 'tanh', true, 2, 300, 290, 2],
  ] as const)('of %s and %s, biases: %s', async (first, second, biased, images, p, h, q) => {
    const x = random<tf.Rank.R2>([images, p], 1);
    const [w1, w2] = [random<tf.Rank.R2>([p, h], 2).div<tf.Tensor2D>(Math.sqrt(p)), random<tf.Rank.R2>([h, q], 3).div<tf.Tensor2D>(4)]; // prettier-ignore
    const [b1, b2] = [random<tf.Rank.R1>([h], 4), random<tf.Rank.R1>([q], 5)];
    const dy = random<tf.Rank.R2>([images, q], 6);
    const given = biased ? [x, w1, w2, b1, b2] : [x, w1, w2];
    const network = (...[x, w1, w2, b1, b2]: tf.Tensor[]) =>
      vectorNetwork(
        x as tf.Tensor2D,
        { weight: w1 as tf.Tensor2D, bias: (b1 ?? null) as tf.Tensor1D | null, activation: first },
        { weight: w2 as tf.Tensor2D, bias: (b2 ?? null) as tf.Tensor1D | null, activation: second },
      );
    const composed = (...[x, w1, w2, b1, b2]: tf.Tensor[]) => {
      const inside = tf.matMul(x as tf.Tensor2D, w1 as tf.Tensor2D);
      const between = activations[first](b1 ? inside.add(b1) : inside);
      const outside = tf.matMul(between as tf.Tensor2D, w2 as tf.Tensor2D);
      return activations[second](b2 ? outside.add(b2) : outside);
    };
    const values = await Promise.all([...given, dy].map(async (one) => ({ shape: one.shape, data: (await one.data()).slice() }))); // prettier-ignore
    const expected = await onCpu(async () => {
      const tensors = values.map(({ shape, data }) => tf.tensor(data, shape));
      const [out, ...inputs] = [tensors.pop()!, ...tensors];
      const { value, grads } = tf.valueAndGrads(composed)(inputs, out);
      return Promise.all([value, ...grads].map(async (one) => (await one.data()).slice()));
    });
    const before = tf.memory().numTensors;
    const { value, grads } = tf.valueAndGrads(network)(given, dy);
    for (const [i, one] of [value, ...grads].entries()) {
      expectClose(await one.data(), expected[i]!, { atol: 2e-5, rtol: 2e-5 });
    }
    tf.dispose([value, ...grads]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
