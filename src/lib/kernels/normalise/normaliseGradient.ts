// The gradients of normalisation (normalise.ts): sums over rows, which are the gradients of scale and shift, and the
// gradient of x, which needs them. Shaders: normalise_gradient*.wgsl.
import gradientSource from '../../../../shaders/normalise/normalise_gradient.wgsl';
import mergeSource from '../../../../shaders/normalise/normalise_gradient_merge.wgsl';
import residualSource from '../../../../shaders/normalise/normalise_residual_sums.wgsl';
import sumsSource from '../../../../shaders/normalise/normalise_gradient_sums.wgsl';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import {
  keptAffine,
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
import { normaliseGradient, normaliseSums } from './normaliseReference';
import { Program } from '../../gpu/program';
import type { tf, WebGPUBackend } from '../../gpu/tf';

const programs = {
  sums: new Program(sumsSource),
  residualSums: new Program(residualSource),
  merge: new Program(mergeSource),
  gradient: new Program(gradientSource),
};

/** Gradients of scale and shift, and both side by side for the gradient of x. */
export const sums = defineKernel<'x' | 'dy' | Statistic | Affine, Attributes>({
  name: 'NormaliseSums',
  outputShapes: ({ attributes }) => [
    ...statisticShapes(attributes),
    [attributes.groups, attributes.channels, 2],
  ],
  cpu: sumsOnCpu,
  webgpu: sumsOnGpu,
});

/** With a residual and ReLU after it: the same sums, and the gradient before the ReLU, shaped as x. */
export const residualSums = defineKernel<'x' | 'dy' | 'y' | Statistic, Attributes>({
  name: 'NormaliseResidualSums',
  outputShapes: ({ inputs, attributes }) => [
    ...statisticShapes(attributes),
    [attributes.groups, attributes.channels, 2],
    inputs.x.shape,
  ],
  cpu: ({ values, attributes, outputs }) => {
    const [scaleGradient, shiftGradient, both, before] = outputs as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const { dy, y } = values;
    for (let i = 0; i < dy.length; i++) before[i] = y[i]! > 0 ? dy[i]! : 0;
    const given = { ...values, ...plainAffine(attributes), dy: before };
    normaliseSums(given, attributes, attributes, scaleGradient, shiftGradient);
    both.set(sideBySide(shiftGradient, scaleGradient));
  },
  webgpu: ({ backend, inputs: { x, dy, y, mean, variance }, attributes, outputs, scratch }) => {
    const { rows, channels, epsilon } = attributes;
    const { slices, count, workgroups } = slicesOf(attributes);
    const partials = scratch([count, 2]);
    programs.residualSums.run(backend, {
      inputs: [x, dy, y, mean, variance],
      outputs: [partials, outputs[3]!],
      constants: { UNBIASED: Number(attributes.unbiased) },
      uniforms: { rows, channels, epsilon, slices, count },
      workgroups,
    });
    mergeOnGpu(backend, partials, outputs.slice(0, 3), attributes);
  },
});

/** Gradient of x. */
export const gradient = defineKernel<'x' | 'dy' | 'sums' | Statistic | Affine, Attributes>({
  name: 'NormaliseGradient',
  writesAll: true,
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ values, outputs, attributes }) =>
    normaliseGradient(values, values.sums, attributes, attributes, outputs[0]!),
  webgpu: ({ backend, inputs, outputs, attributes }) =>
    gradientOnGpu(backend, inputs, outputs[0]!, attributes),
});

/** The gradient of instance normalisation, whose sums nobody else asks for. */
export const instanceGradient = defineKernel<'x' | 'dy' | Statistic, Attributes>({
  name: 'NormaliseInstancesGradient',
  writesAll: true,
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ values, outputs, attributes }) => {
    const given = { ...values, ...plainAffine(attributes) };
    const [scales, shifts] = [1, 2].map(() => new Float32Array(attributes.groups * attributes.channels));
    normaliseSums(given, attributes, attributes, scales!, shifts!);
    normaliseGradient(given, sideBySide(shifts!, scales!), attributes, attributes, outputs[0]!);
  },
  webgpu: (call) => {
    const { backend, attributes, outputs, scratch } = call;
    const { groups, channels } = attributes;
    const inputs = { ...call.inputs, ...keptAffine(backend, attributes) };
    const sums = [...statisticShapes(attributes), [groups, channels, 2]].map(scratch);
    sumsOnGpu({ ...call, inputs, outputs: sums });
    gradientOnGpu(backend, { ...inputs, sums: sums[2]! }, outputs[0]!, attributes);
  },
});

function gradientOnGpu(
  backend: WebGPUBackend,
  {
    x,
    dy,
    mean,
    variance,
    scale,
    shift,
    sums,
  }: Record<'x' | 'dy' | 'sums' | Statistic | Affine, tf.TensorInfo>,
  dx: tf.TensorInfo,
  attributes: Attributes,
): void {
  programs.gradient.run(backend, {
    inputs: [x, dy, mean, variance, scale, shift, sums],
    outputs: [dx],
    ...settings(attributes),
    workgroups: rowGroups(attributes),
  });
}

function sumsOnCpu({
  values,
  outputs,
  attributes,
}: CpuCall<'x' | 'dy' | Statistic | Affine, Attributes>): void {
  const [scaleGradient, shiftGradient, both] = outputs as [Float32Array, Float32Array, Float32Array];
  normaliseSums(values, attributes, attributes, scaleGradient, shiftGradient);
  both.set(sideBySide(shiftGradient, scaleGradient));
}

const sideBySide = (first: Float32Array, second: Float32Array): Float32Array =>
  Float32Array.from({ length: 2 * first.length }, (_, i) => (i % 2 === 0 ? first : second)[i >> 1]!);

function sumsOnGpu(call: WebgpuCall<'x' | 'dy' | Statistic | Affine, Attributes>): void {
  const { backend, inputs, outputs, attributes, scratch } = call;
  const { slices, count, workgroups } = slicesOf(attributes);
  const partials = scratch([count, 2]);
  const { x, dy, mean, variance, scale, shift } = inputs;
  const { constants, uniforms } = settings(attributes);
  programs.sums.run(backend, {
    inputs: [x, dy, mean, variance, scale, shift],
    outputs: [partials],
    constants,
    uniforms: { ...uniforms, slices, count },
    workgroups,
  });
  mergeOnGpu(backend, partials, outputs, attributes);
}

function mergeOnGpu(
  backend: WebGPUBackend,
  partials: tf.TensorInfo,
  outputs: tf.TensorInfo[],
  attributes: Attributes,
): void {
  const { groups, channels } = attributes;
  programs.merge.run(backend, {
    inputs: [partials],
    outputs,
    uniforms: { count: groups * channels, slices: slicesOf(attributes).slices, channels },
    workgroups: statisticGroups(attributes),
  });
}
