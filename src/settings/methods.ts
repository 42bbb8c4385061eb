// What the settings know of the methods, from what each says of itself (src/lib/methods): its kind, its input, its
// branches, and which rows of the table count for it.
import { aboutMethod, METHODS, type BaselineId, type MethodId } from '../lib/methods/list';
import { GRID_METHODS, type GridMethod } from '../lib/methods/grad/options';
import type { MethodAbout } from '../lib/methods/about';
import type { ParamName, Params } from './table';

export { aboutMethod, GRID_METHODS, METHODS, type BaselineId, type GridMethod, type MethodAbout };
export type MethodName = MethodId;

/** Fitted in one go to the training images. */
export const BASELINES = METHODS.filter(({ training }) => training === 'fit').map(
  ({ id }) => id,
) as BaselineId[];

export const isGridMethod = (method: MethodName): method is GridMethod =>
  aboutMethod(method).training === 'stages';

export const isBaseline = (method: MethodName): method is BaselineId => !isGridMethod(method);

/** Whether a method looks at the image itself: no backbone, no features, no block to paste into them. */
export const looksAtPixels = (method: MethodName): boolean => aboutMethod(method).input === 'pixels';

/** Whether a method has the two branches whose maps can be looked at one by one. */
export const branchesOf = (method: MethodName): MethodAbout['branches'] => aboutMethod(method).branches;

/** Rows of no method's own that count for some only. */
const OF_SOME: Partial<Record<ParamName, (method: MethodAbout) => boolean>> = {
  backbone: ({ input }) => input === 'features',
  taps: ({ input }) => input === 'features',
  project: ({ input }) => input === 'features',
  normalise: ({ input }) => input === 'features',
  refine: ({ branches }) => branches.normal,
};

/**
 * The methods for which a row counts; null when it counts for all. The form hides the others, the command line's help
 * names the methods, and a row that changes nothing asks for no new training. A link still carries every row, so that
 * switching the method back finds what was set.
 */
export function methodsOf(name: ParamName): readonly MethodName[] | null {
  const all: readonly MethodAbout[] = METHODS;
  const own = all.filter(({ rows }) => Object.hasOwn(rows, name));
  const some = OF_SOME[name];
  const counting = some ? all.filter(some) : own;
  return counting.length > 0 ? counting.map(({ id }) => id as MethodName) : null;
}

/** Whether a row changes anything for the method that is set. */
export const isRelevant = (
  name: ParamName,
  { method, fit }: Pick<Params, 'method'> & Partial<Pick<Params, 'fit'>>,
): boolean => {
  if (name === 'tile' || name === 'overlap') return fit === undefined || fit === 'tile';
  return methodsOf(name)?.includes(method) ?? true;
};
