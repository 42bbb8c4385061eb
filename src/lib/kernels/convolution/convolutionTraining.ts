// The dense 3x3 convolution of a network that trains. On a GPU all of it is tiled products (tiledConvolution.ts). Elsewhere the
// forward pass is tfjs's, or for narrow networks the kernel of convolution.ts; tfjs's own gradients read every value anew for every weight, so here the gradient of x is a forward
// convolution with turned filters, and that of the filter nine matrix products, one a tap, summed in a fixed order.
import { tf } from '../../gpu/tf';
import { convolution } from './convolution';
import { tiledConvolution3x3 } from './tiledConvolution';
import { matrixProduct, plain, transposed } from '../linear/matrixProduct';

const SIDE = 3;

/**
 * Dense 3x3 convolution, stride 1, zeros outside. Differentiable in both, deterministic.
 * @param x [B, H, W, C]; @param filter [3, 3, C, O]; @returns [B, H, W, O]
 * @throws Error when the shapes do not fit
 */
export function convolution3x3(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  tf.util.assertShapesMatch(filter.shape.slice(0, 3), [SIDE, SIDE, x.shape[3]], 'convolution3x3, filter: ');
  return tiledConvolution3x3(x, filter) ?? convolve(x, filter);
}

/**
 * The same for large maps of few channels: tfjs's convolution there takes three to ten times as long on adapters that
 * compute on the CPU (4 to 48 channels on 64 x 64 pixels).
 * @param x [B, H, W, C]; @param filter [3, 3, C, O], C and O multiples of 4; @returns [B, H, W, O]
 * @throws Error when the shapes do not fit
 */
export function narrowConvolution3x3(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  tf.util.assertShapesMatch(filter.shape.slice(0, 3), [SIDE, SIDE, x.shape[3]], 'narrowConvolution3x3: ');
  return tiledConvolution3x3(x, filter) ?? convolveNarrow(x, filter);
}

type Forward = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D;

const convolve = trainable((x, filter) => tf.conv2d(x, filter, 1, 'same'));

const convolveNarrow = trainable((x, filter) =>
  tf.tidy(() => convolution(x, filter, tf.zeros<tf.Rank.R1>([filter.shape[3]]))),
);

/** The forward pass with its gradients, of which that of x is the forward pass again. */
function trainable(forward: Forward): Forward {
  return tf.customGrad<tf.Tensor4D>((...args) => {
    // tfjs types the inputs and the function that keeps them as one list.
    const [x, filter, save] = args as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
    save([x, filter]);
    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]) => {
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      return [forward(dy, turned(filter)), filterGradient(x, dy)];
    };
    return { value: forward(x, filter), gradFunc };
  });
}

/** Every filter turned by 180 degrees, inputs and outputs swapped. */
function turned(filter: tf.Tensor4D): tf.Tensor4D {
  return filter.reverse([0, 1]).transpose<tf.Tensor4D>([0, 1, 3, 2]);
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
    // Nine shifted copies of large maps at once would be most of a training step's memory.
    return tf.tidy(() => matrixProduct({ a: padded.slice(corner, x.shape), b: dy }, sizes)[0]!);
  });
  return tf.stack(taps).reshape([SIDE, SIDE, inputs, outputs]);
}
