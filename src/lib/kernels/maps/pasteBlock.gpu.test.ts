// Against PyTorch's values, and against the same formula composed from tfjs's own operations.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose, golden } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import { pasteBlock } from './pasteBlock';

/** The blur as mirrorPad and convolution, the rest as broadcasting. */
function composed(phi: tf.Tensor4D, mask: tf.Tensor3D, intensity: tf.Tensor1D, direction: tf.Tensor2D) {
  const line = tf.exp(tf.neg(tf.square(tf.tensor1d([-1, 0, 1]))).div(2 * 0.8 * 0.8));
  const weights = line.div(line.sum()) as tf.Tensor1D;
  const kernel = tf.outerProduct(weights, weights).reshape([3, 3, 1, 1]) as tf.Tensor4D;
  const padded = tf.mirrorPad(mask.expandDims(3) as tf.Tensor4D, [[0, 0], [1, 1], [1, 1], [0, 0]], 'reflect'); // prettier-ignore
  const block = tf.conv2d(padded, kernel, 1, 'valid').mul(intensity.reshape([-1, 1, 1, 1]));
  return phi.add(block.mul(direction.reshape([direction.shape[0], 1, 1, direction.shape[1]])));
}

function randomInputs(batch: number, height: number, width: number, channels: number) {
  return {
    phi: tf.randomNormal<tf.Rank.R4>([batch, height, width, channels], 0, 1, 'float32', 1),
    mask: tf.randomUniform<tf.Rank.R3>([batch, height, width], 0, 1, 'float32', 2).round() as tf.Tensor3D,
    intensity: tf.randomNormal<tf.Rank.R1>([batch], 0, 10, 'float32', 3),
    direction: tf.randomNormal<tf.Rank.R2>([batch, channels], 0, 1, 'float32', 4),
  };
}

describeAllBackends('pasteBlock', () => {
  it.each([
    [1, 2, 2, 1],
    [2, 5, 7, 3],
    [3, 16, 13, 37],
    [1, 9, 4, 130],
  ])('adds the blurred block in the given direction: %i x %i x %i x %i', async (...shape) => {
    const { phi, mask, intensity, direction } = randomInputs(...shape);
    const expected = await composed(phi, mask, intensity, direction).data();
    expectClose(await pasteBlock(phi, mask, intensity, direction).data(), expected, {
      rtol: 1e-5,
      atol: 1e-5,
    });
  });

  it('shifts all channels alike when no direction is given', async () => {
    const { phi, mask, intensity } = randomInputs(2, 6, 5, 4);
    const expected = await composed(phi, mask, intensity, tf.ones([2, 4])).data();
    expectClose(await pasteBlock(phi, mask, intensity).data(), expected, { rtol: 1e-5, atol: 1e-5 });
  });

  it('takes a map one cell high, where nothing can be mirrored', async () => {
    const phi = tf.zeros<tf.Rank.R4>([1, 1, 3, 1]);
    const pasted = await pasteBlock(phi, tf.tensor3d([0, 1, 0], [1, 1, 3]), tf.tensor1d([1])).data();
    // Both outer cells see the block on their left and, mirrored, on their right.
    expectClose(pasted, [0.47798853, 0.52201147, 0.47798853], { atol: 1e-6 });
  });

  it('refuses a mask of integers', () => {
    const { phi, mask, intensity } = randomInputs(1, 5, 5, 2);
    expect(() => pasteBlock(phi, mask.toInt(), intensity)).toThrow(/float32/);
  });

  it('leaves nothing behind but its result', () => {
    const inputs = randomInputs(1, 4, 4, 2);
    const before = tf.memory().numTensors;
    pasteBlock(inputs.phi, inputs.mask, inputs.intensity).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a mask of another size', () => {
    const { phi, intensity } = randomInputs(1, 4, 4, 2);
    expect(() => pasteBlock(phi, tf.zeros([1, 4, 5]), intensity)).toThrow(/mask/);
  });
});

describe('pasteBlock against PyTorch', () => {
  describeAllBackends('', () => {
    it('matches blocks of several sizes and intensities', async () => {
      const value = golden('fbp');
      const tensor = (name: string) => tf.tensor(value(name).data, value(name).shape);
      const phi = tensor('features').transpose([0, 2, 3, 1]) as tf.Tensor4D;
      const mask = tensor('mask').squeeze([1]) as tf.Tensor3D;
      const expected = await tensor('pasted').transpose([0, 2, 3, 1]).data();
      const pasted = pasteBlock(phi, mask, tensor('intensity') as tf.Tensor1D);
      expectClose(await pasted.data(), expected, { rtol: 1e-6, atol: 1e-5 });
      const blurred = pasted.sub(phi).slice([0, 0, 0, 0], [-1, -1, -1, 1]);
      expectClose(await blurred.data(), value('blurred').data, { atol: 1e-5 });
    });
  });
});
