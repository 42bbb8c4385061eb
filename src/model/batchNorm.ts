// Batch normalisation over all axes but the last, with torch's conventions: momentum 0.1, the batch's biased
// variance for the result, its unbiased variance for the running statistics.
import { tf } from '../gpu/tf';
import { constant } from './initialise';
import type { ParameterScope } from './parameters';

const EPSILON = 1e-5;
const MOMENTUM = 0.1;

export class BatchNorm {
  /** All four are [channels]. */
  readonly scale: tf.Variable<tf.Rank.R1>;
  readonly shift: tf.Variable<tf.Rank.R1>;
  readonly runningMean: tf.Variable<tf.Rank.R1>;
  readonly runningVariance: tf.Variable<tf.Rank.R1>;

  constructor(scope: ParameterScope, channels: number) {
    this.scale = scope.weight('scale', constant([channels], 1));
    this.shift = scope.weight('shift', constant([channels], 0));
    this.runningMean = scope.statistic('runningMean', constant([channels], 0));
    this.runningVariance = scope.statistic('runningVariance', constant([channels], 1));
  }

  /** [B, H, W, C] -> the same. Training normalises by the batch and moves the running statistics. */
  apply(x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    if (!training) {
      return tf.batchNorm4d(x, this.runningMean, this.runningVariance, this.shift, this.scale, EPSILON);
    }
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    this.#follow(mean as tf.Tensor1D, variance as tf.Tensor1D, x.size / x.shape[3]);
    return x
      .sub(mean)
      .mul(this.scale.div(variance.add(EPSILON).sqrt()))
      .add(this.shift);
  }

  #follow(mean: tf.Tensor1D, variance: tf.Tensor1D, count: number): void {
    const unbiased = variance.mul(count / Math.max(1, count - 1));
    move(this.runningMean, mean);
    move(this.runningVariance, unbiased as tf.Tensor1D);
  }
}

/** running = (1 - momentum) * running + momentum * observed */
function move(running: tf.Variable<tf.Rank.R1>, observed: tf.Tensor1D): void {
  tf.tidy(() => running.assign(running.mul(1 - MOMENTUM).add(observed.mul(MOMENTUM))));
}
