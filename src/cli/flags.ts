// The parameter table as command-line flags: one option per row that names a flag, its help with default, range and
// unit, and a strict reading of its value. A new row is a new flag; nothing here knows a concrete parameter
// but the pair of epochs, which share one flag.
import { Option, type Command } from 'commander';
import { methodsOf } from '../settings/methods';
import { PRESETS } from '../settings/presets';
import type { ParamSpec } from '../settings/spec';
import { defaultParams, PARAM_NAMES, PARAMS, type ParamName, type Params } from '../settings/table';
import { judge, specOf } from '../settings/values';
import { BadFlag } from './errors';

const EPOCHS = 'epochs';

/** The rows that have a flag of their own. */
const flagged = PARAM_NAMES.flatMap((name) => {
  const { flag } = specOf(name);
  return flag === undefined ? [] : [{ name, flag }];
});

/** Adds an option for each of these rows (all by default), and `--epochs`. */
export function addParamOptions(
  command: Command,
  wanted: (name: ParamName) => boolean = () => true,
): Command {
  for (const { name, flag } of flagged) {
    if (wanted(name)) optionsOf(name, flag).forEach((option) => command.addOption(option));
  }
  if (wanted('epochs1') && wanted('epochs2')) command.addOption(epochsOption());
  return command;
}

/** The parameters that the parsed options name, each checked against its row. */
export function paramsOf(options: Record<string, unknown>): Partial<Params> {
  const named = flagged.map(({ name, flag }) => [name, options[attributeOf(flag)]] as const);
  const given = Object.fromEntries(named.filter(([, value]) => value !== undefined));
  return { ...given, ...(options[EPOCHS] as Partial<Params> | undefined) };
}

/** How commander names the option in its result: `fbp-min` -> `fbpMin`. */
const attributeOf = (flag: string) => new Option(`--${flag}`).attributeName();

function optionsOf(name: ParamName, flag: string): Option[] {
  const spec = specOf(name);
  if (spec.kind === 'flag') {
    return [new Option(`--${flag}`, helpOf(name, spec)), new Option(`--no-${flag}`).hideHelp()];
  }
  const option = new Option(`--${flag} <${placeholder(spec)}>`, helpOf(name, spec));
  return [option.argParser((raw: string) => readValue(name, flag, raw))];
}

function placeholder(spec: ParamSpec): string {
  if (spec.kind === 'number') return spec.unit ?? (spec.integer ? 'n' : 'x');
  return spec.kind === 'choice' ? 'choice' : 'name';
}

/** @throws BadFlag when the row does not allow the value as it stands: a typing error must not start a long run. */
function readValue(name: ParamName, flag: string, raw: string): string | number | boolean {
  const spec = specOf(name);
  // A backbone may be a file of any name; backbone.ts looks for it.
  if (spec.kind === 'text') return raw;
  const { value, problem } = judge(spec, raw);
  if (problem) throw new BadFlag(flag, raw, problem, `Allowed: ${allowed(spec)}.`);
  return value as string | number | boolean;
}

function epochsOption(): Option {
  const { unit, min, max } = PARAMS.epochs1;
  const defaults = `${PARAMS.epochs1.default},${PARAMS.epochs2.default}`;
  const help = `Passes over the training images in stage 1 and stage 2. (default: ${defaults} in demo; ${min} to ${max} ${unit} each)`;
  return new Option(`--${EPOCHS} <a,b>`, help).argParser(readEpochs);
}

function readEpochs(raw: string): Partial<Params> {
  const parts = raw.split(',');
  const remedy = `Give the epochs of both stages, as in --${EPOCHS} ${PARAMS.epochs1.default},${PARAMS.epochs2.default}.`;
  if (parts.length !== 2) throw new BadFlag(EPOCHS, raw, 'is not two numbers', remedy);
  const [epochs1, epochs2] = parts.map((part) => readValue('epochs1', EPOCHS, part));
  return { epochs1: epochs1 as number, epochs2: epochs2 as number };
}

/** What a row allows, in words. */
function allowed(spec: ParamSpec): string {
  if (spec.kind === 'number') return `${spec.min} to ${spec.max}${spec.unit ? ` ${spec.unit}` : ''}`;
  return spec.kind === 'choice' ? spec.options.map(({ value }) => value).join(', ') : 'any name';
}

/** `Help sentence. (default: value; range unit)`, every part from the row. */
function helpOf(name: ParamName, spec: ParamSpec): string {
  const standard = spec.kind === 'flag' ? (spec.default ? 'on' : 'off') : String(spec.default);
  const range = spec.kind === 'number' || spec.kind === 'choice' ? `; ${allowed(spec)}` : '';
  const only = methodsOf(name);
  // A list of nearly all of them says nothing.
  const counts = only && only.length <= 4 ? ` Counts for ${only.join(', ')}.` : '';
  return `${spec.help}${counts} (default: ${standard}${isPresetDependent(name) ? ' in demo' : ''}${range})`;
}

const isPresetDependent = (name: ParamName) => Object.values(PRESETS).some((preset) => name in preset);

/** The presets as the flags they stand for, for the end of `--help`. */
export function presetsHelp(): string {
  const lines = PARAMS.preset.options.map(
    ({ value, help }) => `  ${value.padEnd(9)} ${help}${changesOf(PRESETS[value])}`,
  );
  return ['Presets, and the flags each stands for beside demo:', ...lines].join('\n');
}

/** A preset's values as flags on a line of their own; nothing for none. */
function changesOf(preset: Partial<Params>): string {
  const flags = flagged.flatMap(({ name, flag }) => (name in preset ? [asFlag(flag, preset[name]!)] : []));
  const { epochs1, epochs2 } = { ...defaultParams(), ...preset };
  if ('epochs1' in preset || 'epochs2' in preset) flags.push(`--${EPOCHS} ${epochs1},${epochs2}`);
  return flags.length > 0 ? `\n${' '.repeat(12)}${flags.join(' ')}` : '';
}

function asFlag(flag: string, value: string | number | boolean): string {
  if (typeof value !== 'boolean') return `--${flag} ${value}`;
  return value ? `--${flag}` : `--no-${flag}`;
}
