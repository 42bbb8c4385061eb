// One run as it lies in the result folder: the JSON of `evaluate` with its resamples and with what tells whether it
// still answers the question; or, for a run that failed, why.
import * as v from 'valibot';
import type { ErrorReport } from '../../lib/errors';
import {
  anyObject,
  count,
  finite,
  looseOf,
  objectOf,
  orNull,
  parseOrNull,
  recordOf,
  version,
} from '../../lib/formats/schema';
import type { Saturation } from '../../lib/scoring/metrics/saturation';
import { RESAMPLES } from '../../lib/scoring/metrics/bootstrap';
import { byMetric, type Samples } from '../../lib/scoring/metrics/samples';
import type { Metrics } from '../../lib/scoring/metrics/summary';
import { defaultParams } from '../../settings/table';
import type { CaseKind } from '../../report/cases';
import type { Detail, RunResult } from '../../report/comparison';
import { base64 } from '../../report/html';
import { PROGRAM } from '../../report/plan';
import type { ShownCase } from '../../report/runReport';
import { sha256Hex } from '../data/digests';
import { SCHEMA, toJson, type Evaluation } from '../output/report';
import { describeRequest, type ThresholdRequest } from '../threshold';
import type { DataPrints } from './dataPrints';
import type { PlannedRun } from './plan';

/** Digests of all that a run depends on, by kind, so that it can be said which has changed. */
export interface RunInputs extends Omit<DataPrints, 'test_images'> {
  settings: string;
  weights: string;
}

/** Which run it is, and what it was made of. */
export interface RunIdentity {
  class: string;
  method: string;
  seed: number;
  /** Of all inputs and the program: equal ones need not be run again. */
  fingerprint: string;
  /** The program that made it; absent in runs of before programs were named. */
  program?: string | undefined;
  /** Absent in runs of before files were looked into. */
  inputs?: RunInputs | undefined;
  /** Of the test images, their labels and masks: equal ones can be paired. */
  test_images: string;
}

type StoredSamples = Record<keyof Metrics, number[] | null>;

export interface FinishedRun extends ReturnType<typeof toJson> {
  run: RunIdentity;
  samples: { all: StoredSamples; per_class: Record<string, StoredSamples> } | null;
  /** Its worst mistakes, for a report; absent where none was asked for. */
  cases?: StoredCase[];
}

/** A mistake with its painted map as a PNG in base 64. */
export interface StoredCase {
  kind: CaseKind;
  path: string;
  map: string;
}

interface FailedRun {
  schema: number;
  config: Record<string, unknown>;
  run: RunIdentity;
  error: ErrorReport;
}

export type RunDocument = FinishedRun | FailedRun;

export const isFailed = (document: RunDocument): document is FailedRun => 'error' in document;

const METRICS = looseOf(byMetric(() => v.nullable(finite)));
// A number that was undefined has become null on its way through JSON.
const SAMPLES = objectOf(byMetric(() => v.nullable(v.array(v.nullable(finite)))));
const COMMON = {
  schema: version(SCHEMA),
  config: anyObject,
  run: looseOf({
    class: v.string(),
    method: v.string(),
    seed: count(),
    fingerprint: v.string(),
    program: v.optional(v.string()),
    inputs: v.optional(
      objectOf({
        settings: v.string(),
        images: v.string(),
        masks: v.string(),
        split_files: v.string(),
        weights: v.string(),
      }),
    ),
    test_images: v.string(),
  }),
};
const FAILED = looseOf({
  ...COMMON,
  error: looseOf({ name: v.string(), message: v.string(), remedy: v.string() }),
});
/** What the table reads of a finished run; the rest of the document stays as it is. */
const FINISHED = looseOf({
  ...COMMON,
  metrics: METRICS,
  per_class: recordOf(METRICS),
  samples: orNull(objectOf({ all: SAMPLES, per_class: recordOf(SAMPLES) })),
});

/** Parsed JSON as a run of this schema; null when it is none. */
export function parseRunDocument(value: unknown): RunDocument | null {
  return (parseOrNull(FAILED, value) ?? parseOrNull(FINISHED, value)) as RunDocument | null;
}

