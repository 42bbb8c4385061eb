// The options of methods as rows: what each is called, its unit, range and default. Light: no tensors here, so that a
// form or a command line may import it. The program's table of parameters is made of such rows (src/settings).

interface Common<G extends string> {
  /** Short name beside the control, in plain words. */
  label: string;
  /** The paper's own term or symbol, when it differs from the label. */
  term?: string;
  /** One or two sentences a newcomer understands. */
  help: string;
  /** Where it acts: rows of one group stand together. */
  group: G;
  /** Key in a shared link; unique and short. */
  url: string;
  /** Command-line flag without dashes; absent where a flag makes no sense. */
  flag?: string;
}

/** `model` and `training`: of the grids; `baselines`: of the other methods. */
export type OptionGroup = 'model' | 'training' | 'baselines';

export interface NumberOption<G extends string = OptionGroup> extends Common<G> {
  kind: 'number';
  default: number;
  min: number;
  max: number;
  step: number;
  integer?: boolean;
  /** Unit printed after the value, e.g. `px`, `sigma`, `epochs`. */
  unit?: string;
}

export interface ChoiceOption<V extends string = string, G extends string = OptionGroup> extends Common<G> {
  kind: 'choice';
  default: V;
  options: readonly { value: V; label: string; help?: string }[];
  /** Other names that are understood when read. */
  aliases?: Readonly<Record<string, V>>;
}

export interface FlagOption<G extends string = OptionGroup> extends Common<G> {
  kind: 'flag';
  default: boolean;
}

export type OptionRow = NumberOption | ChoiceOption | FlagOption;
export type OptionRows = Readonly<Record<string, OptionRow>>;

/** The value type a row stands for. */
export type OptionValue<R> = R extends { kind: 'number' }
  ? number
  : R extends { kind: 'flag' }
    ? boolean
    : R extends { kind: 'choice'; default: infer V }
      ? V
      : never;

/** A value for every row. */
export type OptionValues<R> = { -readonly [K in keyof R]: OptionValue<R[K]> };

export const num = <const S extends Omit<NumberOption<string>, 'kind'>>(spec: S) =>
  ({ kind: 'number', ...spec }) as const;
export const int = <const S extends Omit<NumberOption<string>, 'kind' | 'step' | 'integer'>>(spec: S) =>
  ({ kind: 'number', step: 1, integer: true, ...spec }) as const;
export const flag = <const G extends string>(spec: Omit<FlagOption<G>, 'kind'>): FlagOption<G> => ({
  kind: 'flag',
  ...spec,
});
export const choice = <const V extends string, const G extends string>(
  spec: Omit<ChoiceOption<V, G>, 'kind'>,
): ChoiceOption<V, G> => ({ kind: 'choice', ...spec });

/** Every row at its default. */
export const defaultsOf = <R extends Readonly<Record<string, { default: unknown }>>>(
  rows: R,
): OptionValues<R> =>
  Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.default])) as OptionValues<R>;

/** Some of the rows. */
export const pick = <R extends OptionRows, const K extends keyof R>(
  rows: R,
  ...names: readonly K[]
): Pick<R, K> => Object.fromEntries(names.map((name) => [name, rows[name]])) as Pick<R, K>;

/** Images per training step, of every method that learns by gradient. */
export const BATCH = int({
  label: 'Batch',
  help: 'Images per training step.',
  group: 'training',
  url: 'batch',
  flag: 'batch',
  unit: 'images',
  default: 8,
  min: 1,
  max: 64,
});

/** What the baselines that learn by gradient have in common. */
export const LEARNER_ROWS = {
  batch: BATCH,
  methodEpochs: int({
    label: 'Epochs',
    help: 'Passes over the training images for a method that learns by gradient; 0 takes its paper’s number.',
    group: 'baselines',
    url: 'me',
    flag: 'method-epochs',
    unit: 'epochs',
    default: 0,
    min: 0,
    max: 2000,
  }),
} as const satisfies OptionRows;

export interface LearnerOptions {
  /** Passes over the training inputs; 0 takes the paper's number. */
  epochs: number;
}

export const learnerOptions = ({ methodEpochs }: { methodEpochs: number }): LearnerOptions => ({
  epochs: methodEpochs,
});

/** The number of epochs asked for, or the paper's where that is 0. */
export const epochsOf = ({ epochs }: LearnerOptions, paper: number): number => (epochs > 0 ? epochs : paper);
