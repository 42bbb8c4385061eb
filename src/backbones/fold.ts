// Prepares stored weights for the network: batch norm folded into the convolution before it, torch's order
// (out, in, height, width) turned into tfjs's (height, width, in, out). Plain arrays; double precision inside.
import type { StoredTensor } from '../formats/safetensors';
import { NanWeights } from './errors';
import type { Convolution } from './plan';

export type Weights = ReadonlyMap<string, StoredTensor>;

export interface FoldedConvolution {
  /** [height, width, in, out], or [height, width, channels, 1] for a depthwise convolution. */
  filter: Float32Array;
  shape: [number, number, number, number];
  bias: Float32Array;
}

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
  const area = kernel * kernel;
  const filter = new Float32Array(stored.length);
  for (let o = 0; o < output; o++) {
    for (let i = 0; i < inner; i++) {
      for (let k = 0; k < area; k++) {
        filter[(k * inner + i) * output + o] = stored[(o * inner + i) * area + k]! * scale[o]!;
      }
    }
  }
  assertFinite(id, layer.weight, filter);
  assertFinite(id, layer.norm, bias);
  // Depthwise filters have one input channel: [h, w, 1, out] and [h, w, out, 1] are the same bytes.
  const shape: FoldedConvolution['shape'] = [kernel, kernel, ...channelPair(depthwise, input, output)];
  return { filter, shape, bias };
}

/**
 * A 1x1 convolution with bias as a matrix [in, out].
 * @throws NanWeights when a value is not finite.
 */
export function denseWeights(
  id: string,
  name: string,
  weights: Weights,
): { matrix: Float32Array; bias: Float32Array } {
  const stored = values(`${name}.weight`, weights);
  const bias = Float32Array.from(values(`${name}.bias`, weights));
  const output = bias.length;
  const input = stored.length / output;
  const matrix = new Float32Array(stored.length);
  for (let o = 0; o < output; o++) {
    for (let i = 0; i < input; i++) matrix[i * output + o] = stored[o * input + i]!;
  }
  assertFinite(id, `${name}.weight`, matrix);
  assertFinite(id, `${name}.bias`, bias);
  return { matrix, bias };
}

function foldedNorm(norm: string, epsilon: number, weights: Weights) {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    values(`${norm}.${part}`, weights),
  ) as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  const scale = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + epsilon));
  const bias = Float32Array.from(beta, (b, c) => b - mean[c]! * scale[c]!);
  return { scale, bias };
}

function channelPair(depthwise: boolean, input: number, output: number): [number, number] {
  return depthwise ? [output, 1] : [input, output];
}

function values(name: string, weights: Weights): ArrayLike<number> {
  const tensor = weights.get(name);
  if (!tensor) throw new RangeError(`${name} was not checked to be there`);
  return tensor.data;
}

function assertFinite(id: string, name: string, data: Float32Array): void {
  if (!data.every(Number.isFinite)) throw new NanWeights(id, name);
}
