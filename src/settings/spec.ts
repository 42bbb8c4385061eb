// What one row of the parameter table may say. The form, the link codec, the session file and the
// command-line flags are all derived from rows of these shapes; nothing here knows a concrete parameter.

/** Where a parameter acts. `fbp` and `score` ones change a map without training; `view` ones change only the picture. */
export type ParamGroup = 'data' | 'features' | 'model' | 'training' | 'rivals' | 'fbp' | 'score' | 'view';

interface Common {
  /** Short name beside the control, in plain words. */
  label: string;
  /** The paper's own term or symbol, when it differs from the label. */
  term?: string;
  /** One or two sentences a newcomer understands. */
  help: string;
  group: ParamGroup;
  /** Key in a shared link; unique and short. */
  url: string;
  /** Command-line flag without dashes; absent where a flag makes no sense. */
  flag?: string;
}

export interface NumberSpec extends Common {
  kind: 'number';
  default: number;
  min: number;
  max: number;
  step: number;
  integer?: boolean;
  /** Unit printed after the value, e.g. `px`, `sigma`, `epochs`. */
  unit?: string;
}

export interface ChoiceSpec<V extends string = string> extends Common {
  kind: 'choice';
  default: V;
  options: readonly { value: V; label: string; help?: string }[];
  /** Other names that are understood when read. */
  aliases?: Readonly<Record<string, V>>;
}

export interface FlagSpec extends Common {
  kind: 'flag';
  default: boolean;
}

export interface TextSpec extends Common {
  kind: 'text';
  default: string;
  maxLength: number;
}

export type ParamSpec = NumberSpec | ChoiceSpec | FlagSpec | TextSpec;

/** The value type a row stands for. */
export type ValueOf<S extends ParamSpec> = S extends NumberSpec
  ? number
  : S extends FlagSpec
    ? boolean
    : S extends ChoiceSpec<infer V>
      ? V
      : string;
