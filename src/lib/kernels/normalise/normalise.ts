// Normalisation of NHWC feature maps in a few dispatches where operations of tfjs take fifty: batch normalisation as it
// trains and as it infers, with the activation that follows it, and instance normalisation. Shaders: normalise*.wgsl.
import mergeSource from '../../../../shaders/normalise/normalise_merge.wgsl';
import momentsSource from '../../../../shaders/normalise/normalise_moments.wgsl';
import normaliseSource from '../../../../shaders/normalise/normalise.wgsl';
import type { tf, WebGPUBackend } from '../../gpu/tf';
import type { TrainedActivation } from '../convolution/activation';
import { defineKernel, type WebgpuCall } from '../../gpu/kernel';
import { gradient, instanceGradient, sums } from './normaliseGradient';
import {
  checkChannels,
  keptAffine,
  layoutOf,
  plainAffine,
  rowGroups,
  settings,
  slicesOf,
  statisticGroups,
  statisticShapes,
  type Affine,
  type Attributes,
  type Statistic,
} from './normaliseLayout';
import { momentsOf, normalise } from './normaliseReference';
import { Program } from '../../gpu/program';

const programs = {
  moments: new Program(momentsSource),
  merge: new Program(mergeSource),
  normalise: new Program(normaliseSource),
};

export interface BatchNormOptions {
  epsilon: number;
  /** Applied to the result; by default none. */
  activation?: TrainedActivation;
}

export interface BatchNormalised<T extends tf.Tensor> {
  y: T;
  /** The batch's statistics, [C]; the variance is the biased one. No gradient flows through them. */
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation in training mode over all axes but the last: activation(scale * (x - mean) / sqrt(variance +
 * epsilon) + shift) with the batch's own statistics. Differentiable in x, scale and shift, deterministic.
 * @param x [..., C]; @param scale [C]; @param shift [C]
 * @throws Error when the shapes do not fit
 */
export function batchNormTraining<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  { epsilon, activation = 'linear' }: BatchNormOptions,
): BatchNormalised<T> {
  checkChannels('batchNormTraining', x, [scale, shift]);
  const layout = layoutOf(x, 1);
  const [y, mean, variance] = train({ x, scale, shift }, { ...layout, epsilon, unbiased: false, activation });
  return { y: y as T, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}

/**
 * Batch normalisation with given statistics, and the activation after it, in one dispatch. No gradient.
 * @param x [..., C]; @param mean, @param variance, @param scale, @param shift [C]
 * @throws Error when the shapes do not fit
 */
export function batchNormInference<T extends tf.Tensor>(
  x: T,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  { epsilon, activation = 'linear' }: BatchNormOptions,
): T {
  checkChannels('batchNormInference', x, [mean, variance, scale, shift]);
  const attributes = { ...layoutOf(x, 1), epsilon, unbiased: false, activation };
  return infer({ x, mean, variance, scale, shift }, attributes)[0] as T;
}

/**
 * Normalises every image and channel over its pixels: (x - mean) / (std + epsilon), std unbiased as torch's.
 * Differentiable, deterministic.
 * @param x [B, H, W, C]
 */
export function instanceNormalise(x: tf.Tensor4D, epsilon: number): tf.Tensor4D {
  const layout = layoutOf(x, x.shape[0]);
  const attributes = { ...layout, epsilon, unbiased: true, activation: 'linear' as const };
  return instance({ x }, attributes)[0] as tf.Tensor4D;
}

const train = defineKernel<'x' | Affine, Attributes>({
  name: 'Normalise',
  outputShapes: ({ inputs, attributes }) => [inputs.x.shape, ...statisticShapes(attributes)],
  cpu: ({ values, outputs, attributes }) => {
    const statistics = momentsOf(values.x, attributes);
    outputs[1]!.set(statistics.mean);
    outputs[2]!.set(statistics.variance);
    normalise(values.x, statistics, values, attributes, attributes, outputs[0]!);
  },
  webgpu: trainOnGpu,
  gradient: {
    save: ['x', 'scale', 'shift'],
    saveOutputs: [false, true, true],
    of: ([dy], { inputs, outputs: [mean, variance], attributes }) => {
      const given = { ...inputs, mean: mean!, variance: variance!, dy: dy! };
      // Small, and needed by all three: made once, freed with the rest of the backward pass.
      const [scaleGradient, shiftGradient, both] = sums(given, attributes);
      return {
        x: () => gradient({ ...given, sums: both! }, attributes)[0]!,
        scale: () => scaleGradient!.clone(),
        shift: () => shiftGradient!.clone(),
      };
    },
  },
});

/** Without scale and shift, which are no parameters there: 1 and 0, kept where they are needed. */
const instance = defineKernel<'x', Attributes>({
  name: 'NormaliseInstances',
  outputShapes: ({ inputs, attributes }) => [inputs.x.shape, ...statisticShapes(attributes)],
  cpu: ({ values, outputs, attributes }) => {
    const statistics = momentsOf(values.x, attributes);
    outputs[1]!.set(statistics.mean);
    outputs[2]!.set(statistics.variance);
    normalise(values.x, statistics, plainAffine(attributes), attributes, attributes, outputs[0]!);
  },
  webgpu: (call) =>
    trainOnGpu({ ...call, inputs: { ...call.inputs, ...keptAffine(call.backend, call.attributes) } }),
  gradient: {
    save: ['x'],
    saveOutputs: [false, true, true],
    of: ([dy], { inputs: { x }, outputs: [mean, variance], attributes }) => ({
      x: () => instanceGradient({ x, mean: mean!, variance: variance!, dy: dy! }, attributes)[0]!,
    }),
  },
});

const infer = defineKernel<'x' | Statistic | Affine, Attributes>({
  name: 'NormaliseInference',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ values, outputs, attributes }) =>
    normalise(values.x, values, values, attributes, attributes, outputs[0]!),
  webgpu: ({ backend, inputs, outputs, attributes }) =>
    normaliseOnGpu(backend, inputs, outputs[0]!, attributes),
});

function trainOnGpu(call: WebgpuCall<'x' | Affine, Attributes>): void {
  const { backend, inputs, attributes, scratch } = call;
  const [y, mean, variance] = call.outputs as [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo];
  const { groups, rows, channels } = attributes;
  const { slices, count, workgroups } = slicesOf(attributes);
  const moments = scratch([count, 2]);
  programs.moments.run(backend, {
    inputs: [inputs.x],
    outputs: [moments],
    uniforms: { count, slices, rows, channels },
    workgroups,
  });
  programs.merge.run(backend, {
    inputs: [moments],
    outputs: [mean, variance],
    uniforms: { count: groups * channels, rows, channels },
    workgroups: statisticGroups(attributes),
  });
  normaliseOnGpu(backend, { ...inputs, mean, variance }, y, attributes);
}

function normaliseOnGpu(
  backend: WebGPUBackend,
  { x, mean, variance, scale, shift }: Record<'x' | Statistic | Affine, tf.TensorInfo>,
  y: tf.TensorInfo,
  attributes: Attributes,
): void {
  programs.normalise.run(backend, {
    inputs: [x, mean, variance, scale, shift],
    outputs: [y],
    ...settings(attributes),
    workgroups: rowGroups(attributes),
  });
}
