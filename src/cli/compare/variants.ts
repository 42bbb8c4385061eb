// What stands across the table: methods by name, methods with flags of their own, and ready-made ablations. Names come
// from the parameter table, so a new method is a new name here.
import { Command, CommanderError } from 'commander';
import { PARAMS, type Params } from '../../params/table';
import { judge } from '../../params/values';
import { addParamOptions, paramsOf } from '../flags';
import { BadComparison } from './errors';

/** A column of the table: what differs from the settings that all runs share. */
export interface Variant {
  label: string;
  changes: Partial<Params>;
}

const METHODS = PARAMS.method.options.map(({ value }) => value);

const GRIDS = ['normal-grid', 'abnormal-grid', 'grad'] as const;
const GRID_SIZES = [[4, 4], [8, 4], [16, 4], [32, 4], [8, 8]] as const; // prettier-ignore
const LAMBDAS = [0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;

/** The paper's own questions: which grid does what, how fine should they be, how much of each branch. */
export const ABLATIONS: Record<string, Variant[]> = {
  grids: GRIDS.map((method) => ({ label: method, changes: { method } })),
  'grid-sizes': GRID_SIZES.map(([localGrid, globalGrid]) => ({
    label: `Rl ${localGrid}, Rg ${globalGrid}`,
    changes: { localGrid, globalGrid },
  })),
  lambda: LAMBDAS.map((lambda) => ({ label: `lambda ${lambda}`, changes: { fusion: 'lambda', lambda } })),
};

/** `a,b,...`. @throws BadComparison for a name that is no method */
export function readMethods(raw: string): Variant[] {
  return raw.split(',').map((part) => {
    const label = part.trim();
    const { value, problem } = judge(PARAMS.method, label);
    if (problem) throw new BadComparison(`There is no method "${label}".`, `Methods: ${METHODS.join(', ')}.`);
    return { label, changes: { method: value as Params['method'] } };
  });
}

/** `label=--flag value --flag value`. @throws BadComparison, BadFlag */
export function readVariant(raw: string): Variant {
  const [, label, flags] = /^\s*([^=]*[^=\s])\s*=(.*)$/s.exec(raw) ?? [];
  const remedy = 'Give a name and flags, as in --variant "coarse grid=--method grad --local-grid 4".';
  if (!label || flags === undefined) throw new BadComparison(`"${raw}" is no variant.`, remedy);
  const command = new Command().exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  addParamOptions(command, (name) => name !== 'seed' && name !== 'preset');
  try {
    command.parse(flags.split(/\s+/).filter(Boolean), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError)
      throw new BadComparison(`Variant "${label}": ${error.message}.`, remedy);
    throw error;
  }
  return { label, changes: paramsOf(command.opts()) };
}

/** @throws BadComparison for an unknown name */
export function readAblation(raw: string): Variant[] {
  const found = Object.hasOwn(ABLATIONS, raw) ? ABLATIONS[raw] : undefined;
  if (!found) {
    throw new BadComparison(
      `There is no ablation "${raw}".`,
      `Ablations: ${Object.keys(ABLATIONS).join(', ')}.`,
    );
  }
  return found;
}

/** `0,1,2`. @throws BadComparison for what is no seed, or one named twice */
export function readSeeds(raw: string): number[] {
  const seeds = raw.split(',').map((part) => {
    const { value, problem } = judge(PARAMS.seed, part.trim());
    if (problem)
      throw new BadComparison(
        `"${part}" is no seed: it ${problem}.`,
        'Give whole numbers, as in --seeds 0,1,2.',
      );
    return value as number;
  });
  assertDistinct('seed', seeds.map(String));
  return seeds;
}

/** @throws BadComparison */
export function assertDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new BadComparison(`The ${what} "${twice}" is named twice.`, `Name each ${what} once.`);
}
