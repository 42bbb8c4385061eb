// What follows squeeze-and-excite in a decoder that trains: the gate and hard-swish in one pass, with both gradients in
// another (shaders/gated_hard_swish*.wgsl). Composed of tfjs's operations it takes twenty.
import forwardSource from '../../../../shaders/convolution/gated_hard_swish.wgsl';
import gradientSource from '../../../../shaders/convolution/gated_hard_swish_gradient.wgsl';
import sumSource from '../../../../shaders/linear/sum_slices.wgsl';
import { tf } from '../../gpu/tf';
import { activate, activationSlope } from './activation';
import { defineKernel, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const programs = {
  forward: new Program(forwardSource),
  gradient: new Program(gradientSource),
  sum: new Program(sumSource),
};
const SLICE = programs.gradient.constant('SLICE');

/**
 * hardSwish(x * gate), differentiable in both, deterministic.
 * @param x [B, H, W, C]; @param gate one factor per image and channel, [B, C]
 * @throws Error when the shapes do not fit
 */
export function gatedHardSwish(x: tf.Tensor4D, gate: tf.Tensor2D): tf.Tensor4D {
  tf.util.assertShapesMatch(gate.shape, [x.shape[0], x.shape[3]], 'gatedHardSwish, gate: ');
  return forward({ x, gate }, {})[0] as tf.Tensor4D;
}

const forward = defineKernel<'x' | 'gate'>({
  name: 'GatedHardSwish',
  writesAll: true,
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ inputs, values: { x, gate }, outputs }) => {
    const y = outputs[0]!;
    const { batch, pixels, channels } = sizesOf(inputs.x.shape);
    for (let pixel = 0, at = 0; pixel < batch * pixels; pixel++, at += channels) {
      const gateAt = Math.floor(pixel / pixels) * channels;
      for (let c = 0; c < channels; c++) y[at + c] = activate(x[at + c]! * gate[gateAt + c]!, 'hard-swish');
    }
  },
  webgpu: ({ backend, inputs, outputs }) => {
    const { batch, pixels, channels } = sizesOf(inputs.x.shape);
    programs.forward.run(backend, {
      inputs: [inputs.x, inputs.gate],
      outputs,
      uniforms: { batch, pixels, channels },
      workgroups: Math.ceil((batch * pixels * channels) / programs.forward.constant('THREADS')),
    });
  },
  gradient: {
    save: ['x', 'gate'],
    of: ([dy], { inputs: { x, gate } }) => {
      // One pass makes both; tfjs frees what is not asked for with the rest of the backward pass.
      const [ofX, ofGate] = gradients({ x, gate, dy: dy! }, {});
      return { x: () => ofX!.clone(), gate: () => ofGate!.clone() };
    },
  },
});

const gradients = defineKernel<'x' | 'gate' | 'dy'>({
  name: 'GatedHardSwishGradient',
  outputShapes: ({ inputs }) => [inputs.x.shape, inputs.gate.shape],
  cpu: ({ inputs, values: { x, gate, dy }, outputs }) => {
    const [ofX, ofGate] = outputs as [Float32Array, Float32Array];
    const { batch, pixels, channels } = sizesOf(inputs.x.shape);
    for (let pixel = 0, at = 0; pixel < batch * pixels; pixel++, at += channels) {
      const gateAt = Math.floor(pixel / pixels) * channels;
      for (let c = 0; c < channels; c++) {
        const value = x[at + c]!;
        const factor = gate[gateAt + c]!;
        const d = dy[at + c]! * activationSlope(value * factor, 'hard-swish');
        ofX[at + c] = d * factor;
        ofGate[gateAt + c]! += d * value;
      }
    }
  },
  webgpu: gradientsOnGpu,
});

function gradientsOnGpu({
  backend,
  inputs,
  outputs,
  scratch,
}: WebgpuCall<'x' | 'gate' | 'dy', object>): void {
  const { batch, pixels, channels } = sizesOf(inputs.x.shape);
  const slices = Math.ceil(pixels / SLICE);
  const count = batch * channels;
  const partials = scratch([slices, count]);
  const [ofX, ofGate] = outputs as [tf.TensorInfo, tf.TensorInfo];
  programs.gradient.run(backend, {
    inputs: [inputs.x, inputs.gate, inputs.dy],
    outputs: [ofX, partials],
    uniforms: { batch, pixels, channels },
    workgroups: Math.ceil((slices * count) / programs.gradient.constant('THREADS')),
  });
  programs.sum.run(backend, {
    inputs: [partials],
    outputs: [ofGate],
    uniforms: { count, slices },
    workgroups: Math.ceil(count / programs.sum.constant('THREADS')),
  });
}

function sizesOf(shape: number[]) {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return { batch, pixels: height * width, channels };
}
