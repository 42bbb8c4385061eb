// Squeeze-excite and the hard-swish after it: every channel is weighted by what a small network sees in all channels'
// averages.
import { tf } from '../gpu/tf';
import { channelMeans } from '../kernels/convolution/channelMeans';
import { gatedHardSwish } from '../kernels/convolution/gatedHardSwish';
import { isVectorNetwork, vectorNetwork } from '../kernels/inference/vectorNetwork';
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
    return gatedHardSwish(x, this.gate(x));
  }

  /** The weights of the channels, [B, C]. */
  gate(x: tf.Tensor4D): tf.Tensor2D {
    const means = channelMeans(x);
    const [squeezed, channels] = this.#expand.weight.shape;
    if (isVectorNetwork(squeezed, channels)) {
      const first = { weight: this.#reduce.weight, bias: null, activation: 'relu' } as const;
      return vectorNetwork(means, first, {
        weight: this.#expand.weight,
        bias: null,
        activation: 'hard-sigmoid',
      });
    }
    return hardSigmoid(this.#expand.apply(tf.relu(this.#reduce.apply(means))));
  }
}

/** torch's: relu6(x + 3) / 6 */
const hardSigmoid = (x: tf.Tensor2D): tf.Tensor2D => x.add(3).relu6().div(6);
