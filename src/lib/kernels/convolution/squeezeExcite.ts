// Squeeze-and-excite (Hu et al. 2018) in two dispatches: the mean of each channel (shaders/convolution/channel_mean.wgsl) and the
// gate made of it (shaders/convolution/squeeze_excite.wgsl). The gate is applied where it is next read: see convolution.ts.
// No gradient: nothing that trains runs through it.
import channelMeanSource from '../../../../shaders/convolution/channel_mean.wgsl';
import squeezeExciteSource from '../../../../shaders/convolution/squeeze_excite.wgsl';
import { tf } from '../../gpu/tf';
import { activate } from './activation';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const WEIGHTS = ['reduce', 'expand', 'reduceBias', 'expandBias'] as const;
type Inputs = 'x' | (typeof WEIGHTS)[number];

/** Both matrices are [reduced, channels]. */
export interface SqueezeExciteWeights {
  reduce: tf.Tensor2D;
  reduceBias: tf.Tensor1D;
  expand: tf.Tensor2D;
  expandBias: tf.Tensor1D;
}

const meanProgram = new Program(channelMeanSource);
const gateProgram = new Program(squeezeExciteSource);
/** Vectors of four channels a group. */
const COLUMNS = meanProgram.constant('COLUMNS');
/** What workgroup memory is laid out for. */
const MAX_REDUCED = gateProgram.constant('MAX_REDUCED');

const gateOf = defineKernel<Inputs>({
  name: 'SqueezeExcite',
  outputShapes: ({ inputs }) => [[inputs.x.shape[0]!, inputs.x.shape[3]!]],
  cpu: gateOnCpu,
  webgpu: gateOnGpu,
});

/**
 * sigmoid(expand * silu(reduce * mean(x) + reduceBias) + expandBias), the mean taken over H and W.
 * @param x [B, H, W, C], C a multiple of 4. @returns the gate [B, C], in (0, 1).
 * @throws Error when shapes do not fit or more than 256 values are squeezed.
 */
export function squeezeExcite(x: tf.Tensor4D, weights: SqueezeExciteWeights): tf.Tensor2D {
  const channels = x.shape[3];
  const reduced = weights.reduceBias.shape[0];
  tf.util.assert(channels % 4 === 0, () => 'squeezeExcite: channels must be a multiple of 4');
  tf.util.assert(
    reduced <= MAX_REDUCED,
    () => `squeezeExcite: ${reduced} values are more than ${MAX_REDUCED}`,
  );
  tf.util.assertShapesMatch(weights.reduce.shape, [reduced, channels], 'squeezeExcite, reduce: ');
  tf.util.assertShapesMatch(weights.expand.shape, [reduced, channels], 'squeezeExcite, expand: ');
  tf.util.assertShapesMatch(weights.expandBias.shape, [channels], 'squeezeExcite, expandBias: ');
  return gateOf({ x, ...weights }, {})[0] as tf.Tensor2D;
}

function gateOnCpu({ inputs, values, outputs }: CpuCall<Inputs, object>): void {
  const [batch, height, width, channels] = inputs.x.shape as [number, number, number, number];
  const gate = outputs[0]!;
  for (let image = 0; image < batch; image++) {
    const pixels = values.x.subarray(
      image * height * width * channels,
      (image + 1) * height * width * channels,
    );
    const means = channelMeans(pixels, channels);
    const squeezed = Array.from(values.reduceBias, (bias, row) =>
      activate(bias + dot(means, (c) => values.reduce[row * channels + c]!), 'silu'),
    );
    for (let c = 0; c < channels; c++) {
      const value = values.expandBias[c]! + dot(squeezed, (row) => values.expand[row * channels + c]!);
      gate[image * channels + c] = 1 / (1 + Math.exp(-value));
    }
  }
}

function channelMeans(pixels: Float32Array, channels: number): number[] {
  const sums = Array<number>(channels).fill(0);
  for (let at = 0; at < pixels.length; at += channels) {
    for (let c = 0; c < channels; c++) sums[c]! += pixels[at + c]!;
  }
  return sums.map((sum) => (sum * channels) / pixels.length);
}

function dot(values: readonly number[], weight: (index: number) => number): number {
  return values.reduce((sum, value, index) => sum + value * weight(index), 0);
}

function gateOnGpu({ backend, inputs, outputs, scratch }: WebgpuCall<Inputs, object>): void {
  const [batch, height, width, channels] = inputs.x.shape as [number, number, number, number];
  const means = scratch([batch, channels]);
  meanProgram.run(backend, {
    inputs: [inputs.x],
    outputs: [means],
    uniforms: { batch, pixels: height * width, channels: channels / 4 },
    workgroups: batch * Math.ceil(channels / 4 / COLUMNS),
  });
  gateProgram.run(backend, {
    inputs: [means, ...WEIGHTS.map((name) => inputs[name])],
    outputs,
    uniforms: { batch, channels, reduced: inputs.reduceBias.shape[0]! },
    workgroups: batch,
  });
}
