// Mean and standard deviation of the training features, over all elements (sigma, the unit of FBP's intensity:
// METHOD section 4) and per channel (for the normalisation option). Streaming: one batch at a time, one small read
// each, merged in double precision by the rule of Chan, Golub and LeVeque (1983).
import { tf } from '../gpu/tf';

export class FeatureStatistics {
  #count = 0;
  #mean = new Float64Array(0);
  /** Sum of squared deviations from the mean, per channel. */
  #squares = new Float64Array(0);

  /** Takes in a batch of features [B, H, W, C]; the tensor stays the caller's. C must not change. */
  async add(phi: tf.Tensor4D): Promise<void> {
    const [batch, height, width, channels] = phi.shape;
    const moments = tf.tidy(() => {
      const { mean, variance } = tf.moments(phi, [0, 1, 2]);
      return tf.concat([mean.reshape([channels]), variance.reshape([channels])]);
    });
    const values = await moments.data();
    moments.dispose();
    const count = batch * height * width;
    this.#merge(count, values.subarray(0, channels), values.subarray(channels));
  }

  /** Positions taken in so far: images times height times width. */
  get positions(): number {
    return this.#count;
  }

  /**
   * Standard deviation over all elements, unbiased (divided by n - 1) as torch's `x.std()`.
   * NaN before two elements are in.
   */
  get sigma(): number {
    const channels = this.#mean.length;
    const mean = this.#mean.reduce((sum, value) => sum + value, 0) / channels;
    const between = this.#mean.reduce((sum, value) => sum + (value - mean) ** 2, 0) * this.#count;
    const within = this.#squares.reduce((sum, value) => sum + value, 0);
    return Math.sqrt((within + between) / (this.#count * channels - 1));
  }

  /** Mean and unbiased standard deviation of each channel. */
  perChannel(): { mean: Float32Array; std: Float32Array } {
    return {
      mean: Float32Array.from(this.#mean),
      std: Float32Array.from(this.#squares, (squares) => Math.sqrt(squares / (this.#count - 1))),
    };
  }

  #merge(count: number, mean: ArrayLike<number>, variance: ArrayLike<number>): void {
    if (this.#count === 0) {
      this.#mean = new Float64Array(mean.length);
      this.#squares = new Float64Array(mean.length);
    }
    if (mean.length !== this.#mean.length) {
      throw new RangeError(`features have ${mean.length} channels, ${this.#mean.length} before`);
    }
    const total = this.#count + count;
    for (let c = 0; c < mean.length; c++) {
      const delta = mean[c]! - this.#mean[c]!;
      this.#mean[c]! += (delta * count) / total;
      this.#squares[c]! += variance[c]! * count + (delta * delta * this.#count * count) / total;
    }
    this.#count = total;
  }
}
