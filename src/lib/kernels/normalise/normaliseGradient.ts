// The gradients of normalisation (normalise.ts): sums over rows, which are the gradients of scale and shift, and the
// gradient of x, which needs them. Shaders: normalise_gradient*.wgsl.
import gradientSource from '../../../../shaders/normalise/normalise_gradient.wgsl';
import mergeSource from '../../../../shaders/normalise/normalise_gradient_merge.wgsl';
import sumsSource from '../../../../shaders/normalise/normalise_gradient_sums.wgsl';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import {
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
  webgpu: ({ backend, inputs: { x, dy, mean, variance, scale, shift, sums }, outputs, attributes }) =>
    programs.gradient.run(backend, {
      inputs: [x, dy, mean, variance, scale, shift, sums],
      outputs,
      ...settings(attributes),
      workgroups: rowGroups(attributes),
    }),
});

function sumsOnCpu({
  values,
  outputs,
  attributes,
}: CpuCall<'x' | 'dy' | Statistic | Affine, Attributes>): void {
  const [scaleGradient, shiftGradient, both] = outputs as [Float32Array, Float32Array, Float32Array];
  normaliseSums(values, attributes, attributes, scaleGradient, shiftGradient);
  shiftGradient.forEach((sum, i) => both.set([sum, scaleGradient[i]!], 2 * i));
}

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
