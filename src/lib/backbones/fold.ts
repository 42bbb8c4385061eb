// Prepares stored weights for the network: batch norm folded into the convolution before it, torch's order
// (out, in, height, width) turned into ours (height, width, in, out). Plain arrays; double precision inside.
import type { StoredTensor } from '../formats/safetensors';
import { NanWeights } from './errors';
import type { Convolution, SqueezeExcite } from './plan';

export type Weights = ReadonlyMap<string, StoredTensor>;

export interface FoldedConvolution {
  /** [kernel, kernel, in, out], `in` filled up with zeros to a multiple of 4; depthwise: [kernel, kernel, channels]. */
  filter: Float32Array;
  /** Channels that `filter` has as input: 1 if depthwise. */
  rows: number;
  bias: Float32Array;
}

/** Channel counts of maps are multiples of this (kernels/convolution.ts); colour images get a fourth, zero channel. */
export const CHANNEL_STEP = 4;

/**
 * The convolution that equals `layer` followed by its batch norm in evaluation mode:
 * w' = w * gamma / sqrt(variance + epsilon), b' = beta - mean * gamma / sqrt(variance + epsilon).
 * @throws NanWeights when a result is not finite.
 */
export function foldConvolution(
  id: string,
  layer: Convolution,
  epsilon: number,
  weights: Weights,
): FoldedConvolution {
  const { scale, bias } = foldedNorm(layer.norm, epsilon, weights);
  const stored = values(`${layer.weight}.weight`, weights);
  const { input, output, kernel, depthwise } = layer;
  const inner = depthwise ? 1 : input;
  const rows = depthwise ? 1 : Math.ceil(input / CHANNEL_STEP) * CHANNEL_STEP;
  const area = kernel * kernel;
  const filter = new Float32Array(area * rows * output);
  for (let o = 0; o < output; o++) {
    for (let i = 0; i < inner; i++) {
      for (let k = 0; k < area; k++) {
        filter[(k * rows + i) * output + o] = stored[(o * inner + i) * area + k]! * scale[o]!;
      }
    }
  }
  assertFinite(id, layer.weight, filter);
  assertFinite(id, layer.norm, bias);
  return { filter, rows, bias };
}

export interface FoldedSqueezeExcite {
  /** Both [reduced, channels]. */
  reduce: Float32Array;
  expand: Float32Array;
  reduceBias: Float32Array;
  expandBias: Float32Array;
}

/** Squeeze-and-excite's weights with both matrices in one order. @throws NanWeights when a value is not finite. */
export function foldSqueezeExcite(id: string, layer: SqueezeExcite, weights: Weights): FoldedSqueezeExcite {
  const read = (part: string) => {
    const data = Float32Array.from(values(`${layer.name}.${part}`, weights));
    assertFinite(id, `${layer.name}.${part}`, data);
    return data;
  };
  const { channels, reduced } = layer;
  const stored = read('conv_expand.weight');
  const expand = new Float32Array(stored.length);
  for (let c = 0; c < channels; c++) {
    for (let r = 0; r < reduced; r++) expand[r * channels + c] = stored[c * reduced + r]!;
  }
  return {
    reduce: read('conv_reduce.weight'),
    reduceBias: read('conv_reduce.bias'),
    expand,
    expandBias: read('conv_expand.bias'),
  };
}

/** Batch norm in evaluation mode as a factor and a summand per channel of the convolution before it. */
export function foldedNorm(norm: string, epsilon: number, weights: Weights) {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    values(`${norm}.${part}`, weights),
  ) as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + epsilon));
  const bias = Float32Array.from(beta, (b, c) => b - mean[c]! * scale[c]!);
  return { scale, bias };
}

function values(name: string, weights: Weights): ArrayLike<number> {
  const tensor = weights.get(name);
  if (!tensor) throw new RangeError(`${name} was not checked to be there`);
  return tensor.data;
}

function assertFinite(id: string, name: string, data: Float32Array): void {
  if (!data.every(Number.isFinite)) throw new NanWeights(id, name);
}
