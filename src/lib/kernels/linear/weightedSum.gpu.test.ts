// Fusion and mean squared error against the same composed of tfjs's operations, with their gradients.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, describeWebgpu, onCpu } from '../../../testing/gpu';
import { meanSquaredError, weightedSum } from './weightedSum';

const noise = (length: number, seed: number): tf.Tensor =>
  tf.tensor1d(Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233)));

type Loss = (a: tf.Tensor, b: tf.Tensor, weight: tf.Tensor, target: tf.Tensor) => tf.Scalar;
const ours: Loss = (a, b, weight, target) => meanSquaredError(target, weightedSum(a, b, weight));
const theirs: Loss = (a, b, weight, target) =>
  target
    .sub(a.add(b.mul(weight)))
    .square()
    .mean();

async function lossAndGradients(loss: Loss, length: number): Promise<Float32Array[]> {
  const inputs = [noise(length, 1), noise(length, 2), tf.tensor1d([-0.2]), noise(length, 3)];
  const f = (...tensors: tf.Tensor[]) => loss(...(tensors as Parameters<Loss>)).mul<tf.Scalar>(100);
  const { value, grads } = tf.valueAndGrads(f)(inputs);
  const arrays = await Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
  tf.dispose([value, ...inputs, ...grads]);
  return arrays;
}

describeAllBackends('the mean squared error of a weighted sum', () => {
  it.each([1, 2, 63, 513, 70_001])('of %i elements agrees with composed operations', async (length) => {
    const actual = await lossAndGradients(ours, length);
    const expected = await onCpu(() => lossAndGradients(theirs, length));
    actual.forEach((array, i) => expectClose(array, expected[i]!, { rtol: 1e-4, atol: 1e-5 }));
  });

  it('refuses shapes that differ and a weight that is no number', () => {
    expect(() => weightedSum(tf.zeros([2]), tf.zeros([3]), tf.scalar(1))).toThrow(/shape/i);
    expect(() => weightedSum(tf.zeros([2]), tf.zeros([2]), tf.zeros([2]))).toThrow(/one number/);
    expect(() => meanSquaredError(tf.zeros([2]), tf.zeros([3]))).toThrow(/shape/i);
  });
});

describeWebgpu('the mean squared error', () => {
  it('has the same bits twice and leaves no tensor behind', async () => {
    const first = await lossAndGradients(ours, 5000);
    const before = tf.memory();
    expect(await lossAndGradients(ours, 5000)).toEqual(first);
    expect(tf.memory()).toEqual(before);
  });
});
