// The named parameters of a model, in order of creation: layers ask a scope for them, the optimiser and the
// checkpoint walk over them. Where start values come from (random, or a file) is the root's business.
// Nothing here knows a layer.
import { tf } from '../gpu/tf';
import { Random } from './random';

/** `table`: a learned grid. `weight`: anything else that trains. `statistic`: follows the data, gets no gradient. */
export type Role = 'table' | 'weight' | 'statistic';

export interface Parameter {
  /** Path from the model's root, e.g. `normal.decoder.blocks.0.expand.weight`. */
  name: string;
  role: Role;
  variable: tf.Variable;
}

/** How a new parameter starts (initialise.ts). */
export interface Start {
  shape: number[];
  draw(random: Random): Float32Array;
}

/** Gives the values of a parameter, `start.shape` of them. */
export type ValueSource = (name: string, start: Start) => Float32Array;

/** Random start values, one stream per name: a parameter's start does not depend on which others exist. */
export const drawn =
  (seed: number): ValueSource =>
  (name, start) =>
    start.draw(Random.stream(seed, `initialisation of ${name}`));

/** What is made of parameters and kept (a batch norm's factors, say) is out of date when this has changed. */
let revision = 0;
export const parameterRevision = (): number => revision;
/** To be called by whoever writes parameters or statistics where they lie. */
export const parametersChanged = (): void => void revision++;

/** A prefix in one shared list of parameters. */
export class ParameterScope {
  private constructor(
    readonly list: Parameter[],
    private readonly derived: tf.Variable[],
    private readonly values: ValueSource,
    private readonly path: string,
  ) {}

  static root(values: ValueSource): ParameterScope {
    return new ParameterScope([], [], values, '');
  }

  /** Disposes of all parameters of the model. */
  dispose(): void {
    for (const { variable } of this.list) variable.dispose();
    for (const variable of this.derived) variable.dispose();
  }

  scope(name: string): ParameterScope {
    return new ParameterScope(this.list, this.derived, this.values, `${this.path}${name}.`);
  }

  table<R extends tf.Rank>(name: string, start: Start): tf.Variable<R> {
    return this.#create('table', name, start);
  }

  weight<R extends tf.Rank>(name: string, start: Start): tf.Variable<R> {
    return this.#create('weight', name, start);
  }

  statistic<R extends tf.Rank>(name: string, start: Start): tf.Variable<R> {
    return this.#create('statistic', name, start);
  }

  /** Room for what is made of parameters; no parameter itself, and in no file. Zeros. */
  room<R extends tf.Rank>(shape: number[]): tf.Variable<R> {
    const variable = tf.tidy(() => tf.variable(tf.zeros(shape), false));
    this.derived.push(variable);
    return variable as tf.Variable<R>;
  }

  #create<R extends tf.Rank>(role: Role, name: string, start: Start): tf.Variable<R> {
    const path = this.path + name;
    const values = this.values(path, start);
    const variable = tf.tidy(() => tf.variable(tf.tensor(values, start.shape), role !== 'statistic'));
    this.list.push({ name: path, role, variable });
    return variable as tf.Variable<R>;
  }
}
