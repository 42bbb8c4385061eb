// Whether runs that come from several jobs or machines belong into one table: of a class all saw the same bytes, of a
// column all had the same settings, and what was done twice came out alike.
import { METRIC_NAMES } from '../../lib/scoring/metrics/summary';
import { PARAM_NAMES } from '../../settings/table';
import { specOf } from '../../settings/values';
import { isFailed, type FinishedRun, type RunDocument, type RunInputs } from './runDocument';

/** A run's document and where it lies. */
export interface FoundRun {
  path: string;
  document: RunDocument;
}

/** What shapes a run; the seed is the run's own, and how a map is painted shapes nothing. */
const SETTINGS = [
  ...PARAM_NAMES.filter((name) => name !== 'seed' && name !== 'dataset' && specOf(name).group !== 'view'),
  'train_limit',
  'test_limit',
];

const FILES: readonly [kind: keyof RunInputs, words: string][] = [
  ['images', 'images or labels'],
  ['masks', 'masks'],
  ['split_files', 'split files'],
];

/**
 * One sentence for each run that disagrees with the first of its kind; runs of before digests were kept are not judged by
 * what they lack.
 */
export function disagreements(found: readonly FoundRun[]): string[] {
  const finished = found.flatMap(({ path, document }) => (isFailed(document) ? [] : [{ path, document }]));
  const first = new Map<string, { path: string; document: FinishedRun }>();
  const firstOf = (kind: string, of: string, one: (typeof finished)[number]) => {
    const key = JSON.stringify([kind, of]);
    if (!first.has(key)) first.set(key, one);
    return first.get(key)!;
  };
  return finished.flatMap((one) => {
    const { run, config } = one.document;
    const ofClass = run.inputs ? firstOf('class', run.class, one) : one;
    const ofMethod = firstOf('method', run.method, one);
    // A method that looks at the pixels has none.
    const ofWeights = run.inputs?.weights
      ? firstOf('weights', JSON.stringify([config.backbone, config.taps]), one)
      : one;
    const twin = firstOf('run', JSON.stringify([run.class, run.method, run.seed]), one);
    const than = (other: { path: string }) => `than ${other.path}`;
    return [
      ...FILES.flatMap(([kind, words]) =>
        run.inputs?.[kind] === ofClass.document.run.inputs?.[kind]
          ? []
          : [`${one.path} saw other ${words} of ${run.class} ${than(ofClass)}`],
      ),
      ...SETTINGS.flatMap((name) => {
        const [before, now] = [ofMethod.document.config, config].map((each) => valueIn(each, name));
        return before === now ? [] : [`${one.path} has ${name} ${now} where ${ofMethod.path} has ${before}`];
      }),
      ...(run.inputs?.weights === ofWeights.document.run.inputs?.weights
        ? []
        : [`${one.path} had other weights ${than(ofWeights)}`]),
      ...(METRIC_NAMES.every((name) => twin.document.metrics[name] === one.document.metrics[name])
        ? []
        : [`${one.path} came out otherwise ${than(twin)}, which is the same run`]),
    ];
  });
}

/** A parameter that is new in the table was at its default before. */
function valueIn(config: Record<string, unknown>, name: string): string {
  const known = PARAM_NAMES.find((param) => param === name);
  return String(config[name] ?? (known ? specOf(known).default : null));
}
