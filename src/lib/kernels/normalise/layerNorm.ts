// Layer normalisation of tokens as it trains, in one dispatch forward and four back where operations of tfjs take thirty
// (shaders/layer_norm*.wgsl). Normalisation over a batch or over an image's pixels is normalise.ts.
import source from '../../../../shaders/normalise/layer_norm.wgsl';
import gradientSource from '../../../../shaders/normalise/layer_norm_gradient.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type CpuCall } from '../../gpu/kernel';
import { matrixProduct, plain, repeated } from '../linear/matrixProduct';
import { Program } from '../../gpu/program';

/** torch's default. */
export const LAYER_NORM_EPSILON = 1e-5;

type Inputs = 'x' | 'scale' | 'shift';
type GradientInputs = 'x' | 'scale' | 'dy' | 'statistics';

const programs = {
  forward: new Program(source),
  backward: new Program(gradientSource),
};
const THREADS = programs.forward.constant('THREADS');

interface Attributes {
  epsilon: number;
}

const normalise = defineKernel<Inputs, Attributes>({
  name: 'LayerNorm',
  outputShapes: ({ inputs: { x } }) => [x.shape, [rowsOf(x), 2]],
  cpu: normaliseOnCpu,
  webgpu: ({ backend, inputs: { x, scale, shift }, attributes: { epsilon }, outputs }) =>
    programs.forward.run(backend, {
      inputs: [x, scale, shift],
      outputs,
      uniforms: { rows: rowsOf(x), channels: x.shape.at(-1)! / 4, epsilon },
      workgroups: Math.ceil(rowsOf(x) / THREADS),
    }),
  gradient: {
    save: ['x', 'scale'],
    saveOutputs: [false, true],
    of: ([dy], { inputs: { x, scale }, outputs: [statistics] }) => {
      // The gradients of x and scale come out of one pass: made once, freed with the rest of the backward pass.
      const [dx, products] = backward({ x, scale, dy: dy!, statistics: statistics! }, {});
      return { x: () => dx!.clone(), scale: () => columnSums(products!), shift: () => columnSums(dy!) };
    },
  },
});

const backward = defineKernel<GradientInputs>({
  name: 'LayerNormGradient',
  outputShapes: ({ inputs: { x } }) => [x.shape, x.shape],
  cpu: backwardOnCpu,
  webgpu: ({ backend, inputs: { x, scale, dy, statistics }, outputs }) =>
    programs.backward.run(backend, {
      inputs: [x, scale, dy, statistics],
      outputs,
      uniforms: { rows: rowsOf(x), channels: x.shape.at(-1)! / 4 },
      workgroups: Math.ceil(rowsOf(x) / THREADS),
    }),
});

/**
 * scale * (x - mean) / sqrt(variance + epsilon) + shift, mean and biased variance over the last axis, as torch's LayerNorm.
 * Differentiable in all three, deterministic.
 * @param x [..., C], C a multiple of 4; @param scale [C]; @param shift [C]
 * @throws Error when the shapes do not fit
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  epsilon = LAYER_NORM_EPSILON,
): T {
  const channels = x.shape.at(-1) ?? 1;
  tf.util.assert(channels % 4 === 0, () => `layerNorm: ${channels} channels, not a multiple of 4`);
  tf.util.assertShapesMatch(scale.shape, [channels], 'layerNorm, scale: ');
  tf.util.assertShapesMatch(shift.shape, [channels], 'layerNorm, shift: ');
  return normalise({ x, scale, shift }, { epsilon })[0] as T;
}

const rowsOf = ({ shape }: tf.TensorInfo): number => tf.util.sizeFromShape(shape) / shape.at(-1)!;

/** A row of ones times the tensor's rows: [C]. */
function columnSums(tensor: tf.Tensor): tf.Tensor1D {
  const columns = tensor.shape.at(-1)!;
  const sizes = { rows: 1, inner: rowsOf(tensor), columns, a: repeated, b: plain(columns) };
  return tf.tidy(() => matrixProduct({ a: tf.tensor1d([1]), b: tensor }, sizes)[0]!.reshape([columns]));
}

function normaliseOnCpu(call: CpuCall<Inputs, Attributes>): void {
  const { inputs, outputs } = call;
  const { x, scale, shift } = call.values;
  const [y, statistics] = outputs as [Float32Array, Float32Array];
  const channels = scale.length;
  for (let row = 0; row < rowsOf(inputs.x); row++) {
    const values = x.subarray(row * channels, (row + 1) * channels);
    const mean = values.reduce((sum, value) => sum + value, 0) / channels;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels;
    const factor = 1 / Math.sqrt(variance + call.attributes.epsilon);
    values.forEach((value, c) => {
      y[row * channels + c] = (value - mean) * factor * scale[c]! + shift[c]!;
    });
    statistics.set([mean, factor], 2 * row);
  }
}

function backwardOnCpu({ inputs, values, outputs }: CpuCall<GradientInputs, object>): void {
  const { x, scale, dy, statistics } = values;
  const [dx, products] = outputs as [Float32Array, Float32Array];
  const channels = scale.length;
  for (let row = 0; row < rowsOf(inputs.x); row++) {
    const [mean, factor] = [statistics[2 * row]!, statistics[2 * row + 1]!];
    const at = (c: number) => row * channels + c;
    const normals = Float64Array.from(scale, (_, c) => (x[at(c)]! - mean) * factor);
    const slopes = Float64Array.from(scale, (value, c) => value * dy[at(c)]!);
    const average = slopes.reduce((sum, slope) => sum + slope, 0) / channels;
    const along = slopes.reduce((sum, slope, c) => sum + slope * normals[c]!, 0) / channels;
    slopes.forEach((slope, c) => {
      dx[at(c)] = factor * (slope - average - normals[c]! * along);
      products[at(c)] = dy[at(c)]! * normals[c]!;
    });
  }
}
