// Adam and AdamW as torch defines them: groups of parameters, each with its own learning rate and decay, gradients
// optionally clipped by their common norm, and a state to go on from. The update is one kernel
// (src/lib/kernels/optimiser/adamw.ts).
import { tf } from '../gpu/tf';
import { adamwUpdate } from '../kernels/optimiser/adamw';
import { clipScale } from '../kernels/optimiser/clipScale';
import { packTensors, unpackTensors } from '../kernels/optimiser/packing';
import { parametersChanged, type Parameter } from './parameters';

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
}

/** What is updated at once: a large parameter, or all small ones that train alike, end to end. */
interface Unit {
  /** Places in the order of `variables`. */
  members: number[];
  learningRate: number;
  group: ParameterGroup;
  /** Running averages of the gradient and of its square: of the parameter's shape, or [total]. */
  mean: tf.Variable;
  square: tf.Variable;
}

/** Values from which on a parameter is a unit of its own: copying more costs more than a dispatch saves. */
const LARGE = 2 ** 18;

export class Adam {
  readonly #trained: Trained[];
  readonly #units: Unit[];
  readonly #clipNorm: number | undefined;
  /** What gradients are multiplied with when nothing clips them. */
  readonly #unclipped = tf.scalar(1);
  #steps: number;

  constructor(groups: readonly ParameterGroup[], { clipNorm, state }: OptimiserOptions = {}) {
    this.#clipNorm = clipNorm;
    this.#steps = state?.steps ?? 0;
    this.#trained = groups.flatMap(trainedOf);
    this.#units = unitsOf(this.#trained).map(({ members, learningRate, group }) => {
      const shapes = members.map((i) => this.#trained[i]!.variable.shape);
      const start = (moments?: Float32Array[]) =>
        startMoment(shapes, moments && members.map((i) => moments[i]!));
      return { members, learningRate, group, mean: start(state?.mean), square: start(state?.square) };
    });
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
    parametersChanged();
    tf.tidy(() => {
      const raw = this.#units.map(({ members }) => whole(members.map((i) => gradients[i]!)));
      // torch clips before the optimiser adds its decay.
      const scale = this.#clipNorm ? clipScale(raw, this.#clipNorm).scale : this.#unclipped;
      this.#units.forEach(({ members, learningRate, group, mean, square }, unit) => {
        const variables = members.map((i) => this.#trained[i]!.variable);
        const parameter = whole<tf.Tensor>(variables);
        const { weightDecay = 0, l2 } = group;
        const gradient = l2 ? raw[unit]!.add(parameter.mul(l2)) : raw[unit]!;
        const settings = { ...ADAM, learningRate: factor * learningRate, weightDecay, step };
        adamwUpdate(parameter, mean, square, gradient, scale, settings);
        if (members.length > 1) unpackTensors(parameter as tf.Tensor1D, variables);
      });
    });
  }

  async state(): Promise<OptimiserState> {
    const mean: Float32Array[] = [];
    const square: Float32Array[] = [];
    for (const unit of this.#units) {
      const [means, squares] = await Promise.all([
        unit.mean.data<'float32'>(),
        unit.square.data<'float32'>(),
      ]);
      let at = 0;
      for (const member of unit.members) {
        const end = at + this.#trained[member]!.variable.size;
        mean[member] = means.slice(at, end);
        square[member] = squares.slice(at, end);
        at = end;
      }
    }
    return { steps: this.#steps, mean, square };
  }

  dispose(): void {
    this.#unclipped.dispose();
    for (const { mean, square } of this.#units) tf.dispose([mean, square]);
  }
}

/** Small parameters of one group and rate together, in the order of the first of each. */
function unitsOf(trained: readonly Trained[]): Pick<Unit, 'members' | 'learningRate' | 'group'>[] {
  const units: Pick<Unit, 'members' | 'learningRate' | 'group'>[] = [];
  trained.forEach(({ variable, learningRate, group }, i) => {
    const alike = units.find(
      ({ members, ...unit }) =>
        unit.group === group &&
        unit.learningRate === learningRate &&
        trained[members[0]!]!.variable.size < LARGE,
    );
    if (alike && variable.size < LARGE) alike.members.push(i);
    else units.push({ members: [i], learningRate, group });
  });
  return units;
}

/** Several tensors end to end, or the only one as it is. */
const whole = <T extends tf.Tensor>(tensors: readonly T[]): T | tf.Tensor1D =>
  tensors.length === 1 ? tensors[0]! : packTensors(tensors);

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

function startMoment(shapes: readonly number[][], values?: readonly Float32Array[]): tf.Variable {
  const sizes = shapes.map((shape) => tf.util.sizeFromShape(shape));
  const all = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  values?.forEach((moment, i) => {
    all.set(moment, at);
    at += sizes[i]!;
  });
  const shape = shapes.length === 1 ? shapes[0]! : [all.length];
  return tf.tidy(() => tf.variable(values ? tf.tensor(all, shape) : tf.zeros(shape), false));
}
