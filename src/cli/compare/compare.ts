// `compare`: classes x methods x seeds, one run after the other, into a folder that can be taken up again; then one
// table. A run that fails is recorded and the others go on.
import { join } from 'node:path';
import { needsRealAnomalies } from '../../settings/anomalies';
import { percent } from '../../report/ranks';
import type { EngineFactory } from '../bench/workbench';
import { backbonePath } from '../backbone';
import { Digests } from '../data/digests';
import { Progress } from '../output/progress';
import { assertTargets } from '../output/targets';
import type { Terminal } from '../output/terminal';
import { readClassSets } from './classSets';
import { ConfigurationChanged, RunsFailed } from './errors';
import { joinPlan, keepRunBeside, readRun, runPath, targetsIn, writeRun } from './folder';
import { Meanwhile } from './meanwhile';
import { mergeFolder } from './merge';
import { planRuns, shardOf } from './plan';
import { isFailed, type FinishedRun, type RunDocument } from './runDocument';
import { Runner } from './runner';
import { renewalNote, staleness } from './stale';
import { doTask, nameOf, tasksOf, type CompareRequest, type Running, type Task } from './tasks';
import { verifyRuns } from './verify';

/**
 * Does what is not done yet, or verifies what is. Errors that need no GPU come before one is opened.
 * @throws BadComparison, ConfigurationChanged, RunsFailed, RunsDisagree, FileUnwritable; what reading the data throws
 */
export async function compare(
  request: CompareRequest,
  createEngine: EngineFactory,
  terminal: Terminal,
): Promise<void> {
  const { out, data, variants, seeds, unified, shard, report = null } = request;
  const anomalies = variants.some(({ changes }) => needsRealAnomalies({ ...request.params, ...changes }));
  const { sets, notices, inputs } = await readClassSets({ ...request, subsetSeed: seeds[0]!, anomalies });
  const runs = planRuns(request.params, sets.map(({ name }) => name), variants, seeds); // prettier-ignore
  const weights = runs.map(({ params }) => backbonePath(params.backbone));
  const targets = [...targetsIn(out, runs.map(runPath)), ...(report === null ? [] : [report])];
  await assertTargets(targets, [...inputs, ...new Set(weights)]);
  const digests = await Digests.open(data);
  const wanted = shard ? shardOf(runs, shard) : runs;
  const tasks = await tasksOf(wanted, sets, request, { digests, terminal });
  const { open, renewed, current } = await sortTasks(tasks, request);
  const progress = new Progress(terminal);
  notices.forEach((notice) => progress.note(notice));
  const running = { request, digests, createEngine, terminal, progress };
  if (request.verify !== null) return verifyRuns(current, request.verify, running);
  await joinPlan(out, {
    data,
    unified,
    sets: sets.map(({ name }) => name),
    classes: sets.flatMap(({ rows }) => rows),
    methods: variants.map(({ label }) => label),
    seeds,
  });
  progress.note(
    `${tasks.length} runs${shard ? ` of ${runs.length}` : ''}, ${tasks.length - open.length} of them done before`,
  );
  if (renewed.length > 0) progress.note(renewalNote(renewed.map(({ before }) => before)));
  for (const { task, document } of renewed) await keepRunBeside(out, task.path, document);
  const failures = await doTasks(open, running);
  await mergeFolder(out, terminal, { report });
  if (failures.length > 0) throw new RunsFailed(failures, tasks.length);
}

/** Finished runs of another program, which are made again. */
interface Renewed {
  task: Task;
  document: RunDocument;
  before: string | null;
}

/**
 * Which tasks are still to be done, which of them were done by another program, and which stand.
 * @throws ConfigurationChanged when a finished one answers another question
 */
async function sortTasks(tasks: readonly Task[], { out, rerun }: CompareRequest) {
  const open: Task[] = [];
  const renewed: Renewed[] = [];
  const current: { task: Task; document: FinishedRun }[] = [];
  const changed: { task: Task; changes: string[] }[] = [];
  const stored = await Promise.all(tasks.map(({ path }) => readRun(out, path)));
  for (const [i, task] of tasks.entries()) {
    const document = stored[i];
    const finished = document && !isFailed(document) ? document : null;
    const stale = finished && staleness(finished, task.identity, task.config);
    if (finished && !stale) current.push({ task, document: finished });
    else open.push(task);
    if (stale?.kind === 'inputs') changed.push({ task, changes: stale.changes });
    if (stale?.kind === 'program') renewed.push({ task, document: finished!, before: stale.before });
  }
  const first = changed[0];
  if (first && !rerun)
    throw new ConfigurationChanged(join(out, first.task.path), first.changes, changed.length - 1);
  return { open, renewed, current };
}

/** @returns one line per run that failed */
async function doTasks(tasks: readonly Task[], running: Running): Promise<string[]> {
  const { request, progress } = running;
  const runner = new Runner({ ...request, ...running });
  const meanwhile = await Meanwhile.since(request.out, tasks);
  const failures: string[] = [];
  for (const [i, task] of tasks.entries()) {
    const say = (text: string) => progress.note(`${i + 1}/${tasks.length} ${nameOf(task)}: ${text}`);
    const before = await meanwhile.of(task);
    if (before === 'same') {
      say('done by another command meanwhile');
      continue;
    }
    const document = before === 'other' ? null : await doTask(runner, task, running);
    if (!document || (await meanwhile.of(task)) === 'other') {
      say(`FAILED, ${OVERTAKEN}`);
      failures.push(`${nameOf(task)}: ${OVERTAKEN}`);
      continue;
    }
    await writeRun(request.out, task.path, document);
    say(outcome(document));
    if (isFailed(document)) failures.push(`${nameOf(task)}: ${document.error.message}`);
  }
  await runner.close();
  return failures;
}

const OVERTAKEN = 'another command has done it with another configuration meanwhile, and that run stays';

function outcome(document: RunDocument): string {
  if (isFailed(document)) return `FAILED, ${document.error.message}`;
  const { metrics, timing } = document;
  const seconds =
    (timing.stage1_ms + timing.stage2_ms + ('fit_ms' in timing ? (timing.fit_ms ?? 0) : 0)) / 1000;
  return `image AUROC ${percent(metrics.image_auroc)}, pixel AUROC ${percent(metrics.pixel_auroc)}, trained in ${seconds.toFixed(1)} s`;
}
