// The 3x3 convolutions of the decoders, stride 1, zero padding 1, without bias.
import type { tf } from '../gpu/tf';
import { convolution } from '../kernels/convolution/convolution';
import { convolution3x3 } from '../kernels/convolution/convolutionTraining';
import { depthwise3x3, depthwise3x3Folded } from '../kernels/convolution/depthwiseTraining';
import type { BatchNorm } from './batchNorm';
import { kaimingUniform } from './initialise';
import type { ParameterScope } from './parameters';

const SIDE = 3;

/** Every channel with its own 3x3 filter. */
export class DepthwiseConvolution {
  /** [3, 3, channels, 1] */
  readonly #weight: tf.Variable<tf.Rank.R4>;

  constructor(scope: ParameterScope, channels: number) {
    this.#weight = scope.weight('weight', kaimingUniform([SIDE, SIDE, channels, 1], SIDE * SIDE));
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return depthwise3x3(x, this.#weight);
  }

  /** With the batch norm after it, which has no activation; does not train. */
  infer(x: tf.Tensor4D, norm: BatchNorm): tf.Tensor4D {
    return depthwise3x3Folded(x, this.#weight, norm.folded());
  }
}

/** All channels with all: the basic decoder's convolution. */
export class Convolution {
  /** [3, 3, inputs, outputs] */
  readonly #weight: tf.Variable<tf.Rank.R4>;

  constructor(scope: ParameterScope, inputs: number, outputs: number) {
    this.#weight = scope.weight(
      'weight',
      kaimingUniform([SIDE, SIDE, inputs, outputs], SIDE * SIDE * inputs),
    );
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return convolution3x3(x, this.#weight);
  }

  /** With what follows it: the norm, a residual, the norm's activation; does not train. */
  infer(x: tf.Tensor4D, norm: BatchNorm, residual?: tf.Tensor4D): tf.Tensor4D {
    const [, , inputs, outputs] = this.#weight.shape;
    if (inputs % 4 !== 0 || outputs % 4 !== 0) return norm.apply(this.apply(x), false, residual);
    const { activation } = norm;
    return convolution(x, this.#weight, norm.folded(), { activation, ...(residual && { residual }) });
  }
}
