// Normalisation of NHWC feature maps in a few dispatches where operations of tfjs take fifty: batch normalisation as it
// trains and as it infers, with the activation that follows it, and instance normalisation. Shaders: normalise*.wgsl.
import mergeSource from '../../../../shaders/normalise/normalise_merge.wgsl';
import momentsSource from '../../../../shaders/normalise/normalise_moments.wgsl';
import normaliseSource from '../../../../shaders/normalise/normalise.wgsl';
import { tf, type WebGPUBackend } from '../../gpu/tf';
import { activate, type TrainedActivation } from '../convolution/activation';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { gradient, instanceGradient, residualSums, sums } from './normaliseGradient';
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
import { followed, unbias } from './runningStatistics';
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

export interface TrainingOptions<T extends tf.Tensor> extends BatchNormOptions {
  /** Added before the activation, which is then 'linear' or 'relu'; shaped as x. */
  residual?: T | undefined;
}

/** Statistics [C] that follow the batch's: moved in place, the variance towards the unbiased one. */
export interface RunningStatistics {
  mean: tf.Variable<tf.Rank.R1>;
  variance: tf.Variable<tf.Rank.R1>;
  /** running += momentum * (observed - running) */
  momentum: number;
}

export interface BatchNormalised<T extends tf.Tensor> {
  y: T;
  /** The batch's statistics, [C]; the variance is the biased one. No gradient flows through them. */
  mean: tf.Tensor1D;
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation in training mode over all axes but the last: activation(scale * (x - mean) / sqrt(variance +
 * epsilon) + shift + residual) with the batch's own statistics. Differentiable in x, scale, shift and residual, deterministic.
 * @param x [..., C]; @param scale [C]; @param shift [C]; @param running moved in the same dispatches
 * @throws Error when the shapes do not fit
 */
export function batchNormTraining<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  { epsilon, activation = 'linear', residual }: TrainingOptions<T>,
  running?: RunningStatistics,
): BatchNormalised<T> {
  const followed = running && { runningMean: running.mean, runningVariance: running.variance };
  checkChannels('batchNormTraining', x, [scale, shift, ...Object.values(followed ?? {})]);
  const attributes = { ...layoutOf(x, 1), epsilon, unbiased: false, activation, momentum: running?.momentum };
  const inputs = { x, scale, shift, ...followed } as Record<TrainInputs, tf.Tensor>;
  if (residual) tf.util.assertShapesMatch(residual.shape, x.shape, 'batchNormTraining, residual: ');
  const [y, mean, variance] = residual
    ? trainAdded({ ...inputs, residual }, attributes)
    : train(inputs, attributes);
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

type TrainInputs = 'x' | Affine | Running;
type Running = 'runningMean' | 'runningVariance';
type TrainAttributes = Attributes & { momentum?: number | undefined };

const train = defineKernel<TrainInputs, TrainAttributes>({
  name: 'Normalise',
  writesAll: true,
  outputShapes: ({ inputs, attributes }) => [inputs.x.shape, ...statisticShapes(attributes)],
  cpu: trainOnCpu,
  webgpu: trainOnGpu,
  gradient: {
    save: ['x', 'scale', 'shift'],
    saveOutputs: [false, true, true],
    of: ([dy], { inputs: { x, scale, shift }, outputs: [mean, variance], attributes }) => {
      const given = { x, scale, shift, mean: mean!, variance: variance!, dy: dy! };
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

/** With a residual. */
const trainAdded = defineKernel<TrainInputs | 'residual', TrainAttributes>({
  name: 'NormaliseAndAdd',
  writesAll: true,
  outputShapes: ({ inputs, attributes }) => [inputs.x.shape, ...statisticShapes(attributes)],
  cpu: (call) => {
    trainOnCpu({ ...call, attributes: { ...call.attributes, activation: 'linear' } });
    const [y] = call.outputs as [Float32Array];
    const { activation } = call.attributes;
    const { residual } = call.values;
    for (let i = 0; i < y.length; i++) y[i] = activate(y[i]! + residual[i]!, activation);
  },
  webgpu: trainOnGpu,
  gradient: {
    save: ['x', 'scale', 'shift'],
    saveOutputs: [true, true, true],
    of: ([dy], { inputs: { x, scale, shift }, outputs: [y, mean, variance], attributes }) => {
      const linear = { ...attributes, activation: 'linear' as const };
      const given = { x, scale, shift, mean: mean!, variance: variance!, dy: dy! };
      const [scaleGradient, shiftGradient, both, before = dy!] =
        attributes.activation === 'linear'
          ? sums(given, linear)
          : residualSums({ x, dy: dy!, y: y!, mean: mean!, variance: variance! }, linear);
      return {
        x: () => gradient({ ...given, dy: before, sums: both! }, linear)[0]!,
        scale: () => scaleGradient!.clone(),
        shift: () => shiftGradient!.clone(),
        residual: () => before.clone(),
      };
    },
  },
});

/** Without scale and shift, which are no parameters there: 1 and 0, kept where they are needed. */
const instance = defineKernel<'x', Attributes>({
  name: 'NormaliseInstances',
  writesAll: true,
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
  writesAll: true,
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ values, outputs, attributes }) =>
    normalise(values.x, values, values, attributes, attributes, outputs[0]!),
  webgpu: ({ backend, inputs, outputs, attributes }) =>
    normaliseOnGpu(backend, inputs, outputs[0]!, attributes),
});

function trainOnCpu({
  values,
  outputs,
  attributes,
  replace,
}: Omit<CpuCall<TrainInputs, TrainAttributes>, 'inputs'>): void {
  const statistics = momentsOf(values.x, attributes);
  outputs[1]!.set(statistics.mean);
  outputs[2]!.set(statistics.variance);
  normalise(values.x, statistics, values, attributes, attributes, outputs[0]!);
  const { momentum, rows } = attributes;
  if (momentum === undefined) return;
  replace('runningMean', followed(values.runningMean, statistics.mean, momentum, 1));
  replace('runningVariance', followed(values.runningVariance, statistics.variance, momentum, unbias(rows)));
}

function trainOnGpu(
  call: Omit<WebgpuCall<TrainInputs, TrainAttributes>, 'inputs'> & {
    inputs: Record<'x' | Affine, tf.TensorInfo> & Partial<Record<Running | 'residual', tf.TensorInfo>>;
  },
): void {
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
    outputs: [
      ...[mean, variance],
      // What does not follow is bound all the same, and not written.
      ...[inputs.runningMean ?? scratch([1]), inputs.runningVariance ?? scratch([1])],
    ],
    constants: { FOLLOW: Number(attributes.momentum !== undefined) },
    uniforms: { count: groups * channels, rows, channels, momentum: attributes.momentum ?? 0 },
    workgroups: statisticGroups(attributes),
  });
  normaliseOnGpu(backend, { ...inputs, mean, variance }, y, attributes);
}

function normaliseOnGpu(
  backend: WebGPUBackend,
  {
    x,
    mean,
    variance,
    scale,
    shift,
    residual,
  }: Record<'x' | Statistic | Affine, tf.TensorInfo> & { residual?: tf.TensorInfo },
  y: tf.TensorInfo,
  attributes: Attributes,
): void {
  const { constants, uniforms } = settings(attributes);
  programs.normalise.run(backend, {
    // What is absent is bound all the same.
    inputs: [x, mean, variance, scale, shift, residual ?? x],
    outputs: [y],
    constants: { ...constants, RESIDUAL: Number(residual !== undefined) },
    uniforms,
    workgroups: rowGroups(attributes),
  });
}
