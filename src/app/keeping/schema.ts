// What the database holds, judged as it is read. Loaded with the first thing that is read: the first paint does without.
import * as v from 'valibot';
import { anyObject, count, objectOf, oneOf, orNull, parseOrNull } from '../../lib/formats/schema';
import { ALL_PARAMS } from '../../session/schema';
import type { Label, LossCurves, Split, StageProgress } from '../../engine/api/types';
import type { Params } from '../../settings/table';

/** What is known of an image besides its file. */
export interface KeptRecord {
  id: string;
  name: string;
  split: Split;
  label: Label;
  type: string;
}

export interface KeptList {
  /** Tells the sets that are kept apart; absent in lists of earlier versions, of which there is one. */
  key?: string;
  /** As the chooser shows it. */
  title?: string;
  /** The set's name with its digest, as in the address. */
  dataset: string;
  /** As they were set; null in lists of earlier versions. */
  params: Params | null;
  records: KeptRecord[];
  /** How the files were read; absent in lists of earlier versions. */
  readings?: Record<string, unknown>[];
}

export interface KeptModel {
  /** The set it was trained on. */
  dataset: string;
  params: Params;
  /** The learned w, or the fixed lambda; null for a method that fuses nothing. */
  fusionValue: number | null;
  losses: LossCurves;
  seconds: number | null;
  file: ArrayBuffer;
}

/** A training under way, as of its last checkpoint. */
export interface KeptRun {
  /** The set it learns from. */
  dataset: string;
  /** It was started with these. */
  params: Params;
  progress: StageProgress;
  losses: LossCurves;
}

/** Results of a comparison, of one set. */
export interface KeptComparison {
  dataset: string;
  /** Judged in compare/kept.ts. */
  runs: unknown;
  /** Of the visitor's own images by id; absent in earlier versions. */
  digests?: unknown;
}

/** Unlike those of a file, numbers that are kept may be NaN or infinite. */
const number = v.custom<number>((value) => typeof value === 'number', 'is not a number');
const losses = v.array(number);
const LOSSES = objectOf({ 1: losses, 2: losses, fit: v.exactOptional(losses) });

export const RECORD: v.GenericSchema<unknown, KeptRecord> = objectOf({
  id: v.string(),
  name: v.string(),
  split: oneOf(['train', 'validation', 'test']),
  label: oneOf([0, 1, null]),
  type: v.string(),
});

/** Records that are damaged are left out, the others stay. */
export const LIST: v.GenericSchema<unknown, KeptList> = objectOf({
  key: v.exactOptional(v.string()),
  title: v.exactOptional(v.string()),
  dataset: v.string(),
  params: orNull(ALL_PARAMS),
  records: v.pipe(
    v.array(v.unknown()),
    v.transform((records) =>
      records.map((record) => parseOrNull(RECORD, record)).filter((record) => record !== null),
    ),
  ),
  readings: v.exactOptional(v.array(anyObject)),
});

/** Of several lists, those that are not damaged. */
export const SHELF: v.GenericSchema<unknown, KeptList[]> = v.pipe(
  v.array(v.unknown()),
  v.transform((lists) => lists.map((list) => parseOrNull(LIST, list)).filter((list) => list !== null)),
);

export const MODEL: v.GenericSchema<unknown, KeptModel> = objectOf({
  dataset: v.string(),
  params: ALL_PARAMS,
  fusionValue: orNull(number),
  losses: LOSSES,
  seconds: orNull(number),
  file: v.instance(ArrayBuffer),
});

export const RUN: v.GenericSchema<unknown, KeptRun> = objectOf({
  dataset: v.string(),
  params: ALL_PARAMS,
  progress: objectOf({
    stage: oneOf([1, 2]),
    epoch: count(),
    epochs: count(),
    step: count(),
    steps: count(),
    loss: number,
    secondsLeft: orNull(number),
  }),
  losses: LOSSES,
});

export const COMPARISON: v.GenericSchema<unknown, KeptComparison> = objectOf({
  dataset: v.string(),
  runs: v.optional(v.unknown(), null),
  digests: v.optional(v.unknown(), null),
});

/** Comes with the schemas: they are of no use without. */
export { parseOrNull };
