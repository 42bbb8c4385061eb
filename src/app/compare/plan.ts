// From what is ticked to the runs of a comparison, and how it is told that one need not be run again. Pure.
import { isRelevant, looksAtPixels } from '../../settings/methods';
import { PARAM_NAMES, PARAMS, type Params } from '../../settings/table';
import { runsOf, type PlannedRun } from '../../report/plan';
import { ABLATIONS, type Variant } from '../../report/variants';
import type { CompareChoice, ComparedRun } from './compareSlice';
import { t } from '../languages/texts';

export const MAX_SEEDS = 5;

/** The columns, methods in the table's order; the others are compared with the first. */
export function variantsOf({ methods, sweeps }: CompareChoice, method: Params['method'] = 'grad'): Variant[] {
  const inOrder = PARAMS.method.options.map(({ value }) => value).filter((value) => methods.includes(value));
  return [
    ...inOrder.map((method) => ({ label: method, changes: { method } })),
    // A sweep varies GRAD, whatever method is set; but for the number of images.
    ...sweeps.flatMap((sweep) =>
      ABLATIONS[sweep]!.map(({ label, changes }) => ({
        label,
        changes: { method: sweep === 'shots' ? method : ('grad' as const), ...changes },
      })),
    ),
  ];
}

/** The visitor's seed and those after it; seeds are unsigned. */
export const seedsOf = ({ seeds }: CompareChoice, { seed }: Params): number[] =>
  Array.from({ length: seeds }, (_, i) => (seed + i) % 2 ** 31);

/**
 * Runs in the order in which they are done: seed by seed, so that a table stands early; methods that look at pixels
 * last, because features are computed anew after them.
 */
export function plannedRuns(choice: CompareChoice, params: Params): PlannedRun[] {
  const variants = variantsOf(choice, params.method);
  const ordered = [
    ...variants.filter(({ changes }) => !looksAtPixels(changes.method ?? 'grad')),
    ...variants.filter(({ changes }) => looksAtPixels(changes.method ?? 'grad')),
  ];
  const pixels = ({ params: { method } }: PlannedRun) => Number(looksAtPixels(method));
  return seedsOf(choice, params)
    .flatMap((seed) => runsOf(params, [''], ordered, [seed]))
    .sort((a, b) => pixels(a) - pixels(b));
}

/** A run's name among models and results. */
export const runName = ({ label, seed }: Pick<PlannedRun, 'label' | 'seed'>): string =>
  t('{label}, seed {seed}', { label, seed });

const DECIDING = ['features', 'model', 'training', 'baselines', 'score'];

/** What a run's outcome depends on, besides the images. */
const decisive = (params: Params): unknown[] =>
  PARAM_NAMES.filter(
    (name) => (name === 'seed' || DECIDING.includes(PARAMS[name].group)) && isRelevant(name, params),
  ).map((name) => params[name]);

/** What a run is made of, besides its settings. */
export type Ingredients = Pick<ComparedRun, 'data' | 'weights' | 'program'>;

/** Whether a run that was done answers the same question on the same images, by the same weights and program. */
export const answers = (run: ComparedRun, planned: PlannedRun, now: Ingredients): boolean =>
  run.table !== null &&
  run.name === runName(planned) &&
  run.data === now.data &&
  (run.weights === now.weights || looksAtPixels(planned.params.method)) &&
  run.program === now.program &&
  JSON.stringify(decisive(run.params)) === JSON.stringify(decisive(planned.params));
