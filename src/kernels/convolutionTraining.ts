// The dense 3x3 convolution of a decoder that trains. The forward pass is tfjs's; its own gradients read every value anew
// for every weight, so here the gradient of x is a forward convolution with turned filters, and that of the filter nine
// matrix products, one a tap, summed in a fixed order. The frozen, fused convolution of backbones is convolution.ts.
import { tf } from '../gpu/tf';
import { matrixProduct, plain, transposed } from './matrixProduct';

const SIDE = 3;

/**
 * Dense 3x3 convolution, stride 1, zeros outside. Differentiable in both, deterministic.
 * @param x [B, H, W, C]; @param filter [3, 3, C, O]; @returns [B, H, W, O]
 * @throws Error when the shapes do not fit
 */
export function convolution3x3(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  tf.util.assertShapesMatch(filter.shape.slice(0, 3), [SIDE, SIDE, x.shape[3]], 'convolution3x3, filter: ');
  return convolve(x, filter);
}

const convolve = tf.customGrad<tf.Tensor4D>((...args) => {
  // tfjs types the inputs and the function that keeps them as one list.
  const [x, filter, save] = args as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
  save([x, filter]);
  const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    return [inputGradient(dy, filter), filterGradient(x, dy)];
  };
  return { value: tf.conv2d(x, filter, 1, 'same'), gradFunc };
});

/** A forward convolution of dy with every filter turned by 180 degrees, inputs and outputs swapped. */
function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  return tf.conv2d(dy, filter.reverse([0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]), 1, 'same');
}

/** For each tap: the map shifted by it, transposed, times dy. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, inputs] = x.shape;
  const outputs = dy.shape[3];
  const inner = batch * height * width;
  const sizes = { rows: inputs, inner, columns: outputs, a: transposed(inputs), b: plain(outputs) };
  const padded = x.pad([[0, 0], [1, 1], [1, 1], [0, 0]]); // prettier-ignore
  const taps = Array.from({ length: SIDE * SIDE }, (_, tap) => {
    const corner = [0, Math.floor(tap / SIDE), tap % SIDE, 0];
    return matrixProduct({ a: padded.slice(corner, x.shape), b: dy }, sizes)[0]!;
  });
  return tf.stack(taps).reshape([SIDE, SIDE, inputs, outputs]);
}