/** Settings that shape a run, under the names of `evaluate`'s JSON. */
export const configOf = (
  { params }: PlannedRun,
  data: string,
  {
    threshold = null,
    saturation = null,
    ...limits
  }: {
    trainLimit: number | null;
    testLimit: number | null;
    threshold?: ThresholdRequest | null;
    saturation?: Saturation | null;
  },
) => ({
  ...params,
  data,
  train_limit: limits.trainLimit,
  test_limit: limits.testLimit,
  // Absent unless asked for: runs of before stay known.
  ...(threshold && { threshold_from: describeRequest(threshold) }),
  ...(saturation && { saturation }),
});

/** @param settings all that was set; @param weights digest of the backbone's file */
export function identityOf(
  run: PlannedRun,
  { test_images, ...data }: DataPrints,
  settings: Record<string, unknown>,
  weights: string,
): RunIdentity {
  // Names of the folder and of the weights' file may change without changing anything in them; and a parameter that is
  // new in the table, at its default, must not outdate what was run before it.
  const defaults: Record<string, unknown> = defaultParams();
  const sorted = Object.entries({ ...settings, data: null, backbone: null })
    .filter(([name, value]) => value !== defaults[name])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const inputs: RunInputs = { settings: sha256Hex(JSON.stringify([sorted, RESAMPLES])), ...data, weights };
  return {
    class: run.className,
    method: run.label,
    seed: run.seed,
    fingerprint: sha256Hex(JSON.stringify([PROGRAM, inputs])),
    program: PROGRAM,
    inputs,
    test_images,
  };
}

/** A finished run. */
export function finishedRun(
  evaluation: Evaluation,
  run: RunIdentity,
  cases: readonly ShownCase[] | null = null,
): RunDocument {
  const { resampled } = evaluation.table;
  const perClass = Object.entries(resampled?.perClass ?? {}).map(([name, samples]) => [
    name,
    stored(samples),
  ]);
  return {
    ...toJson(evaluation),
    run,
    samples: resampled
      ? {
          all: stored(resampled.all),
          per_class: Object.fromEntries(perClass) as Record<string, StoredSamples>,
        }
      : null,
    ...(cases && { cases: cases.map(storedCase) }),
  };
}

const storedCase = ({ kind, image, pictures }: ShownCase): StoredCase => ({
  kind,
  path: image.name,
  map: base64(pictures.at(-1)!.png),
});

/** Six places, ten times finer than the figures are shown; null for a resample without the figure. */
const stored = (samples: Samples): StoredSamples =>
  byMetric((name) => samples[name] && Array.from(samples[name], (value) => Math.round(value * 1e6) / 1e6));

/** The table's rows out of a finished run: its class, or each class of a unified one. */
export function resultsOf(finished: FinishedRun): RunResult[] {
  const { run, metrics, per_class, samples } = finished;
  const base = { method: run.method, seed: run.seed, images: run.test_images };
  const classes = Object.keys(per_class);
  if (classes.length === 0) return [{ ...base, className: run.class, metrics, detail: detailIn(finished.pixel_detail), samples: read(samples?.all) }]; // prettier-ignore
  return classes.map((name) => ({
    ...base,
    className: name,
    metrics: per_class[name]!,
    detail: detailIn(finished.pixel_detail_per_class?.[name]),
    samples: read(samples?.per_class[name]),
  }));
}

/** Absent, or without some of them, in runs of before. */
const detailIn = (detail: unknown): Detail | null => parseOrNull(DETAIL, detail);

const DETAIL = objectOf({
  aupimo: orNull(finite),
  spro05: orNull(finite),
  aupro05: orNull(finite),
  pixel_f1_max: orNull(finite),
});

function read(samples: StoredSamples | undefined): Samples | null {
  if (!samples) return null;
  // A number that was undefined has become null on its way through JSON.
  return byMetric(
    (name) => samples[name] && Float32Array.from(samples[name], (value: number | null) => value ?? NaN),
  );
}
