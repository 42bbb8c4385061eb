// What the page ships beside its images, judged as it is read: the list of sets, a set's images, the stored result of a
// finished run. Loaded with the first of them: the first paint does without.
import * as v from 'valibot';
import {
  finite,
  listOf,
  objectOf,
  parseValue,
  recordOf,
  text,
  version,
  count,
} from '../../lib/formats/schema';
import type { LossCurves, ScoreTable } from '../../engine/api/types';
import type { Params } from '../../settings/table';
import { LOSS_CURVES, METRICS, SOME_PARAMS } from '../../session/schema';
import { SetUnreadable } from '../shell/errors';

export { readDemoList, readDemoManifest } from '../../lib/datasets/demo';

export interface StoredResult {
  config: Partial<Params>;
  adapter: string;
  height: number;
  width: number;
  threshold: number;
  ranges: ScoreTable['ranges'];
  /** By image path. */
  scores: Record<string, number>;
  metrics: ScoreTable['metrics'];
  losses: LossCurves;
  fusionValue: number;
  /** Paths in the order of their maps. */
  maps: string[];
}

const LONGEST_NAME = 300;
const MOST_IMAGES = 10_000;
const range = v.tuple([finite, finite]);

const RESULT: v.GenericSchema<unknown, StoredResult> = objectOf({
  schema: version(1),
  config: SOME_PARAMS,
  adapter: text(LONGEST_NAME),
  height: count(1),
  width: count(1),
  threshold: finite,
  ranges: objectOf({ fused: range, normal: range, abnormal: range }),
  scores: recordOf(finite),
  metrics: METRICS,
  losses: LOSS_CURVES,
  fusionValue: finite,
  maps: listOf(text(LONGEST_NAME), MOST_IMAGES),
});

/** @throws SetUnreadable */
export const readStoredResult = (json: unknown, set: string): StoredResult =>
  parseValue(RESULT, json, (detail) => new SetUnreadable(set, `of its result, ${detail}`));
