// One layer of a plan as operations on the GPU, with its weights: what network.ts strings together. Written with
// tfjs's fused operations; a 1x1 convolution at stride 1 becomes a matrix product inside tfjs.
import { tf } from '../gpu/tf';
import { denseWeights, foldConvolution, type Weights } from './fold';
import type { Activation, Convolution, Layer, MaxPool, Padding, Plan, SqueezeExcite } from './plan';

/** A layer with its weights. `run` is called inside a tidy and leaves its input alive. */
export interface Part {
  run(x: tf.Tensor4D): tf.Tensor4D;
  dispose(): void;
}

/** Folds and uploads the weights of one layer. @throws NanWeights. */
export function loadPart(id: string, layer: Layer, plan: Plan, weights: Weights): Part {
  switch (layer.kind) {
    case 'convolution':
      return loadConvolution(id, layer, plan, weights);
    case 'squeezeExcite':
      return loadSqueezeExcite(id, layer, weights);
    case 'maxPool':
      return maxPool(layer, plan.padding);
  }
}

/** x * sigmoid(x) where tfjs has no fused form of it; the others pass through tfjs's own. */
export function activate<T extends tf.Tensor>(x: T, activation: Activation): T {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'silu':
      return tf.mul<T>(x, tf.sigmoid(x));
  }
}

function loadConvolution(id: string, layer: Convolution, { padding, epsilon }: Plan, weights: Weights): Part {
  const folded = foldConvolution(id, layer, epsilon, weights);
  const filter = tf.keep(tf.tensor4d(folded.filter, folded.shape));
  const bias = tf.keep(tf.tensor1d(folded.bias));
  const fused = layer.activation === 'silu' ? 'linear' : layer.activation;
  const pad = padOf(padding, layer.kernel);
  const convolve = layer.depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
  return {
    run: (x) => {
      const y = convolve({ x, filter, strides: layer.stride, pad, bias, activation: fused });
      return layer.activation === 'silu' ? activate(y, 'silu') : y;
    },
    dispose: () => tf.dispose([filter, bias]),
  };
}

function loadSqueezeExcite(id: string, layer: SqueezeExcite, weights: Weights): Part {
  const dense = (name: string, shape: [number, number]) => {
    const { matrix, bias } = denseWeights(id, `${layer.name}.${name}`, weights);
    return { matrix: tf.keep(tf.tensor2d(matrix, shape)), bias: tf.keep(tf.tensor1d(bias)) };
  };
  const reduce = dense('conv_reduce', [layer.channels, layer.reduced]);
  const expand = dense('conv_expand', [layer.reduced, layer.channels]);
  return {
    run: (x) => {
      const mean = tf.mean<tf.Tensor2D>(x, [1, 2]);
      const reduced = activate(tf.fused.matMul({ a: mean, b: reduce.matrix, bias: reduce.bias }), 'silu');
      const gate = tf.fused.matMul({
        a: reduced,
        b: expand.matrix,
        bias: expand.bias,
        activation: 'sigmoid',
      });
      return tf.mul(x, gate.reshape([x.shape[0], 1, 1, layer.channels]));
    },
    dispose: () => tf.dispose([reduce, expand]),
  };
}

function maxPool({ kernel, stride }: MaxPool, padding: Padding): Part {
  return {
    run: (x) => tf.maxPool(x, kernel, stride, padOf(padding, kernel)),
    dispose: () => undefined,
  };
}

/** tfjs's `same` is TensorFlow's; torch's symmetric padding is a number of pixels on every side. */
function padOf(padding: Padding, kernel: number): 'same' | number {
  return padding === 'same' ? 'same' : kernel >> 1;
}
