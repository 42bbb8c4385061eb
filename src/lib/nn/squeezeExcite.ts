// Squeeze-excite and the hard-swish after it: every channel is weighted by what a small network sees in all channels'
// averages.
import { tf } from '../gpu/tf';
import { channelMeans } from '../kernels/convolution/channelMeans';
import { gatedHardSwish } from '../kernels/convolution/gatedHardSwish';
import { Linear } from './linear';
import type { ParameterScope } from './parameters';

const REDUCTION = 4;

export class SqueezeExcite {
  readonly #reduce: Linear;
  readonly #expand: Linear;

  constructor(scope: ParameterScope, channels: number) {
    const squeezed = Math.max(1, Math.floor(channels / REDUCTION));
    this.#reduce = new Linear(scope.scope('reduce'), channels, squeezed, { bias: false });
    this.#expand = new Linear(scope.scope('expand'), squeezed, channels, { bias: false });
  }

  /** [B, H, W, C] -> the same */
  apply(x: tf.Tensor4D): tf.Tensor4D {
    const squeezed = tf.relu(this.#reduce.apply(channelMeans(x)));
    return gatedHardSwish(x, hardSigmoid(this.#expand.apply(squeezed)));
  }
}

/** torch's: relu6(x + 3) / 6 */
const hardSigmoid = (x: tf.Tensor2D): tf.Tensor2D => x.add(3).relu6().div(6);
