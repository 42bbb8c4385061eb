// The 3x3 convolutions of the decoders, stride 1, zero padding 1, without bias.
import type { tf } from '../gpu/tf';
import { convolution3x3 } from '../kernels/convolution/convolutionTraining';
import { depthwise3x3 } from '../kernels/convolution/depthwiseTraining';
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
}
