// From runs to what a table needs: rows by scope, for the screen and for files. Pure; arithmetic is in src/report.
import type { Samples } from '../../lib/scoring/metrics/samples';
import type { Metrics } from '../../lib/scoring/metrics/summary';
import { compareRuns, type Comparison, type RunResult } from '../../report/comparison';
import type { ComparedRun, Scope } from './compareSlice';

const ALL: Scope = { kind: 'all' };

/** Rows of the table in the order of their runs: labels that appear, each once. */
export const labelsOf = (runs: readonly ComparedRun[]): string[] => [
  ...new Set(runs.map(({ label }) => label)),
];

export const seedsRun = (runs: readonly ComparedRun[]): number[] =>
  [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);

/** Figures of one run within a scope; null where it has none. */
export function figuresOf(
  { table }: ComparedRun,
  scope: Scope,
): { metrics: Metrics; samples: Samples | null } | null {
  if (!table) return null;
  if (scope.kind === 'all') return { metrics: table.metrics, samples: table.resampled?.all ?? null };
  const metrics = (scope.kind === 'class' ? table.perClass : table.perType)?.[scope.name];
  if (!metrics) return null;
  const samples = scope.kind === 'class' ? table.resampled?.perClass[scope.name] : undefined;
  return { metrics, samples: samples ?? null };
}

/** One row of figures over all runs: what the screen shows. */
export function comparisonOf(runs: readonly ComparedRun[], scope: Scope = ALL, title = ''): Comparison {
  const results = runs.flatMap((run) => resultOf(run, scope, title));
  return compareRuns({ classes: [title], methods: labelsOf(runs), seeds: seedsRun(runs) }, results);
}

/** Every class by itself where there are several, else the whole set under its title: what files hold. */
export function comparisonForFiles(
  runs: readonly ComparedRun[],
  title: string,
  nameOf: (label: string) => string,
): Comparison {
  const classes = namesOf(runs, 'class');
  const named = runs.map((run) => ({ ...run, label: nameOf(run.label) }));
  if (classes.length < 2) return comparisonOf(named, ALL, title);
  const results = named.flatMap((run) =>
    classes.flatMap((name) => resultOf(run, { kind: 'class', name }, name)),
  );
  return compareRuns({ classes, methods: labelsOf(named), seeds: seedsRun(runs) }, results);
}

/** Classes, or defect types, that any run has figures of. */
export function namesOf(runs: readonly ComparedRun[], kind: 'class' | 'type'): string[] {
  const tables = runs.flatMap(({ table }) => (table ? [table] : []));
  const entries = tables.flatMap(({ perClass, perType }) =>
    Object.entries((kind === 'class' ? perClass : perType) ?? {}),
  );
  // A type of normal images has a count and no figures.
  const told = entries.filter(([, metrics]) => kind === 'class' || metrics.image_auroc !== null);
  return [...new Set(told.map(([name]) => name))];
}

function resultOf(run: ComparedRun, scope: Scope, className: string): RunResult[] {
  const figures = figuresOf(run, scope);
  const { label: method, seed, images } = run;
  return figures ? [{ className, method, seed, images, ...figures }] : [];
}

/** Seconds of training and milliseconds an image, means over a row's finished runs; null without any. */
export function timesOf(
  runs: readonly ComparedRun[],
  label: string,
): { seconds: number; msPerImage: number } | null {
  const own = runs.flatMap((run) => (run.label === label && run.table && run.seconds !== null ? [run] : []));
  if (own.length === 0) return null;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    seconds: mean(own.map(({ seconds }) => seconds!)),
    msPerImage: mean(own.map(({ table }) => table!.msPerImage)),
  };
}
