// The gradients of normalisation (normalise.ts): sums over rows, which are the gradients of scale and shift, and the
// gradient of x, which needs them. Shaders: normalise_gradient*.wgsl.
import gradientSource from '../../../../shaders/normalise/normalise_gradient.wgsl';
import mergeSource from '../../../../shaders/normalise/normalise_gradient_merge.wgsl';
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

/** Gradient of x. */
export const gradient = defineKernel<'x' | 'dy' | 'sums' | Statistic | Affine, Attributes>({
  name: 'NormaliseGradient',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ values, outputs, attributes }) =>
    normaliseGradient(values, values.sums, attributes, attributes, outputs[0]!),
  webgpu: ({ backend, inputs, outputs, attributes }) =>
    gradientOnGpu(backend, inputs, outputs[0]!, attributes),
});

/** The gradient of instance normalisation, whose sums nobody else asks for. */
export const instanceGradient = defineKernel<'x' | 'dy' | Statistic, Attributes>({
  name: 'NormaliseInstancesGradient',
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
  const { groups, channels } = attributes;
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
  programs.merge.run(backend, {
    inputs: [partials],
    outputs,
    uniforms: { count: groups * channels, slices, channels },
    workgroups: statisticGroups(attributes),
  });
}
