// What stands across the table: methods by name, methods with flags of their own, and ready-made ablations. Names come
// from the parameter table, so a new method is a new name here.
import { Command, CommanderError } from 'commander';
import { PARAMS, type Params } from '../../settings/table';
import { judge } from '../../settings/values';
import { ABLATIONS, type Variant } from '../../report/variants';
import { addParamOptions, paramsOf } from '../flags';
import { BadComparison } from './errors';

export { ABLATIONS, type Variant };

const METHODS = PARAMS.method.options.map(({ value }) => value);

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
