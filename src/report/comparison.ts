// One table out of many runs: classes down, methods across, each cell the mean over seeds with its spread, and how
// each method compares with the first on the same images. Says what is missing. Pure; words and layouts are in the
// files beside.
import {
  byMetric,
  compareSamples,
  intervalsOf,
  meanSamples,
  type Intervals,
  type PairedDifference,
  type Samples,
} from '../lib/scoring/metrics/samples';
import { meanMetrics, METRIC_NAMES, type Metrics } from '../lib/scoring/metrics/summary';

/** Figures over pixels that stand beside the table: without intervals. */
export const DETAIL_NAMES = ['aupimo', 'spro05', 'aupro05', 'pixel_f1_max'] as const;
/** Fractions; null where undefined. */
export type Detail = Record<(typeof DETAIL_NAMES)[number], number | null>;

/** What one method found on one class with one seed. */
export interface RunResult {
  className: string;
  method: string;
  seed: number;
  metrics: Metrics;
  /** Absent where none was asked for. */
  detail?: Detail | null;
  /** Null when none were drawn: no intervals then and no pairing. */
  samples: Samples | null;
  /** Names the test images: only runs on the same ones are paired. */
  images: string;
}

/** Which runs a table should hold, in the order of its rows and columns. */
export interface Plan {
  classes: string[];
  methods: string[];
  seeds: number[];
}

export interface Cell {
  /** Seeds that count here, ascending. */
  seeds: number[];
  mean: Metrics;
  /** How many of the row's classes have the figure at all: its mean is over these. */
  classes: Record<keyof Metrics, number>;
  /** Standard deviation over seeds (n - 1 below the line); null with one seed. */
  std: Metrics;
  /** Means over classes and seeds that have the figure, and the deviation over seeds; null where no run was asked for them. */
  detail: { mean: Detail; std: Detail } | null;
  /** Over the choice of test images, not over seeds; null without samples. */
  intervals: Intervals | null;
  /** Against the first method on the runs that both have; null for that method itself. */
  paired: Record<keyof Metrics, PairedDifference | null> | null;
}

export interface Row {
  className: string;
  /** By method; null where no run is there. */
  cells: Record<string, Cell | null>;
}

export interface Comparison extends Plan {
  rows: Row[];
  /** Mean over classes, of seeds that have every class; null with one class. */
  mean: Row | null;
  missing: { className: string; method: string; seed: number }[];
}

export const MEAN_ROW = 'mean';

/** Puts runs into the plan's table; runs outside the plan are left out. */
export function compareRuns(plan: Plan, results: readonly RunResult[]): Comparison {
  const runs = new Map(results.map((run) => [keyOf(run), run]));
  const all = plan.classes.flatMap((className) =>
    plan.methods.flatMap((method) => plan.seeds.map((seed) => ({ className, method, seed }))),
  );
  return {
    ...plan,
    rows: plan.classes.map((className) => rowOf(className, [className], plan, runs)),
    mean: plan.classes.length > 1 ? rowOf(MEAN_ROW, plan.classes, plan, runs) : null,
    missing: all.filter((run) => !runs.has(keyOf(run))),
  };
}

/** One row over some classes, each method from the seeds that have all of these. */
function rowOf(
  className: string,
  classes: readonly string[],
  { methods, seeds }: Plan,
  runs: ReadonlyMap<string, RunResult>,
): Row {
  const completeRuns = (method: string): SeedRuns[] =>
    seeds.flatMap((seed) => {
      const own = classes.flatMap((name) => runs.get(keyOf({ className: name, method, seed })) ?? []);
      return own.length === classes.length ? [{ seed, runs: own }] : [];
    });
  const base = methods[0] === undefined ? [] : completeRuns(methods[0]);
  const cells = methods.map((method, i) => [method, cellOf(completeRuns(method), i > 0 ? base : null)]);
  return { className, cells: Object.fromEntries(cells) as Row['cells'] };
}

const keyOf = ({ className, method, seed }: Pick<RunResult, 'className' | 'method' | 'seed'>) =>
  JSON.stringify([className, method, seed]);

/** One seed's runs, one per class of the row. */
interface SeedRuns {
  seed: number;
  runs: RunResult[];
}

function cellOf(own: readonly SeedRuns[], base: readonly SeedRuns[] | null): Cell | null {
  if (own.length === 0) return null;
  const perSeed = own.map(({ runs }) => meanMetrics(runs.map(({ metrics }) => metrics))!);
  const samples = samplesOf(own);
  return {
    seeds: own.map(({ seed }) => seed),
    mean: meanMetrics(perSeed)!,
    classes: byMetric((name) => {
      const having = own.flatMap(({ runs }) => runs.filter(({ metrics }) => metrics[name] !== null));
      return new Set(having.map(({ className }) => className)).size;
    }),
    std: byMetric((name) => deviation(perSeed.flatMap((metrics) => metrics[name] ?? []))),
    detail: detailOf(own),
    intervals: samples && intervalsOf(samples),
    paired: base && pairedWith(base, own),
  };
}

function detailOf(own: readonly SeedRuns[]): Cell['detail'] {
  const perSeed = own.map(({ runs }) => runs.flatMap(({ detail }) => detail ?? []));
  if (perSeed.every(({ length }) => length === 0)) return null;
  const of = (figure: (values: number[]) => number | null): Detail => {
    const entries = DETAIL_NAMES.map((name) => {
      const seeds = perSeed.flatMap((details) => average(details.flatMap((detail) => detail[name] ?? [])) ?? []); // prettier-ignore
      return [name, figure(seeds)] as const;
    });
    return Object.fromEntries(entries) as Detail;
  };
  return { mean: of(average), std: of(deviation) };
}

const average = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean over classes and seeds of every resample; null when a run has none. */
function samplesOf(list: readonly SeedRuns[]): Samples | null {
  const runs = list.flatMap((entry) => entry.runs);
  const samples = runs.flatMap((run) => run.samples ?? []);
  return samples.length === runs.length ? meanSamples(samples) : null;
}

/** On the seeds that both have, where these saw the same images. */
function pairedWith(base: readonly SeedRuns[], own: readonly SeedRuns[]): Cell['paired'] {
  const pairs = own.flatMap((entry) => {
    const partner = base.find(({ seed }) => seed === entry.seed);
    const same = partner?.runs.every(({ images }, i) => images === entry.runs[i]!.images);
    return partner && same ? [{ partner, entry }] : [];
  });
  const [from, to] = [pairs.map(({ partner }) => partner), pairs.map(({ entry }) => entry)].map((list) => {
    const metrics = meanMetrics(list.map(({ runs }) => meanMetrics(runs.map((run) => run.metrics))!));
    const samples = samplesOf(list);
    return metrics && samples && { metrics, samples };
  });
  return from && to ? compareSamples(from, to) : null;
}

function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** One sentence for the figures whose mean is over fewer classes than the table has; none where every class has all. */
export function partialMeans({ mean, classes }: Pick<Comparison, 'mean' | 'classes'>): string[] {
  const cells = Object.values(mean?.cells ?? {}).filter((cell) => cell !== null);
  const least = byMetric((name) => Math.min(...cells.map((cell) => cell.classes[name])));
  const counts = [...new Set(METRIC_NAMES.map((name) => least[name]))];
  return counts
    .filter((count) => count > 0 && count < classes.length)
    .map((count) => {
      const names = METRIC_NAMES.filter((name) => least[name] === count);
      return `mean of ${names.join(', ')}: over ${count} of ${classes.length} classes`;
    });
}
