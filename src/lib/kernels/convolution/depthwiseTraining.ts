// The 3x3 depthwise convolution of a decoder that trains, with both gradients (shaders/depthwise_3x3*.wgsl). tfjs's own
// gradients are several times slower. The frozen, fused one of backbones is depthwiseConvolution.ts.
import gradientSource from '../../../../shaders/convolution/depthwise_3x3_filter_gradient.wgsl';
import convolveSource from '../../../../shaders/convolution/depthwise_3x3.wgsl';
import sumSource from '../../../../shaders/linear/sum_slices.wgsl';
import { tf, type WebGPUBackend } from '../../gpu/tf';
import { defineKernel, type KernelOp } from '../../gpu/kernel';
import { heapValues } from '../../gpu/processor';
import { Program } from '../../gpu/program';
import { affineKind, finishRows } from '../inference/finish';

const programs = {
  convolve: new Program(convolveSource),
  gradient: new Program(gradientSource),
  sum: new Program(sumSource),
};
const THREADS = programs.convolve.constant('THREADS');
const STRIP = programs.convolve.constant('STRIP');
const TAPS = 9;
const ON_WASM = { strides: [1, 1], pad: 'same', dilations: [1, 1], dataFormat: 'NHWC' };

/**
 * Each channel with its own 3x3 filter, stride 1, zeros outside. Differentiable in both, deterministic.
 * @param x [B, H, W, C]; @param filter [3, 3, C, 1]; @returns [B, H, W, C]
 * @throws Error when the shapes do not fit
 */
export function depthwise3x3(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  tf.util.assertShapesMatch(filter.shape, [3, 3, x.shape[3], 1], 'depthwise3x3, filter: ');
  return convolve({ x, filter }, { flipped: false })[0] as tf.Tensor4D;
}

interface Attributes {
  /** Turns every filter by 180 degrees: the gradient with respect to x. */
  flipped: boolean;
}

const convolve: KernelOp<'x' | 'filter', Attributes> = defineKernel({
  name: 'Depthwise3x3',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ inputs, values: { x, filter }, attributes: { flipped }, outputs }) => {
    const y = outputs[0]!;
    const channels = inputs.x.shape[3]!;
    eachTap(inputs.x.shape, (at, neighbour, tap) => {
      const row = (flipped ? TAPS - 1 - tap : tap) * channels;
      for (let c = 0; c < channels; c++) y[at + c]! += filter[row + c]! * x[neighbour + c]!;
    });
  },
  webgpu: ({ backend, inputs, attributes, outputs }) =>
    convolveOnGpu(backend, inputs.x, inputs.filter, null, outputs[0]!, attributes),
  wasm: ({ backend, inputs: { x, filter }, attributes: { flipped }, run }) => {
    const given = flipped ? run('Reverse', { x: filter }, { dims: [0, 1] }) : filter;
    const y = run('DepthwiseConv2dNative', { x, filter: given }, ON_WASM);
    if (flipped) backend.disposeData(given.dataId);
    return [y];
  },
  gradient: {
    save: ['x', 'filter'],
    of: ([dy], { inputs: { x, filter } }) => ({
      x: () => convolve({ x: dy!, filter }, { flipped: true })[0]!,
      filter: () => filterGradient({ x, dy: dy! }, {})[0]!,
    }),
  },
});

/**
 * depthwise3x3() and the batch norm after it, in a decoder that does not train: factor * y + summand. No gradient.
 * @param affine factors and summands, [2, C]
 * @throws Error when the shapes do not fit
 */
export function depthwise3x3Folded(x: tf.Tensor4D, filter: tf.Tensor4D, affine: tf.Tensor2D): tf.Tensor4D {
  tf.util.assertShapesMatch(filter.shape, [3, 3, x.shape[3], 1], 'depthwise3x3Folded, filter: ');
  tf.util.assertShapesMatch(affine.shape, [2, x.shape[3]], 'depthwise3x3Folded, affine: ');
  return convolveFolded({ x, filter, affine }, {})[0] as tf.Tensor4D;
}

