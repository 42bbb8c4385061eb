// A line about each method for choosing among them: its short name, its year, what it does, what it costs. Longer words
// are in ui/help, numbers in the parameter table.
import type { MethodName } from './methods';

export interface MethodFacts {
  /** Short enough for a button row and a table. */
  name: string;
  year: number;
  line: string;
  /** What a run takes, next to the others on the same features. */
  cost: 'seconds' | 'trains' | 'trains long';
}

export const METHOD_FACTS: Record<MethodName, MethodFacts> = {
  grad: { name: 'GRAD', year: 2025, line: 'a normal and an abnormal grid', cost: 'trains' },
  'normal-grid': { name: 'CRAD', year: 2024, line: 'the normal grid alone', cost: 'trains' },
  'abnormal-grid': { name: 'Abnormal grid', year: 2025, line: 'stage 1 of GRAD by itself', cost: 'trains' },
  padim: { name: 'PaDiM', year: 2020, line: 'a Gaussian at every place', cost: 'seconds' },
  patchcore: { name: 'PatchCore', year: 2022, line: 'nearest remembered patch', cost: 'seconds' },
  simplenet: { name: 'SimpleNet', year: 2023, line: 'features against noisy copies', cost: 'trains' },
  dfr: { name: 'DFR', year: 2020, line: 'an auto-encoder of features', cost: 'trains' },
  uniad: { name: 'UniAD', year: 2022, line: 'a transformer of features', cost: 'trains long' },
  riad: { name: 'RIAD', year: 2021, line: 'repaints hidden squares of pixels', cost: 'trains long' },
};
