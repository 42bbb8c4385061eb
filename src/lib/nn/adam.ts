// Adam and AdamW for the rival methods: groups of parameters, each with its own learning rate and decay, and
// optionally gradients clipped by their common norm. The update is one kernel (src/lib/kernels/optimiser/adamw.ts). GRAD's own
// optimiser, with its rates by role and its saved state, is ../optimiser.ts.
import { tf } from '../gpu/tf';
import { adamwUpdate } from '../kernels/optimiser/adamw';
import { clipScale } from '../kernels/optimiser/clipScale';
import { ADAM } from '../methods/grad/config';
import type { Parameter } from './parameters';

/** Parameters that train alike, with torch's betas 0.9 and 0.999 and epsilon 1e-8. */
export interface ParameterGroup {
  /** Statistics among them are left alone. */
  parameters: readonly Parameter[];
  learningRate: number;
  /** AdamW's decay, taken off the parameter itself; by default none, which is Adam. */
  weightDecay?: number;
  /** torch.optim.Adam's `weight_decay` instead: this times the parameter is added to its gradient. */
  l2?: number;
}

interface Trained {
  variable: tf.Variable;
  group: ParameterGroup;
  /** Running averages of the gradient and of its square, of the parameter's shape. */
  mean: tf.Variable;
  square: tf.Variable;
}

export class GroupedAdam {
  readonly #trained: Trained[];
  /** What gradients are multiplied with when nothing clips them. */
  readonly #unclipped = tf.scalar(1);
  #steps = 0;

  /** @param clipNorm global norm above which gradients are scaled down; by default never */
  constructor(
    groups: readonly ParameterGroup[],
    private readonly clipNorm?: number,
  ) {
    this.#trained = groups.flatMap((group) =>
      group.parameters
        .filter(({ role }) => role !== 'statistic')
        .map(({ variable }) => ({ variable, group, mean: zeros(variable), square: zeros(variable) })),
    );
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
      const scale = this.clipNorm ? clipScale(gradients, this.clipNorm).scale : this.#unclipped;
      this.#trained.forEach(({ variable, group, mean, square }, i) => {
        const { learningRate, weightDecay = 0 } = group;
        const settings = { ...ADAM, learningRate: factor * learningRate, weightDecay, step };
        adamwUpdate(variable, mean, square, decayed[i]!, scale, settings);
      });
    });
  }

  dispose(): void {
    this.#unclipped.dispose();
    for (const { mean, square } of this.#trained) tf.dispose([mean, square]);
  }
}

function zeros({ shape }: tf.Variable): tf.Variable {
  return tf.tidy(() => tf.variable(tf.zeros(shape), false));
}