const FOLDED = { residual: null, activation: 'linear' } as const;

const convolveFolded = defineKernel<'x' | 'filter' | 'affine'>({
  name: 'Depthwise3x3Folded',
  outputShapes: ({ inputs }) => [inputs.x.shape],
  cpu: ({ inputs, values: { x, filter, affine }, outputs }) => {
    const y = outputs[0]!;
    const channels = inputs.x.shape[3]!;
    eachTap(inputs.x.shape, (at, neighbour, tap) => {
      for (let c = 0; c < channels; c++) y[at + c]! += filter[tap * channels + c]! * x[neighbour + c]!;
    });
    finishRows(y, channels, { affine, ...FOLDED });
  },
  webgpu: ({ backend, inputs: { x, filter, affine }, outputs }) =>
    convolveOnGpu(backend, x, filter, affine, outputs[0]!, { flipped: false }),
  wasm: ({ inputs: { x, filter, affine }, run }) => {
    const y = run('DepthwiseConv2dNative', { x, filter }, ON_WASM);
    finishRows(heapValues(y), x.shape[3]!, { affine: heapValues(affine), ...FOLDED });
    return [y];
  },
});

const filterGradient = defineKernel<'x' | 'dy'>({
  name: 'Depthwise3x3FilterGradient',
  outputShapes: ({ inputs }) => [[3, 3, inputs.x.shape[3]!, 1]],
  cpu: ({ inputs, values: { x, dy }, outputs }) => {
    const gradient = outputs[0]!;
    const channels = inputs.x.shape[3]!;
    eachTap(inputs.x.shape, (at, neighbour, tap) => {
      const row = tap * channels;
      for (let c = 0; c < channels; c++) gradient[row + c]! += dy[at + c]! * x[neighbour + c]!;
    });
  },
  webgpu: ({ backend, inputs, outputs, scratch }) => {
    const [batch, height, width, channels] = inputs.x.shape as [number, number, number, number];
    const rows = batch * height;
    const count = TAPS * channels;
    const partials = scratch([rows, count]);
    programs.gradient.run(backend, {
      inputs: [inputs.x, inputs.dy],
      outputs: [partials],
      uniforms: { rows, height, width, channels },
      workgroups: Math.ceil((rows * channels) / programs.gradient.constant('THREADS')),
    });
    programs.sum.run(backend, {
      inputs: [partials],
      outputs,
      uniforms: { count, slices: rows },
      workgroups: Math.ceil(count / programs.sum.constant('THREADS')),
    });
  },
});

function convolveOnGpu(
  backend: WebGPUBackend,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  affine: tf.TensorInfo | null,
  y: tf.TensorInfo,
  { flipped }: Attributes,
): void {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  programs.convolve.run(backend, {
    // What is absent is bound all the same.
    inputs: [x, filter, affine ?? filter],
    outputs: [y],
    constants: { FLIPPED: Number(flipped), AFFINE: affineKind(affine) },
    uniforms: { rows: batch * height, height, width, channels },
    workgroups: Math.ceil((batch * height * Math.ceil(width / STRIP) * channels) / THREADS),
  });
}

/** Every pair of a pixel and a neighbour inside the map, by the index of their first channel, with the tap between them. */
function eachTap(shape: number[], visit: (at: number, neighbour: number, tap: number) => void): void {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  for (let pixel = 0; pixel < batch * height * width; pixel++) {
    const x = pixel % width;
    const y = Math.floor(pixel / width) % height;
    for (let tap = 0; tap < TAPS; tap++) {
      const dx = (tap % 3) - 1;
      const dy = Math.floor(tap / 3) - 1;
      if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
      visit(pixel * channels, (pixel + dy * width + dx) * channels, tap);
    }
  }
}
