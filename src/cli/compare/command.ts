// The flags of `compare`, read into a request. Apart from program.ts, which has the other commands: these flags need
// more checking than reading.
import type { Command } from 'commander';
import type { Params } from '../../settings/table';
import { layoutFlagsOf, type LayoutFlags } from '../data/layoutFlags';
import {
  HELD_OUT,
  HOLD_OUT_HELP,
  readHoldOut,
  readThreshold,
  THRESHOLD_HELP,
  type ThresholdRequest,
} from '../threshold';
import { readSaturation, SATURATION_HELP } from '../saturation';
import type { Saturation } from '../../lib/scoring/metrics/saturation';
import { addParamOptions, presetsHelp } from '../flags';
import { BadComparison } from './errors';
import type { MergeRequest } from './merge';
import { readShard, type Shard } from './plan';
import type { CompareRequest } from './tasks';
import { ABLATIONS, readAblation, readMethods, readSeeds, readVariant, type Variant } from './variants';

/** What happens when the command was read. */
export interface CompareActions {
  compare(request: CompareRequest): Promise<void>;
  merge(request: MergeRequest): Promise<void>;
}

/** What commands share in program.ts. */
export interface Shared {
  /** Adds --data, limits, --hub and --config. */
  addDataOptions(command: Command): Command;
  settingsOf(options: Record<string, unknown>): Params;
}

interface Options extends Record<string, unknown>, LayoutFlags {
  data?: string;
  methods?: Variant[];
  variant?: Variant[];
  ablation?: Variant[];
  seeds?: number[];
  out?: string;
  unified?: boolean;
  shard?: Shard;
  rerun?: boolean;
  verify?: number;
  merge?: string[];
  report?: string;
  trainLimit?: number;
  testLimit?: number;
  threshold?: ThresholdRequest;
  holdOut?: number;
  saturation?: Saturation;
  hub?: string;
}

/** Adds `compare` to the program. */
export function addCompare(program: Command, actions: CompareActions, shared: Shared): void {
  const command = program
    .command('compare')
    .description(
      'Run methods and seeds on every class of a folder, into one table; taken up again where it stopped.',
    );
  shared.addDataOptions(command);
  command
    .option(
      '--methods <a,b,...>',
      'Methods across the table; the others are compared with the first.',
      readMethods,
    )
    .option(
      '--variant <name=flags>',
      'One more column: a name and what differs, as in "coarse=--method grad --local-grid 4"; may be repeated.',
      (raw: string, before: Variant[] = []) => [...before, readVariant(raw)],
    )
    .option('--ablation <name>', `Ready-made columns: ${Object.keys(ABLATIONS).join(', ')}.`, readAblation)
    .option('--seeds <a,b,...>', 'Seeds of every method and class. (default: 0)', readSeeds)
    .option('--out <folder>', 'Where runs and tables go. Finished runs found there are not run again.')
    .option('--unified', 'One model for all classes, instead of one for each.')
    .option('--saturation <amount>', SATURATION_HELP, readSaturation)
    .option('--threshold <source>', THRESHOLD_HELP, readThreshold)
    .option('--hold-out <share>', HOLD_OUT_HELP, readHoldOut)
    .option('--rerun', 'Run again what was run there with another configuration.')
    .option(
      '--verify <n>',
      'Run nothing new: run n of the finished runs again, and fail if they come out otherwise.',
      readCount,
    )
    .option('--shard <i/n>', 'Do only this part of the runs, as one of n jobs.', readShard)
    .option('--report <file>', REPORT_HELP)
    .option(
      '--merge <folder...>',
      'Run nothing: make the table of what a folder holds, or several with --out, and say what is missing. Parts of other data or settings are refused.',
    );
  addParamOptions(command, (name) => name !== 'seed' && name !== 'method')
    .addHelpText('after', `\n${presetsHelp()}`)
    .action((options: Options) =>
      options.merge === undefined || options.verify !== undefined
        ? actions.compare(requestOf(options, shared.settingsOf(options)))
        : actions.merge(mergeOf(options.merge, options)),
    );
}

const REPORT_HELP =
  'Write a report as one HTML file: the table with intervals, curves, each method’s worst mistakes with their maps, settings, digests. Given with --merge, it shows curves and maps of runs that were made with --report.';

/** @throws BadComparison for several folders without a place for their table */
function mergeOf(folders: string[], { out, report }: Options): MergeRequest {
  if (folders.length > 1 && out === undefined) {
    throw new BadComparison('Several folders need a place for their table.', 'Name it with --out FOLDER.');
  }
  return { folders, out: out ?? folders[0]!, report: report ?? null };
}

/** @throws BadComparison when something is missing */
function requestOf(options: Options, params: Params): CompareRequest {
  const { data, methods = [], variant = [], ablation = [], out } = options;
  const variants = [...methods, ...variant, ...ablation];
  if (data === undefined) throw missing('--data DIR');
  if (out === undefined) throw missing('--out FOLDER');
  if (variants.length === 0) throw missing('--methods a,b,... (or --variant or --ablation)');
  return {
    params,
    data,
    out,
    variants,
    seeds: options.seeds ?? [0],
    trainLimit: options.trainLimit ?? null,
    testLimit: options.testLimit ?? null,
    unified: options.unified ?? false,
    threshold: options.threshold ?? null,
    saturation: options.saturation ?? null,
    holdOut: options.holdOut ?? (options.threshold?.from === 'quantile' ? HELD_OUT : null),
    shard: options.shard ?? null,
    rerun: options.rerun ?? false,
    verify: options.verify ?? null,
    hub: options.hub ?? null,
    report: options.report ?? null,
    ...layoutFlagsOf(options),
  };
}

const missing = (what: string) =>
  new BadComparison(`compare needs ${what}.`, 'Give it, or --merge FOLDER to make a table of finished runs.');

/** @throws BadComparison */
function readCount(raw: string): number {
  const count = Number(raw);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new BadComparison(
    `"${raw}" is no number of runs to verify.`,
    'Give a whole number, as in --verify 3.',
  );
}
