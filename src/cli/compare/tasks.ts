// What is asked of a comparison, as a list of tasks: a run each, with its images and weights, and digests of all it
// depends on; and how one is done.
import { RemedyError, toReport } from '../../lib/errors';
import type { Saturation } from '../../lib/scoring/metrics/saturation';
import { looksAtPixels } from '../../settings/methods';
import type { Params } from '../../settings/table';
import { weightsFor, type BackboneFile } from '../backbone';
import type { EngineFactory } from '../bench/workbench';
import { sha256Hex, type Digests } from '../data/digests';
import type { LayoutFlags } from '../data/layoutFlags';
import { Progress } from '../output/progress';
import { SCHEMA } from '../output/report';
import type { Terminal } from '../output/terminal';
import type { ThresholdRequest } from '../threshold';
import type { ClassSet } from './classSets';
import { dataPrints, type DataPrints } from './dataPrints';
import { DataChanged } from './errors';
import { runPath } from './folder';
import type { PlannedRun, Shard } from './plan';
import { configOf, finishedRun, identityOf, type RunDocument, type RunIdentity } from './runDocument';
import type { Runner } from './runner';
import type { Variant } from './variants';

export interface CompareRequest {
  /** What all runs share. */
  params: Params;
  data: string;
  variants: Variant[];
  seeds: number[];
  out: string;
  trainLimit: number | null;
  testLimit: number | null;
  unified: boolean;
  /** Where each run's line comes from; null: labelled test images, else the largest normal score. */
  threshold?: ThresholdRequest | null;
  /** From when on sPRO takes a region for found whole; null: as the set says. */
  saturation?: Saturation | null;
  /** Share of each class's training images that is not trained on, for the line; null: none. */
  holdOut?: number | null;
  shard: Shard | null;
  /** Runs again what was run with another configuration, instead of refusing. */
  rerun: boolean;
  /** Runs nothing new, but this many finished runs once more, to see whether they come out again; null: no such thing. */
  verify: number | null;
  hub: string | null;
  /** Destination of the HTML report, for which runs keep curves and their worst mistakes; without: none. */
  report?: string | null;
  /** What says how the files are to be read; without: names and words. */
  layout?: LayoutFlags;
}

/** A run with all it needs. */
export interface Task {
  run: PlannedRun;
  set: ClassSet;
  /** Null for a method that looks at the pixels. */
  weights: BackboneFile | null;
  config: Record<string, unknown>;
  /** Of the set, before the first run. */
  prints: DataPrints;
  identity: RunIdentity;
  path: string;
}

/** Reads what weights and data are. @throws what findBackbone throws, FileUnreadable */
export async function tasksOf(
  runs: readonly PlannedRun[],
  sets: readonly ClassSet[],
  request: CompareRequest,
  { digests, terminal }: { digests: Digests; terminal: Terminal },
): Promise<Task[]> {
  const files = new Map<string, { weights: BackboneFile | null; digest: string }>();
  const printsOf = new Map<ClassSet, DataPrints>();
  const progress = new Progress(terminal);
  const tasks: Task[] = [];
  for (const run of runs) {
    const set = sets.find(({ name }) => name === run.className)!;
    const { backbone, taps, method } = run.params;
    const key = JSON.stringify([backbone, taps, looksAtPixels(method)]);
    if (!files.has(key)) {
      const weights = await weightsFor(run.params, { hub: request.hub, terminal });
      files.set(key, { weights, digest: weights ? digestOf(weights) : '' });
    }
    if (!printsOf.has(set)) printsOf.set(set, await dataPrints(set, digests, progress));
    const { weights, digest } = files.get(key)!;
    const prints = printsOf.get(set)!;
    const config = configOf(run, request.data, request);
    const identity = identityOf(run, prints, config, digest);
    tasks.push({ run, set, weights, config, prints, identity, path: runPath(run) });
  }
  progress.clear();
  await digests.save();
  return tasks;
}

const digestOf = ({ as, bytes }: BackboneFile) => `${as ?? ''} ${sha256Hex(new Uint8Array(bytes))}`;

/** What doing a task needs. */
export interface Running {
  request: CompareRequest;
  digests: Digests;
  createEngine: EngineFactory;
  terminal: Terminal;
  progress: Progress;
}

export const nameOf = ({ run }: Task): string => `${run.className}, ${run.label}, seed ${run.seed}`;

/** Trains and scores. The run is void when its files have changed since their digests were taken. */
export async function doTask(
  runner: Runner,
  { run, set, weights, config, prints, identity }: Task,
  { digests, request }: Pick<Running, 'digests' | 'request'>,
): Promise<RunDocument> {
  try {
    const { evaluation, cases } = await runner.run(run, set, weights);
    const after = await dataPrints(set, digests);
    if (JSON.stringify(after) !== JSON.stringify(prints)) throw new DataChanged(request.data);
    return finishedRun(evaluation, identity, cases);
  } catch (error) {
    const report = toReport(error);
    // A fault of the program is recorded whole: runs that take a night are not watched.
    const message = error instanceof RemedyError ? report.message : String((error as Error).stack ?? error);
    return { schema: SCHEMA, config, run: identity, error: { ...report, message } };
  }
}
