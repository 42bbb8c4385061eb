// Against the same pieces of a network composed from tfjs's own operations on its cpu backend.
import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose } from '../../../testing/golden';
import { describeAllBackends } from '../../../testing/gpu';
import type { Activation } from './activation';
import { convolution } from './convolution';
import type { Padding } from './convolutionWindow';
import { depthwiseConvolution } from './depthwiseConvolution';
import { squeezeExcite } from './squeezeExcite';

type Shape4 = [number, number, number, number];

let seed = 0;
const random4 = (shape: Shape4) => tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', ++seed);
const random2 = (shape: [number, number]) => tf.randomNormal<tf.Rank.R2>(shape, 0, 1, 'float32', ++seed);
const random1 = (size: number) => tf.randomNormal<tf.Rank.R1>([size], 0, 1, 'float32', ++seed);
const padOf = (padding: Padding, kernel: number) => (padding === 'same' ? 'same' : kernel >> 1);

function activated(x: tf.Tensor, activation: Activation): tf.Tensor {
  if (activation === 'silu') return x.mul(x.sigmoid());
  if (activation === 'relu6') return x.relu6();
  return activation === 'relu' ? x.relu() : x;
}

/**
 * Compares what the suite's backend makes with what tfjs's cpu backend makes: its shaders would take seconds to
 * compile. The expected comes first, while the inputs have not left the CPU.
 */
async function expectSame(actual: () => tf.Tensor, expected: () => tf.Tensor): Promise<void> {
  const backend = tf.getBackend();
  await tf.setBackend('cpu');
  const reference = expected();
  const values = await reference.data();
  await tf.setBackend(backend);
  const result = actual();
  expect(result.shape).toEqual(reference.shape);
  expectClose(await result.data(), values);
}

describeAllBackends('convolution', () => {
  it.each<[Shape4, number, number, number, Padding, Activation]>([
    [[1, 8, 8, 4], 8, 3, 1, 'symmetric', 'linear'],
    [[2, 7, 9, 8], 12, 3, 2, 'symmetric', 'relu'],
    [[2, 7, 10, 8], 4, 5, 2, 'same', 'silu'],
    [[1, 10, 7, 4], 8, 7, 2, 'symmetric', 'relu6'],
    [[3, 5, 3, 20], 8, 1, 1, 'symmetric', 'silu'],
    [[1, 5, 6, 8], 8, 1, 2, 'same', 'linear'],
    [[1, 1, 1, 4], 4, 3, 1, 'same', 'linear'],
  ])(
    'of %j to %i channels, kernel %i, stride %i, %s, %s',
    async (shape, outputs, kernel, stride, padding, activation) => {
      const x = random4(shape);
      const filter = random4([kernel, kernel, shape[3], outputs]);
      const bias = random1(outputs);
      const expected = () =>
        activated(tf.conv2d(x, filter, stride, padOf(padding, kernel)).add(bias), activation);
      await expectSame(() => convolution(x, filter, bias, { stride, padding, activation }), expected);
    },
  );

  it.each([1, 3])(
    'scales its input by the gate and adds the residual before the activation, kernel %i',
    async (kernel) => {
      const x = random4([2, 3, 5, 8]);
      const filter = random4([kernel, kernel, 8, 4]);
      const bias = random1(4);
      const gate = random2([2, 8]);
      const residual = random4([2, 3, 5, 4]);
      const gated = () => x.mul<tf.Tensor4D>(gate.reshape([2, 1, 1, 8]));
      const expected = () => tf.conv2d(gated(), filter, 1, 'same').add(bias).add(residual).relu();
      await expectSame(() => convolution(x, filter, bias, { gate, residual, activation: 'relu' }), expected);
    },
  );

  it('stays finite where silu’s exponential would overflow', async () => {
    const [x, filter, bias] = [
      tf.ones<tf.Rank.R4>([1, 1, 1, 4]),
      tf.zeros<tf.Rank.R4>([1, 1, 4, 4]),
      tf.tensor1d([-1e4, -100, 100, 1e4]),
    ];
    const y = convolution(x, filter, bias, { activation: 'silu' });
    expectClose(await y.data(), [0, 0, 100, 1e4]);
  });

  it('refuses shapes that do not fit', () => {
    const [x, filter, bias] = [random4([1, 4, 4, 4]), random4([3, 3, 4, 8]), random1(8)];
    expect(() => convolution(random4([1, 4, 4, 3]), random4([3, 3, 3, 8]), bias)).toThrow(/multiples of 4/);
    expect(() => convolution(random4([1, 4, 4, 8]), filter, bias)).toThrow(/filter/);
    expect(() => convolution(x, filter, random1(4))).toThrow(/bias/);
    expect(() => convolution(x, filter, bias, { gate: random2([1, 8]) })).toThrow(/gate/);
    expect(() => convolution(x, filter, bias, { stride: 2, residual: random4([1, 4, 4, 8]) })).toThrow(
      /residual/,
    );
  });
});

describeAllBackends('depthwiseConvolution', () => {
  it.each<[Shape4, number, number, Padding, Activation]>([
    [[2, 6, 9, 8], 3, 1, 'symmetric', 'relu6'],
    [[1, 9, 7, 4], 5, 2, 'symmetric', 'silu'],
    [[2, 8, 6, 12], 5, 2, 'same', 'linear'],
    [[1, 2, 2, 4], 3, 2, 'same', 'relu'],
  ])('of %j, kernel %i, stride %i, %s, %s', async (shape, kernel, stride, padding, activation) => {
    const x = random4(shape);
    const filter = random4([kernel, kernel, shape[3], 1]);
    const bias = random1(shape[3]);
    const expected = () =>
      activated(tf.depthwiseConv2d(x, filter, stride, padOf(padding, kernel)).add(bias), activation);
    const flat = filter.reshape<tf.Tensor3D>([kernel, kernel, shape[3]]);
    await expectSame(() => depthwiseConvolution(x, flat, bias, { stride, padding, activation }), expected);
  });
});

describeAllBackends('squeezeExcite', () => {
  it.each<[Shape4, number]>([
    [[1, 1, 1, 4], 1],
    [[2, 9, 7, 36], 10],
    [[3, 4, 4, 300], 70],
  ])('of %j squeezed to %i', async (shape, reduced) => {
    const channels = shape[3];
    const x = random4(shape);
    const weights = {
      reduce: random2([reduced, channels]),
      reduceBias: random1(reduced),
      expand: random2([reduced, channels]),
      expandBias: random1(channels),
    };
    const dense = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor, transposed = false) =>
      tf.matMul(a, b, false, transposed).add(bias);
    const squeezed = () => activated(dense(x.mean([1, 2]), weights.reduce, weights.reduceBias, true), 'silu');
    const expected = () => dense(squeezed(), weights.expand, weights.expandBias).sigmoid();
    await expectSame(() => squeezeExcite(x, weights), expected);
  });
});
