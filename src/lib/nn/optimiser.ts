// Adam and AdamW as torch defines them: groups of parameters, each with its own learning rate and decay, gradients
// optionally clipped by their common norm, and a state to go on from. The update is one kernel
// (src/lib/kernels/optimiser/adamw.ts).
import { tf } from '../gpu/tf';
import { adamwUpdate } from '../kernels/optimiser/adamw';
import { clipScale } from '../kernels/optimiser/clipScale';
import type { Parameter } from './parameters';

/** torch's defaults. */
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Parameters that train alike. */
export interface ParameterGroup {
  /** Statistics among them are left alone. */
  parameters: readonly Parameter[];
  learningRate: number;
  /** Of the grid tables among them; by default that of the others. */
  tableLearningRate?: number;
  /** AdamW's decay, taken off the parameter itself; by default none, which is Adam. */
  weightDecay?: number;
  /** torch.optim.Adam's `weight_decay` instead: this times the parameter is added to its gradient. */
  l2?: number;
}

export interface OptimiserOptions {
  /** Global norm above which gradients are scaled down; by default they never are. */
  clipNorm?: number | undefined;
  /** Of an optimiser for the same groups; by default all moments start at zero. */
  state?: OptimiserState | undefined;
}

/** The moments as plain data, in the order of the groups' parameters. */
export interface OptimiserState {
  steps: number;
  mean: Float32Array[];
  square: Float32Array[];
}

interface Trained {
  variable: tf.Variable;
  learningRate: number;
  group: ParameterGroup;
  /** Running averages of the gradient and of its square, of the parameter's shape. */
  mean: tf.Variable;
  square: tf.Variable;
}

export class Adam {
  readonly #trained: Trained[];
  readonly #clipNorm: number | undefined;
  /** What gradients are multiplied with when nothing clips them. */
  readonly #unclipped = tf.scalar(1);
  #steps: number;

  constructor(groups: readonly ParameterGroup[], { clipNorm, state }: OptimiserOptions = {}) {
    this.#clipNorm = clipNorm;
    this.#steps = state?.steps ?? 0;
    this.#trained = groups.flatMap(trainedOf).map(({ variable, ...rest }, i) => ({
      ...rest,
      variable,
      mean: startMoment(variable.shape, state?.mean[i]),
      square: startMoment(variable.shape, state?.square[i]),
    }));
  }

  /** What to differentiate for, in the order in which apply() takes the gradients. */
  get variables(): tf.Variable[] {
    return this.#trained.map(({ variable }) => variable);
  }

  /**
   * One step on all parameters.
   * @param gradients in the order of `variables`; @param factor on the learning rates, from the schedule
   */
  apply(gradients: readonly tf.Tensor[], factor = 1): void {
    const step = ++this.#steps;
    tf.tidy(() => {
      const decayed = this.#trained.map(({ variable, group: { l2 } }, i) =>
        l2 ? gradients[i]!.add(variable.mul(l2)) : gradients[i]!,
      );
      // torch clips before the optimiser adds its decay.
      const scale = this.#clipNorm ? clipScale(gradients, this.#clipNorm).scale : this.#unclipped;
      this.#trained.forEach(({ variable, learningRate, group: { weightDecay = 0 }, mean, square }, i) => {
        const settings = { ...ADAM, learningRate: factor * learningRate, weightDecay, step };
        adamwUpdate(variable, mean, square, decayed[i]!, scale, settings);
      });
    });
  }

  async state(): Promise<OptimiserState> {
    const read = (tensor: tf.Tensor) => tensor.data<'float32'>().then((values) => values.slice());
    return {
      steps: this.#steps,
      mean: await Promise.all(this.#trained.map(({ mean }) => read(mean))),
      square: await Promise.all(this.#trained.map(({ square }) => read(square))),
    };
  }

  dispose(): void {
    this.#unclipped.dispose();
    for (const { mean, square } of this.#trained) tf.dispose([mean, square]);
  }
}

function trainedOf(group: ParameterGroup): Pick<Trained, 'variable' | 'learningRate' | 'group'>[] {
  const { parameters, learningRate, tableLearningRate = learningRate } = group;
  return parameters
    .filter(({ role }) => role !== 'statistic')
    .map(({ variable, role }) => ({
      variable,
      group,
      learningRate: role === 'table' ? tableLearningRate : learningRate,
    }));
}

function startMoment(shape: number[], values?: Float32Array): tf.Variable {
  return tf.tidy(() => tf.variable(values ? tf.tensor(values, shape) : tf.zeros(shape), false));
}
