// What one row of the parameter table may say. The form, the link codec, the session file and the
// command-line flags are all derived from rows of these shapes; nothing here knows a concrete parameter.
import type {
  ChoiceOption,
  FlagOption,
  NumberOption,
  OptionGroup,
  OptionValue,
} from '../lib/methods/options';

/** Where a parameter acts. `fbp` and `score` ones change a map without training; `view` ones change only the picture. */
export type ParamGroup = OptionGroup | 'data' | 'features' | 'fbp' | 'score' | 'view';

export type NumberSpec = NumberOption<ParamGroup>;
export type ChoiceSpec<V extends string = string> = ChoiceOption<V, ParamGroup>;
export type FlagSpec = FlagOption<ParamGroup>;

export interface TextSpec extends Omit<FlagSpec, 'kind' | 'default'> {
  kind: 'text';
  default: string;
  maxLength: number;
}

export type ParamSpec = NumberSpec | ChoiceSpec | FlagSpec | TextSpec;

/** The value type a row stands for. */
export type ValueOf<S extends ParamSpec> = S extends TextSpec ? string : OptionValue<S>;
