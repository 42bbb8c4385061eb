// The linear layer and its gradients against tfjs's matMul, at sizes off and on the tiles, slender and long; the same
// bits twice, also where the inner sum is cut into slices.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends, describeWebgpu, onCpu } from '../../../testing/gpu';
import { linear } from './linear';

function noise(shape: number[], seed: number): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233)),
    shape,
  );
}

/** An input of this shape, a weight to `outputs` values and, if asked for, a bias. */
function inputsOf(shape: number[], outputs: number, biased = true): tf.Tensor[] {
  const inputs = [noise(shape, 1), noise([shape.at(-1)!, outputs], 2)];
  return biased ? [...inputs, noise([outputs], 3)] : inputs;
}

type Layer = (x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor) => tf.Tensor;
const ours: Layer = (x, weight, bias) => linear(x, weight as tf.Tensor2D, bias as tf.Tensor1D | undefined);
const theirs: Layer = (x, weight, bias) => {
  const y = tf.matMul(x.reshape([-1, weight.shape[0]!]), weight as tf.Tensor2D);
  return (bias ? y.add(bias) : y).reshape([...x.shape.slice(0, -1), weight.shape[1]!]);
};

async function valueAndGradients(layer: Layer, inputs: tf.Tensor[]): Promise<Float32Array[]> {
  const f = (...tensors: tf.Tensor[]) => layer(...(tensors as Parameters<Layer>));
  const dy = noise([...inputs[0]!.shape.slice(0, -1), inputs[1]!.shape[1]!], 9);
  const { value, grads } = tf.valueAndGrads(f)(inputs, dy);
  const arrays = await Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
  tf.dispose([value, dy, ...grads]);
  return arrays.map((array) => array.slice());
}

describeAllBackends('linear', (backend) => {
  it.each<[number[], number]>([
    [[1, 1], 1],
    [[3, 5], 2],
    [[2, 4, 4, 7], 9],
    [[65, 64], 64],
    [[700, 33], 2],
    [[4, 130], 67],
  ])('%j to %i agrees with matMul, and so do its gradients', async (shape, outputs) => {
    const inputs = [noise(shape, 1), noise([shape.at(-1)!, outputs], 2), noise([outputs], 3)];
    for (const given of [inputs, inputs.slice(0, 2)]) {
      const [actual, expected] = [
        await valueAndGradients(ours, given),
        await valueAndGradients(theirs, given),
      ];
      actual.forEach((array, i) => expectClose(array, expected[i]!, { rtol: 1e-5, atol: 1e-4 }));
    }
    expect(tf.getBackend()).toBe(backend);
  });

  it('refuses an input of another width', () => {
    expect(() => linear(tf.zeros([2, 3]), tf.zeros([4, 5]))).toThrow(/does not fit/);
  });
});

describeWebgpu('linear over many rows', () => {
  it('gives the same bits twice, and the right ones, with sums in slices', async () => {
    const inputs = inputsOf([3001, 12], 20);
    const [first, second] = [await valueAndGradients(ours, inputs), await valueAndGradients(ours, inputs)];
    expect(second).toEqual(first);
    const expected = await onCpu(() => valueAndGradients(theirs, inputsOf([3001, 12], 20)));
    first.forEach((array, i) => expectClose(array, expected[i]!, { rtol: 1e-4, atol: 2e-3 }));
  });

  it('leaves no tensor behind', async () => {
    const inputs = inputsOf([600, 8], 8);
    await valueAndGradients(ours, inputs);
    const before = tf.memory();
    await valueAndGradients(ours, inputs);
    expect(tf.memory()).toEqual(before);
  });
});
