// `compare`: classes x methods x seeds, one run after the other, into a folder that can be taken up again; then one
// table. A run that fails is recorded and the others go on.
import { join } from 'node:path';
import { RemedyError, toReport } from '../../lib/errors';
import { needsRealAnomalies } from '../../settings/anomalies';
import { looksAtPixels } from '../../settings/methods';
import { defaultParams, type Params } from '../../settings/table';
import { percent } from '../../report/ranks';
import { backbonePath, weightsFor, type BackboneFile } from '../backbone';
import { Progress } from '../output/progress';
import { SCHEMA } from '../output/report';
import { assertTargets } from '../output/targets';
import type { Terminal } from '../output/terminal';
import type { EngineFactory } from '../bench/workbench';
import { readClassSets, type ClassSet } from './classSets';
import { ConfigurationChanged, RunsFailed } from './errors';
import { joinPlan, readRun, runPath, targetsIn, writeRun } from './folder';
import { Meanwhile } from './meanwhile';
import { mergeFolder } from './merge';
import { planRuns, shardOf, type PlannedRun, type Shard } from './plan';
import {
  configOf,
  digest,
  finishedRun,
  identityOf,
  isFailed,
  type RunDocument,
  type RunIdentity,
} from './runDocument';
import type { LayoutFlags } from '../data/layoutFlags';
import { Runner } from './runner';
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
  shard: Shard | null;
  /** Runs again what was run with another configuration, instead of refusing. */
  rerun: boolean;
  hub: string | null;
  /** What says how the files are to be read; without: names and words. */
  layout?: LayoutFlags;
}

/** A run with all it needs. */
interface Task {
  run: PlannedRun;
  set: ClassSet;
  /** Null for a method that looks at the pixels. */
  weights: BackboneFile | null;
  config: Record<string, unknown>;
  identity: RunIdentity;
  path: string;
}

/**
 * Does what is not done yet. Errors that need no GPU come before one is opened.
 * @throws BadComparison, ConfigurationChanged, RunsFailed, FileUnwritable; what reading the data throws
 */
export async function compare(
  request: CompareRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  const { out, data, variants, seeds, unified, shard } = request;
  const anomalies = variants.some(({ changes }) => needsRealAnomalies({ ...request.params, ...changes }));
  const { sets, notices, inputs } = await readClassSets({ ...request, subsetSeed: seeds[0]!, anomalies });
  const runs = planRuns(request.params, sets.map(({ name }) => name), variants, seeds); // prettier-ignore
  const weights = runs.map(({ params }) => backbonePath(params.backbone));
  await assertTargets(targetsIn(out, runs.map(runPath)), [...inputs, ...new Set(weights)]);
  const tasks = await tasksOf(shard ? shardOf(runs, shard) : runs, sets, request, terminal);
  const open = await openTasks(tasks, request);
  await joinPlan(out, {
    data,
    unified,
    sets: sets.map(({ name }) => name),
    classes: sets.flatMap(({ rows }) => rows),
    methods: variants.map(({ label }) => label),
    seeds,
  });
  const progress = new Progress(terminal);
  notices.forEach((notice) => progress.note(notice));
  progress.note(
    `${tasks.length} runs${shard ? ` of ${runs.length}` : ''}, ${tasks.length - open.length} of them done before`,
  );
  const failures = await doTasks(open, request, createEngine, { terminal, progress });
  await mergeFolder(out, terminal);
  if (failures.length > 0) throw new RunsFailed(failures, tasks.length);
}

async function tasksOf(
  runs: readonly PlannedRun[],
  sets: readonly ClassSet[],
  request: CompareRequest,
  terminal: Terminal,
): Promise<Task[]> {
  const files = new Map<string, { weights: BackboneFile | null; digest: string }>();
  const tasks: Task[] = [];
  for (const run of runs) {
    const set = sets.find(({ name }) => name === run.className)!;
    const { backbone, taps, method } = run.params;
    const key = JSON.stringify([backbone, taps, looksAtPixels(method)]);
    if (!files.has(key)) {
      const weights = await weightsFor(run.params, { hub: request.hub, terminal });
      files.set(key, { weights, digest: weights ? digestOf(weights) : '' });
    }
    const { weights, digest: weightsDigest } = files.get(key)!;
    const config = configOf(run, request.data, request);
    const identity = await identityOf(run, set, config, weightsDigest);
    tasks.push({ run, set, weights, config, identity, path: runPath(run) });
  }
  return tasks;
}

