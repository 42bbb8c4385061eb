// Layer normalisation and its gradients against stock operations; dropout and feature jitter against their definitions.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, onCpu } from '../../../testing/gpu';
import { dropout } from '../noise/dropout';
import { featureJitter } from '../noise/featureJitter';
import { layerNorm } from './layerNorm';

function noise(shape: number[], seed: number): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => 3 + Math.sin(i * 12.9898 + seed * 78.233)),
    shape,
  );
}

type Operation = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => tf.Tensor;
const ours: Operation = (x, scale, shift) => layerNorm(x, scale as tf.Tensor1D, shift as tf.Tensor1D);
const stock: Operation = (x, scale, shift) => {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(scale).add(shift);
};

async function valueAndGradients(operation: Operation, rows: number[], channels: number) {
  const { value, grads } = tf.tidy(() => {
    const inputs = [noise([...rows, channels], 1), noise([channels], 2), noise([channels], 3)];
    return tf.valueAndGrads(operation)(inputs as never, noise([...rows, channels], 4));
  });
  const arrays = await Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
  tf.dispose([value, ...grads]);
  return arrays.map((array) => array.slice());
}

describeAllBackends('layerNorm', () => {
  it.each([
    [[1], 4],
    [[3, 5], 12],
    [[130], 64],
  ])('of %j rows of %i agrees with stock operations, gradients too', async (rows, channels) => {
    const actual = await valueAndGradients(ours, rows, channels);
    const expected = await onCpu(() => valueAndGradients(stock, rows, channels));
    actual.forEach((array, i) => expectClose(array, expected[i]!, { rtol: 1e-3, atol: 2e-4 }));
  });

  it('leaves no tensor behind', async () => {
    await valueAndGradients(ours, [3], 8);
    const before = tf.memory().numTensors;
    await valueAndGradients(ours, [3], 8);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describeAllBackends('dropout', () => {
  it('zeroes its share, scales the rest, and lets through the gradient of what it kept', async () => {
    const x = tf.ones([1000]);
    const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => dropout(t, 0.25, 3))(x, tf.ones([1000]));
    const values = await value.data();
    expect(await grad.data()).toEqual(values);
    expect(values.filter((v) => v === 0).length / 1000).toBeCloseTo(0.25, 1);
    expectClose(values.filter((v) => v !== 0).slice(0, 5), new Array<number>(5).fill(4 / 3));
    tf.dispose([x, value, grad]);
  });
});

describeAllBackends('featureJitter', () => {
  it('adds normal noise of the paper’s scale to every token: strength * |x| / C', async () => {
    // Two tokens of 4,000 channels, lengths 1 and 10.
    const x = tf.concat([tf.fill([1, 4000], Math.sqrt(1 / 4000)), tf.fill([1, 4000], Math.sqrt(100 / 4000))]);
    const noisy = featureJitter(x, 20, 5);
    const difference = noisy.sub(x);
    const { mean, variance } = tf.moments(difference, 1);
    const [deviations, means] = [await variance.sqrt().data(), await mean.data()];
    [1, 10].forEach((length, token) => {
      const expected = (20 * length) / 4000;
      expect(deviations[token]! / expected).toBeCloseTo(1, 1);
      // Four standard errors.
      expect(Math.abs(means[token]!)).toBeLessThan((4 * expected) / Math.sqrt(4000));
    });
    const fourth = await difference.slice([0, 0], [1, 4000]).div(0.005).pow(4).mean().data();
    expect(Math.abs(fourth[0]! - 3)).toBeLessThan(0.7);
  });

  it('is the same on both backends, and another for another seed', async () => {
    const values = async (seed: number) =>
      tf.tidy(() => featureJitter(noise([3, 40], 1), 20, seed)).data<'float32'>();
    const first = await values(1);
    expectClose(first, await onCpu(() => values(1)), { rtol: 1e-3, atol: 1e-3 });
    expect(await values(2)).not.toEqual(first);
  });
});
