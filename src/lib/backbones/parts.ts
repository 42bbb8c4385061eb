// The layers of a block with their weights on the GPU: what network.ts strings together. A convolution takes along
// what surrounds it (gate before, residual and activation after), so that each map is written and read once.
import { tf } from '../gpu/tf';
import { convolution } from '../kernels/convolution/convolution';
import { depthwiseConvolution } from '../kernels/convolution/depthwiseConvolution';
import { squeezeExcite, type SqueezeExciteWeights } from '../kernels/convolution/squeezeExcite';
import { foldConvolution, foldSqueezeExcite, type FoldedConvolution, type Weights } from './fold';
import type { Activation, Convolution, MapLayer, MaxPool, Padding, Plan, SqueezeExcite } from './plan';

/** How a block with a shortcut ends. */
export interface Ending {
  residual: tf.Tensor4D;
  activation: Activation;
}

/** A layer with its weights. `run` is called inside a tidy and leaves its input alive. */
export interface Part {
  /** @param ending for dense convolutions only. */
  run(x: tf.Tensor4D, ending?: Ending): tf.Tensor4D;
  dispose(): void;
}

/** Folds and uploads the weights of one layer. @throws NanWeights; then nothing was uploaded. */
export function loadPart(id: string, layer: MapLayer, { padding, epsilon }: Plan, weights: Weights): Part {
  if (layer.kind === 'maxPool') return maxPool(layer, padding);
  const folded = foldConvolution(id, layer, epsilon, weights);
  if (layer.depthwise) return depthwise(layer, padding, folded);
  const gate = layer.gate && foldSqueezeExcite(id, layer.gate, weights);
  return dense(layer, padding, folded, gate && uploadGate(layer.gate!, gate));
}

function dense(
  { stride, activation, kernel, output }: Convolution,
  padding: Padding,
  folded: FoldedConvolution,
  squeeze?: SqueezeExciteWeights,
): Part {
  const filter = tf.keep(tf.tensor4d(folded.filter, [kernel, kernel, folded.rows, output]));
  const bias = tf.keep(tf.tensor1d(folded.bias));
  return {
    run(x, ending) {
      const gate = squeeze && squeezeExcite(x, squeeze);
      return convolution(x, filter, bias, { stride, padding, activation, gate, ...ending });
    },
    dispose: () => tf.dispose([filter, bias, { ...squeeze }]),
  };
}

function depthwise(
  { stride, activation, kernel, output }: Convolution,
  padding: Padding,
  folded: FoldedConvolution,
): Part {
  const filter = tf.keep(tf.tensor3d(folded.filter, [kernel, kernel, output]));
  const bias = tf.keep(tf.tensor1d(folded.bias));
  return {
    run: (x) => depthwiseConvolution(x, filter, bias, { stride, padding, activation }),
    dispose: () => tf.dispose([filter, bias]),
  };
}

function maxPool({ kernel, stride }: MaxPool, padding: Padding): Part {
  const pad = padding === 'same' ? 'same' : kernel >> 1;
  return { run: (x) => tf.maxPool(x, kernel, stride, pad), dispose: () => undefined };
}

function uploadGate(
  { channels, reduced }: SqueezeExcite,
  { reduce, expand, reduceBias, expandBias }: ReturnType<typeof foldSqueezeExcite>,
): SqueezeExciteWeights {
  return {
    reduce: tf.keep(tf.tensor2d(reduce, [reduced, channels])),
    expand: tf.keep(tf.tensor2d(expand, [reduced, channels])),
    reduceBias: tf.keep(tf.tensor1d(reduceBias)),
    expandBias: tf.keep(tf.tensor1d(expandBias)),
  };
}
