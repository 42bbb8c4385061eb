// Batch normalisation over all axes but the last, and the activation that follows it, with torch's conventions:
// momentum 0.1, the batch's biased variance for the result, its unbiased one for the running statistics.
import type { tf } from '../gpu/tf';
import type { TrainedActivation } from '../kernels/convolution/activation';
import { followStatistics } from '../kernels/normalise/runningStatistics';
import { batchNormInference, batchNormTraining } from '../kernels/normalise/normalise';
import { constant } from './initialise';
import type { ParameterScope } from './parameters';

export const BATCH_NORM_EPSILON = 1e-5;
const MOMENTUM = 0.1;

export class BatchNorm {
  /** All four are [channels]. */
  readonly #scale: tf.Variable<tf.Rank.R1>;
  readonly #shift: tf.Variable<tf.Rank.R1>;
  readonly #runningMean: tf.Variable<tf.Rank.R1>;
  readonly #runningVariance: tf.Variable<tf.Rank.R1>;

  constructor(
    scope: ParameterScope,
    channels: number,
    private readonly activation: TrainedActivation = 'linear',
  ) {
    this.#scale = scope.weight('scale', constant([channels], 1));
    this.#shift = scope.weight('shift', constant([channels], 0));
    this.#runningMean = scope.statistic('runningMean', constant([channels], 0));
    this.#runningVariance = scope.statistic('runningVariance', constant([channels], 1));
  }

  /** [B, H, W, C] -> the same. Training normalises by the batch and moves the running statistics. */
  apply(x: tf.Tensor4D, training: boolean): tf.Tensor4D {
    const options = { epsilon: BATCH_NORM_EPSILON, activation: this.activation };
    const [mean, variance] = [this.#runningMean, this.#runningVariance];
    if (!training) return batchNormInference(x, mean, variance, this.#scale, this.#shift, options);
    const { y, ...batch } = batchNormTraining(x, this.#scale, this.#shift, options);
    followStatistics(mean, variance, batch, { momentum: MOMENTUM, rows: x.size / x.shape[3] });
    return y;
  }
}
