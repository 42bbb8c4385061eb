// Squeeze-excite: every channel is weighted by what a small network sees in all channels' averages.
import { tf } from '../gpu/tf';
import { hardSigmoid } from './activations';
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
    const pooled = x.mean<tf.Tensor4D>([1, 2], true);
    const gate = hardSigmoid(this.#expand.apply(tf.relu(this.#reduce.apply(pooled))));
    return x.mul(gate);
  }
}