const digestOf = ({ as, bytes }: BackboneFile) => `${as ?? ''} ${digest(new Uint8Array(bytes))}`;

/** Tasks that are still to be done. @throws ConfigurationChanged when a finished one answers another question */
async function openTasks(tasks: readonly Task[], { out, rerun }: CompareRequest): Promise<Task[]> {
  const stored = await Promise.all(tasks.map(({ path }) => readRun(out, path)));
  const finished = stored.map((document) => (document && !isFailed(document) ? document : null));
  const changed = tasks.filter((task, i) => {
    return finished[i] && finished[i].run.fingerprint !== task.identity.fingerprint;
  });
  const first = changed[0];
  if (first && !rerun) {
    const before = finished[tasks.indexOf(first)]!;
    throw new ConfigurationChanged(join(out, first.path), differences(before, first), changed.length - 1);
  }
  return tasks.filter((task, i) => !finished[i] || changed.includes(task));
}

/** `name: before -> now` for each setting. */
function differences(before: RunDocument, { config }: Task): string[] {
  const old = { ...defaultParams(), ...before.config } as Record<string, unknown>;
  // The stored one is named as the engine recognised it, a file here by its path.
  return Object.keys(config)
    .filter((name) => name !== 'backbone' && name !== 'data' && old[name] !== config[name])
    .map((name) => `${name}: ${String(old[name])} -> ${String(config[name])}`);
}

/** @returns one line per run that failed */
async function doTasks(
  tasks: readonly Task[],
  request: CompareRequest,
  createEngine: EngineFactory,
  { terminal, progress }: { terminal: Terminal; progress: Progress },
): Promise<string[]> {
  const runner = new Runner({ ...request, createEngine, terminal });
  const meanwhile = await Meanwhile.since(request.out, tasks);
  const failures: string[] = [];
  for (const [i, task] of tasks.entries()) {
    const name = `${task.run.className}, ${task.run.label}, seed ${task.run.seed}`;
    const say = (text: string) => progress.note(`${i + 1}/${tasks.length} ${name}: ${text}`);
    const before = await meanwhile.of(task);
    if (before === 'same') {
      say('done by another command meanwhile');
      continue;
    }
    const document = before === 'other' ? null : await doTask(runner, task);
    if (!document || (await meanwhile.of(task)) === 'other') {
      say(`FAILED, ${OVERTAKEN}`);
      failures.push(`${name}: ${OVERTAKEN}`);
      continue;
    }
    await writeRun(request.out, task.path, document);
    say(outcome(document));
    if (isFailed(document)) failures.push(`${name}: ${document.error.message}`);
  }
  await runner.close();
  return failures;
}

const OVERTAKEN = 'another command has done it with another configuration meanwhile, and that run stays';

async function doTask(runner: Runner, { run, set, weights, config, identity }: Task): Promise<RunDocument> {
  try {
    return finishedRun(await runner.run(run, set, weights), identity);
  } catch (error) {
    const report = toReport(error);
    // A fault of the program is recorded whole: runs that take a night are not watched.
    const message = error instanceof RemedyError ? report.message : String((error as Error).stack ?? error);
    return { schema: SCHEMA, config, run: identity, error: { ...report, message } };
  }
}

function outcome(document: RunDocument): string {
  if (isFailed(document)) return `FAILED, ${document.error.message}`;
  const { metrics, timing } = document;
  const seconds =
    (timing.stage1_ms + timing.stage2_ms + ('fit_ms' in timing ? (timing.fit_ms ?? 0) : 0)) / 1000;
  return `image AUROC ${percent(metrics.image_auroc)}, pixel AUROC ${percent(metrics.pixel_auroc)}, trained in ${seconds.toFixed(1)} s`;
}
