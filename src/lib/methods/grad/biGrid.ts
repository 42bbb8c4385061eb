// GRAD's model: shared coordinates, a normal and an abnormal grid, a decoder for each, and their fusion. Built by
// create(), filled by the trainer or a checkpoint. Pure tensor algebra; no device or page here.
import { tf } from '../../gpu/tf';
import { weightedSum } from '../../kernels/linear/weightedSum';
import { branchMaps } from '../../kernels/inference/branchMaps';
import { inferInstanceNorm } from '../../kernels/inference/normaliseImage';
import { instanceNormalise } from '../../kernels/normalise/normalise';
import { INITIAL_FUSION_WEIGHT, type ModelConfig } from './config';
import { CoordinateMapping, jitterCoordinates, type GridCoordinates } from './coordinates';
import { Decoder } from './decoder/decoder';
import { Grid } from './grids';
import { constant } from '../../nn/initialise';
import { drawn, ParameterScope, type Parameter, type ValueSource } from '../../nn/parameters';
import { Random } from '../../nn/random';
import type { GradOptions } from './options';
import { UNMEASURED, type Reading } from './reading';

/** What the branches rebuild, [B, H, W, C] each; null for a branch that the method does not have. */
export interface Branches {
  normal: tf.Tensor4D | null;
  abnormal: tf.Tensor4D | null;
}

/** Training mode: batch norm follows the batch, and coordinates are jittered where a generator is given. */
export interface Training {
  jitter: Random | null;
  /** Both branches see the same noise; default: each its own. */
  shared?: boolean;
  /** The abnormal branch is frozen: its batch norm follows what stage 1 has seen. */
  frozen?: boolean;
}

export class BiGrid {
  readonly #coordinates: CoordinateMapping;
  /** Of the abnormal grid: the same unless it has its own. */
  readonly #abnormalCoordinates: CoordinateMapping;
  readonly #normal: Branch | null;
  readonly #abnormal: Branch | null;
  readonly #fusionWeight: tf.Variable<tf.Rank.R1> | null;
  /** How its map is read; set when it has been trained. */
  reading: Reading = UNMEASURED;

  private constructor(
    readonly config: ModelConfig,
    private readonly scope: ParameterScope,
  ) {
    const { method, fusion, channels, coordinates } = config;
    this.#coordinates = new CoordinateMapping(scope.scope('coordinates'), channels);
    this.#normal = method === 'abnormal-grid' ? null : new Branch(scope.scope('normal'), config, false);
    this.#abnormal = method === 'normal-grid' ? null : new Branch(scope.scope('abnormal'), config, true);
    this.#abnormalCoordinates = coordinates
      ? new CoordinateMapping(scope.scope('abnormal.coordinates'), channels)
      : this.#coordinates;
    this.#fusionWeight =
      method === 'grad' && fusion === 'w'
        ? scope.weight('fusion', constant([1], INITIAL_FUSION_WEIGHT))
        : null;
  }

  /** A model with random start values; the same seed gives the same values. */
  static create(config: ModelConfig, seed: number, start: GradOptions['gradStart'] = 'kaiming'): BiGrid {
    const values = start === 'kaiming' ? drawn(seed) : publicStart(seed);
    return BiGrid.from(config, config.coordinates === 'copied' ? copiesToBe(values) : values);
  }

  /** A model with given values, e.g. those of a checkpoint. What `values` throws leaves nothing behind. */
  static from(config: ModelConfig, values: ValueSource): BiGrid {
    const scope = ParameterScope.root(values);
    try {
      return new BiGrid(config, scope);
    } catch (error) {
      scope.dispose();
      throw error;
    }
  }

  /** All parameters in a fixed order. */
  get parameters(): readonly Parameter[] {
    return this.scope.list;
  }

  /** phi [B, H, W, C] -> what the branches rebuild. The caller disposes of it. */
  branches(phi: tf.Tensor4D, training?: Training): Branches {
    return tf.tidy(() => {
      const exact = this.#coordinates.apply(phi, training !== undefined);
      const own = this.#abnormalCoordinates !== this.#coordinates;
      // What has its own coordinates has its own noise.
      const jittered = training?.shared === true && training.jitter !== null && !own;
      const coordinates = jittered ? jitterCoordinates(exact, training.jitter!) : exact;
      const how = jittered ? { ...training, jitter: null } : training;
      const normal = this.#normal?.apply(coordinates, how) ?? null;
      const others = own ? this.#abnormalCoordinates.apply(phi, training !== undefined) : coordinates;
      const abnormal = this.#abnormal?.apply(others, how) ?? null;
      return { normal, abnormal } as Branches & tf.NamedTensorMap;
    });
  }

