// AdamW as torch defines it, with two learning rates (grid tables, all else) and gradients clipped by their
// common norm. A stage makes a fresh one. The update itself is one kernel (src/lib/kernels/optimiser/adamw.ts).
import { tf } from '../gpu/tf';
import { adamwUpdate } from '../kernels/optimiser/adamw';
import { clipScale } from '../kernels/optimiser/clipScale';
import { ADAM, CLIP_NORM, WEIGHT_DECAY } from '../methods/grad/config';
import type { Parameter } from './parameters';

export interface LearningRates {
  learningRate: number;
  /** Of the grid tables. */
  gridLearningRate: number;
}

/** Adam's running averages of one parameter's gradient and squared gradient, of the parameter's shape. */
interface Moments {
  mean: tf.Variable;
  square: tf.Variable;
}

/** The moments as plain data; their order is that of the parameters. */
export interface OptimiserState {
  steps: number;
  mean: Float32Array[];
  square: Float32Array[];
}

export class AdamW {
  readonly #moments: Moments[];
  #steps: number;

  /** @param state of an optimiser for the same parameters; by default all moments start at zero */
  constructor(
    readonly parameters: readonly Parameter[],
    private readonly rates: LearningRates,
    state?: OptimiserState,
  ) {
    this.#steps = state?.steps ?? 0;
    this.#moments = parameters.map(({ variable: { shape } }, i) => ({
      mean: startMoment(shape, state?.mean[i]),
      square: startMoment(shape, state?.square[i]),
    }));
  }

  /**
   * One step on all parameters.
   * @param gradients in the order of `parameters`; @param factor on the learning rates, from the schedule
   */
  apply(gradients: readonly tf.Tensor[], factor: number): void {
    const step = ++this.#steps;
    tf.tidy(() => {
      const { scale } = clipScale(gradients, CLIP_NORM);
      this.parameters.forEach(({ variable, role }, i) => {
        const { mean, square } = this.#moments[i]!;
        const { learningRate, gridLearningRate } = this.rates;
        const rate = factor * (role === 'table' ? gridLearningRate : learningRate);
        const settings = { ...ADAM, learningRate: rate, weightDecay: WEIGHT_DECAY, step };
        adamwUpdate(variable, mean, square, gradients[i]!, scale, settings);
      });
    });
  }

  async state(): Promise<OptimiserState> {
    const read = (tensor: tf.Tensor) => tensor.data<'float32'>().then((values) => values.slice());
    return {
      steps: this.#steps,
      mean: await Promise.all(this.#moments.map(({ mean }) => read(mean))),
      square: await Promise.all(this.#moments.map(({ square }) => read(square))),
    };
  }

  dispose(): void {
    for (const { mean, square } of this.#moments) tf.dispose([mean, square]);
  }
}

function startMoment(shape: number[], values?: Float32Array): tf.Variable {
  return tf.tidy(() => tf.variable(values ? tf.tensor(values, shape) : tf.zeros(shape), false));
}
