// The list of methods: the one place, besides its folder, that a new one is added to. Light: no tensors here. What
// fits a method is its folder's index.ts (registry.ts).
import type { MethodAbout } from './about';
import { DFR } from './dfr/about';
import { ABNORMAL_GRID, GRAD, NORMAL_GRID } from './grad/about';
import { PADIM } from './padim/about';
import { PATCHCORE } from './patchcore/about';
import { RIAD } from './riad/about';
import { SIMPLENET } from './simplenet/about';
import { UNIAD } from './uniad/about';

/** In the order in which they are offered. */
export const METHODS = [
  ...[GRAD, NORMAL_GRID, ABNORMAL_GRID],
  ...[PADIM, PATCHCORE, SIMPLENET, DFR, UNIAD, RIAD],
] as const satisfies readonly MethodAbout[];

type Listed = (typeof METHODS)[number];
export type MethodId = Listed['id'];
/** The methods that are fitted in one go. */
export type BaselineId = Extract<Listed, { training: 'fit' }>['id'];

/** What a method says of itself. */
export const aboutMethod = (id: MethodId): MethodAbout => METHODS.find((method) => method.id === id)!;

type Intersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never;
type Rows = Intersection<Listed['rows']>;

/** The options of all methods, each once. */
export const METHOD_ROWS = Object.assign({}, ...METHODS.map(({ rows }) => rows)) as {
  [K in keyof Rows]: Rows[K];
};
