// The comparison of methods: what is chosen, how far it is, what every run found, and what of it is looked at. Models
// are in the engine, under the runs' names.
import type { ImageId, PastedTrial, ScoreTable } from '../../engine/api/types';
import type { ErrorReport } from '../../lib/errors';
import type { Metrics } from '../../lib/scoring/metrics/summary';
import type { MethodName } from '../../settings/methods';
import type { Params } from '../../settings/table';

/** Ready-made columns beside the methods. */
export type Sweep = 'controls' | 'grid-sizes' | 'lambda' | 'shots';

export interface CompareChoice {
  methods: MethodName[];
  sweeps: Sweep[];
  /** How many seeds: the visitor's own and those after it. */
  seeds: number;
}

/** One run of the table: a column with a seed. */
export interface ComparedRun {
  /** Under which the engine keeps its model. */
  name: string;
  /** Its row of the table. */
  label: string;
  seed: number;
  params: Params;
  /** Null when it failed. */
  table: ScoreTable | null;
  error: ErrorReport | null;
  /** Training or fit. */
  seconds: number | null;
  /** AUROC of pasted blocks against normal images; null where labels made it needless, or nothing can be pasted. */
  synthetic: number | null;
  /** Digest of the test images, their labels and masks: runs with equal ones can be paired. */
  images: string;
  /** Digest of all images, what they stand for, and their masks. */
  data: string;
  /** SHA-256 of the backbone's weights. */
  weights: string;
  /** The program that made it. */
  program: string;
}

export interface QueuedRun {
  label: string;
  seed: number;
}

/** What the table shows: all test images, those of a class, or those of a defect type. */
export type Scope = { kind: 'all' } | { kind: 'class' | 'type'; name: string };

/** Scores of a run that are looked at, as a list of images: all, or those in a range of scores. */
export interface Focus {
  run: string;
  /** The figure that was clicked, if it was a figure. */
  metric: keyof Metrics | null;
  range: [number, number] | null;
}

export interface Detectability {
  status: 'none' | 'running' | 'ready' | 'failed';
  progress: { done: number; total: number } | null;
  error: ErrorReport | null;
  heldOut: boolean;
  trials: PastedTrial[];
}

export interface CompareSlice {
  choice: CompareChoice;
  /** `ending`: cancelled, or done, and the visitor's own model is being brought back. */
  status: 'idle' | 'running' | 'paused' | 'ending';
  queue: QueuedRun[];
  /** Index in the queue of the run under way. */
  at: number;
  /** Of the run under way: what it does, how far it is (0 to 1), and seconds left of everything. */
  progress: { text: string; fraction: number; secondsLeft: number | null };
  runs: ComparedRun[];
  /** Names of models that the engine still keeps. */
  stashed: string[];
  scope: Scope;
  /** Image whose maps are side by side; null: the one on the stage. */
  image: ImageId | null;
  /** Whose maps: runs of this seed. */
  seed: number | null;
  focus: Focus | null;
  detectability: Detectability;
}

export const initialDetectability = (): Detectability => ({
  status: 'none',
  progress: null,
  error: null,
  heldOut: true,
  trials: [],
});

export const initialCompare = (): CompareSlice => ({
  choice: { methods: ['grad', 'normal-grid', 'padim', 'patchcore'], sweeps: [], seeds: 1 },
  status: 'idle',
  queue: [],
  at: 0,
  progress: { text: '', fraction: 0, secondsLeft: null },
  runs: [],
  stashed: [],
  scope: { kind: 'all' },
  image: null,
  seed: null,
  focus: null,
  detectability: initialDetectability(),
});
