// `compare --verify n`: whether finished runs come out again. On the same adapter they must, bit by bit; another one
// rounds differently, and there the figures have to be the same within half a point.
import { Random } from '../../lib/nn/random';
import { METRIC_NAMES } from '../../lib/scoring/metrics/summary';
import { finite, looseOf, parseOrNull } from '../../lib/formats/schema';
import * as v from 'valibot';
import { percent } from '../../report/ranks';
import { BadComparison, RunsDisagree } from './errors';
import { isFailed, type FinishedRun, type RunDocument } from './runDocument';
import { Runner } from './runner';
import { doTask, nameOf, type Running, type Task } from './tasks';

/** Of a figure, as a fraction, on another adapter. */
const TOLERANCE = 0.005;

interface Finished {
  task: Task;
  document: FinishedRun;
}

/**
 * Runs a drawn sample again and compares; what is stored stays as it is.
 * @param finished runs of this program on the data as it is now
 * @throws BadComparison when there are none, RunsDisagree
 */
export async function verifyRuns(
  finished: readonly Finished[],
  count: number,
  running: Running,
): Promise<void> {
  if (finished.length === 0)
    throw new BadComparison(
      'There is no finished run of this version and this data to verify.',
      'Give the same command without --verify first.',
    );
  const sample = draw(finished, count);
  const { request, progress, terminal } = running;
  const runner = new Runner({ ...request, ...running });
  const differences: string[] = [];
  for (const [i, { task, document }] of sample.entries()) {
    const difference = differenceOf(document, await doTask(runner, task, running));
    progress.note(`${i + 1}/${sample.length} ${nameOf(task)}: ${difference ?? 'agrees'}`);
    if (difference) differences.push(`${nameOf(task)}: ${difference}`);
  }
  await runner.close();
  if (differences.length > 0) throw new RunsDisagree(differences, sample.length);
  terminal.out(`${sample.length} of ${finished.length} finished runs were made again, and agree.\n`);
}

/** The same ones every time, in the order of the runs, so that classes are loaded once. */
function draw(finished: readonly Finished[], count: number): Finished[] {
  const drawn = new Set(Random.stream(0, 'verify').permutation(finished.length).slice(0, count));
  return finished.filter((_, i) => drawn.has(i));
}

/** In words; null when they agree. */
export function differenceOf(stored: FinishedRun, again: RunDocument): string | null {
  if (isFailed(again)) return `it failed, ${again.error.message}`;
  if (!parseOrNull(COMPARED, stored)) return 'its stored scores are damaged';
  const [before, now] = [stored, again].map(({ images }) => images.map(({ path }) => path).join('\n'));
  if (before !== now) return 'other images were scored';
  const same = sameAdapter(stored, again);
  const figures = METRIC_NAMES.filter((name) => {
    const [a, b] = [stored.metrics[name], again.metrics[name]];
    if (a === null || b === null) return a !== b;
    return same ? a !== b : Math.abs(a - b) > TOLERANCE;
  });
  if (figures.length > 0) {
    return figures
      .map((name) => `${name} ${percent(stored.metrics[name])} -> ${percent(again.metrics[name])}`)
      .join(', ');
  }
  const scores = stored.images.filter(({ score }, i) => score !== again.images[i]!.score).length;
  return same && scores > 0 ? `${scores} of ${stored.images.length} scores differ, the figures do not` : null;
}

/** What is compared beside the figures, which every finished run has. */
const COMPARED = looseOf({
  adapter: looseOf({}),
  images: v.array(looseOf({ path: v.string(), score: finite })),
});

const sameAdapter = (a: FinishedRun, b: FinishedRun): boolean =>
  (['vendor', 'architecture', 'description', 'software'] as const).every(
    (name) => a.adapter[name] === b.adapter[name],
  );
