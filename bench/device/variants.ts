// The ways to multiply that are measured against each other. A kernel with tiles to choose from adds one variant a choice here.
import { tf } from '../../src/lib/gpu/tf';
import { convolution3x3, narrowConvolution3x3 } from '../../src/lib/kernels/convolution/convolutionTraining';
import { linear } from '../../src/lib/kernels/linear/linear';

export interface Variant {
  name: string;
  /** [M, K] x [K, N], row-major float32. */
  product?(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D;
  /** 3x3, stride 1, zeros outside; x [B, H, W, C], filter [3, 3, C, O]. Differentiable in both. */
  convolution?(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D;
}

export const VARIANTS: readonly Variant[] = [
  { name: 'tfjs', product: (a, b) => tf.matMul(a, b) },
  { name: 'linear', product: (a, b) => linear(a, b) },
  { name: 'trained 3x3', convolution: convolution3x3 },
  { name: 'trained 3x3, narrow', convolution: narrowConvolution3x3 },
];