  /** Where phi [B, H, W, C] looks into both grids, without jitter. The caller disposes of it. */
  coordinates(phi: tf.Tensor4D): GridCoordinates {
    return tf.tidy(() => this.#coordinates.apply(phi, false) as GridCoordinates & tf.NamedTensorMap);
  }

  /** Both grids' tables as they stand; the model's own. Null for a branch that the method does not have. */
  get grids(): { normal: Grid | null; abnormal: Grid | null } {
    return { normal: this.#normal?.grid ?? null, abnormal: this.#abnormal?.grid ?? null };
  }

  /** The abnormal branch alone, [B, H, W, C]: what stage 1 trains. @throws Error for a model without it */
  abnormalBranch(phi: tf.Tensor4D, training?: Training): tf.Tensor4D {
    const branch = this.#abnormal;
    if (!branch) throw new Error(`the method ${this.config.method} has no abnormal branch`);
    return tf.tidy(() =>
      branch.apply(this.#abnormalCoordinates.apply(phi, training !== undefined), training),
    );
  }

  /** The normal grid is looked up where the abnormal one is from here on, each by its own mapping. */
  copyCoordinates(): void {
    const of = new Map(this.parameters.map(({ name, variable }) => [name, variable]));
    for (const [name, variable] of of) {
      const copied = name.startsWith(COORDINATES) && of.get(`${ABNORMAL}${name}`);
      // Values of its own: the optimiser writes into them where they lie.
      if (copied) tf.tidy(() => variable.assign(copied.mul(1)));
    }
  }

  /**
   * x_pre: the branches' sum, x_n + w x_a or lambda x_n + (1 - lambda) x_a; a branch that stands alone is returned
   * as it is. @param value w or lambda; by default the trained one
   */
  fuse({ normal, abnormal }: Branches, value?: number): tf.Tensor4D {
    if (!normal || !abnormal) return (normal ?? abnormal)!.clone();
    return tf.tidy(() => {
      if (this.config.fusion === 'w') {
        return weightedSum(normal, abnormal, value === undefined ? this.#fusionWeight! : tf.scalar(value));
      }
      const lambda = value ?? this.config.lambda;
      return weightedSum(normal.mul(lambda), abnormal, tf.scalar(1 - lambda));
    });
  }

  /**
   * The maps of both branches in one go: fused as by fuse() (and refined or not), of the normal one alone, and what the abnormal one
   * says. [B, H, W] each; the caller disposes them.
   */
  maps(
    phi: tf.Tensor4D,
    { normal, abnormal }: { normal: tf.Tensor4D; abnormal: tf.Tensor4D },
    { refine, value }: { refine: boolean; value?: number | undefined },
  ): ReturnType<typeof branchMaps> {
    const lambda = value ?? this.config.lambda;
    const mixed = { normal: lambda, abnormal: 1 - lambda };
    const summed = value === undefined ? { weight: this.#fusionWeight! } : {};
    const fusion = this.config.fusion === 'w' ? { normal: 1, abnormal: value ?? 1, ...summed } : mixed;
    return branchMaps(phi, normal, abnormal, fusion, refine, this.reading.near);
  }

  /** The trained w, or the fixed lambda. */
  async fusionValue(): Promise<number> {
    return this.#fusionWeight ? (await this.#fusionWeight.data())[0]! : this.config.lambda;
  }

  dispose(): void {
    this.scope.dispose();
  }
}

const COORDINATES = 'coordinates.';
const ABNORMAL = 'abnormal.';

/** Coordinates that are to be copied start as the shared ones do, so that stage 1 is the same. */
const copiesToBe =
  (values: ValueSource): ValueSource =>
  (name, start) =>
    values(name.startsWith(ABNORMAL + COORDINATES) ? name.slice(ABNORMAL.length) : name, start);

/** As CRAD's and GRAD's public code starts layers: weights N(0, 0.01), biases 0. Tables, norms and w as ever. */
function publicStart(seed: number): ValueSource {
  const others = drawn(seed);
  return (name, start) => {
    if (name.endsWith('.weight') && start.shape.length > 1)
      return Random.stream(seed, `initialisation of ${name}`).normals(start.shape.reduce((a, b) => a * b, 1), 0.01); // prettier-ignore
    if (name.endsWith('.bias')) return others(name, constant(start.shape, 0));
    return others(name, start);
  };
}

/** Of the abnormal branch's query, which is normalised per image and channel over its pixels: (q - mean) / (std + 1e-6). */
export const QUERY_EPSILON = 1e-6;

/** One grid with its decoder. */
class Branch {
  readonly grid: Grid;
  readonly #decoder: Decoder;

  constructor(
    scope: ParameterScope,
    config: ModelConfig,
    /** Its query is normalised, and it may be frozen. */
    private readonly abnormal: boolean,
  ) {
    this.grid = new Grid(scope.scope('grid'), config);
    this.#decoder = new Decoder(scope.scope('decoder'), config);
  }

  apply(coordinates: GridCoordinates, training?: Training): tf.Tensor4D {
    const { jitter = null } = training ?? {};
    const trains = training !== undefined;
    const query = this.grid.query(jitter ? jitterCoordinates(coordinates, jitter) : coordinates);
    const normalise = trains ? instanceNormalise : inferInstanceNorm;
    const read = this.abnormal ? normalise(query, QUERY_EPSILON) : query;
    return this.#decoder.apply(read, training !== undefined && !(this.abnormal && training.frozen === true));
  }
}
