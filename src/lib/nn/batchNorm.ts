// Batch normalisation over all axes but the last, and the activation that follows it, with torch's conventions:
// momentum 0.1, the batch's biased variance for the result, its unbiased one for the running statistics.
import { tf } from '../gpu/tf';
import type { TrainedActivation } from '../kernels/convolution/activation';
import { foldNorm } from '../kernels/inference/foldNorm';
import { batchNormInference, batchNormTraining } from '../kernels/normalise/normalise';
import { constant } from './initialise';
import { parameterRevision, parametersChanged, type ParameterScope } from './parameters';

export const BATCH_NORM_EPSILON = 1e-5;
const MOMENTUM = 0.1;

export class BatchNorm {
  /** All four are [channels]. */
  readonly #scale: tf.Variable<tf.Rank.R1>;
  readonly #shift: tf.Variable<tf.Rank.R1>;
  readonly #runningMean: tf.Variable<tf.Rank.R1>;
  readonly #runningVariance: tf.Variable<tf.Rank.R1>;
  /** [2, channels], see folded(); and of what it was made. */
  readonly #affine: tf.Variable<tf.Rank.R2>;
  #madeOf = '';

  constructor(
    scope: ParameterScope,
    channels: number,
    readonly activation: TrainedActivation = 'linear',
  ) {
    this.#scale = scope.weight('scale', constant([channels], 1));
    this.#shift = scope.weight('shift', constant([channels], 0));
    this.#runningMean = scope.statistic('runningMean', constant([channels], 0));
    this.#runningVariance = scope.statistic('runningVariance', constant([channels], 1));
    this.#affine = scope.room([2, channels]);
  }

  /** [B, H, W, C] -> the same; a residual is added before the activation, which is then none or ReLU. Training normalises by the batch and moves the running statistics. */
  apply(x: tf.Tensor4D, training: boolean, residual?: tf.Tensor4D): tf.Tensor4D {
    const options = { epsilon: BATCH_NORM_EPSILON, activation: this.activation, residual };
    const [mean, variance] = [this.#runningMean, this.#runningVariance];
    if (!training) {
      const plain = residual ? { epsilon: BATCH_NORM_EPSILON } : options;
      const y = batchNormInference(x, mean, variance, this.#scale, this.#shift, plain);
      if (!residual) return y;
      const sum = y.add<tf.Tensor4D>(residual);
      return this.activation === 'relu' ? tf.relu(sum) : sum;
    }
    parametersChanged();
    return batchNormTraining(x, this.#scale, this.#shift, options, { mean, variance, momentum: MOMENTUM }).y;
  }

  /**
   * The norm with its running statistics as factors and summands [2, channels], for the layer before it to apply: made anew when
   * a parameter has changed. Without the activation. The norm's own, read only.
   */
  folded(): tf.Tensor2D {
    const parts = {
      ...{ mean: this.#runningMean, variance: this.#runningVariance },
      ...{ scale: this.#scale, shift: this.#shift },
    };
    // A variable that was assigned to holds other data.
    const ids = Object.values(parts).map(({ dataId }) => (dataId as { id: number }).id);
    const madeOf = [parameterRevision(), ...ids].join();
    if (madeOf !== this.#madeOf) foldNorm(this.#affine, parts, BATCH_NORM_EPSILON);
    this.#madeOf = madeOf;
    return this.#affine;
  }
}
