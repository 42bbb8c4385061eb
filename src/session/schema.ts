// What a session's JSON may say, as a schema, and how older versions are brought to the present one. Parameters are put
// right by their table; anything else that cannot be refuses the session. Bytes are not looked at here.
import * as v from 'valibot';
import {
  anyObject,
  count,
  digest,
  finite,
  listOf,
  objectOf,
  oneOf,
  orNull,
  text,
} from '../lib/formats/schema';
import { THRESHOLD_SOURCES } from '../lib/scoring/metrics/threshold';
import type { Metrics } from '../lib/scoring/metrics/summary';
import { defaultParams, PARAM_NAMES, type Params } from '../settings/table';
import { consistent, judge, specOf } from '../settings/values';
import { NotASession, SessionNewer } from './errors';
import { SESSION_SCHEMA, type LossCurves, type SessionInfo } from './types';

/** As many as an archive may have (formats/zip/limits.ts). */
const MOST_IMAGES = 100_000;
/** Every loss of a run of hours; the page thins its own to fewer. */
const MOST_LOSSES = 1_000_000;
const LONGEST_NAME = 2048;
const LONGEST_WORD = 200;

/** The parameters that are given, each as its row of the table allows. */
export const SOME_PARAMS = v.pipe(
  anyObject,
  v.transform((given): Partial<Params> => {
    const known = PARAM_NAMES.filter((name) => Object.hasOwn(given, name));
    return Object.fromEntries(known.map((name) => [name, judge(specOf(name), given[name]).value]));
  }),
);

/** All parameters: those that are given as their rows allow, defaults for the rest. */
export const ALL_PARAMS = v.pipe(
  SOME_PARAMS,
  v.transform((given) => consistent({ ...defaultParams(), ...given })),
);

const losses = listOf(finite, MOST_LOSSES);
export const LOSS_CURVES: v.GenericSchema<unknown, LossCurves> = objectOf({
  1: losses,
  2: losses,
  fit: v.exactOptional(losses),
});

/** Metrics are fractions; rounding may carry one a hair beyond. */
const fraction = orNull(
  v.pipe(
    finite,
    v.transform((value) => Math.min(1, Math.max(0, value))),
  ),
);
export const METRICS: v.GenericSchema<unknown, Metrics> = objectOf({
  image_auroc: fraction,
  image_ap: fraction,
  image_f1_max: fraction,
  pixel_auroc: fraction,
  pixel_ap: fraction,
  aupro30: fraction,
});

const IMAGE = objectOf({
  id: text(LONGEST_NAME),
  name: text(LONGEST_NAME),
  split: oneOf(['train', 'validation', 'test']),
  label: oneOf([0, 1, null]),
  type: text(LONGEST_WORD),
  sha256: orNull(digest),
  maskSha256: orNull(digest),
});

const MODEL = objectOf({
  params: ALL_PARAMS,
  fusionValue: orNull(finite),
  losses: LOSS_CURVES,
  seconds: orNull(finite),
  trainImages: count(),
  threshold: orNull(objectOf({ value: finite, source: oneOf(THRESHOLD_SOURCES) })),
  metrics: orNull(METRICS),
  scale: v.exactOptional(v.tuple([finite, finite])),
});

const RUN = objectOf({ params: ALL_PARAMS, step: count(), steps: count(), losses: LOSS_CURVES });

/** A description of the present version. */
export const SESSION_INFO: v.GenericSchema<unknown, SessionInfo> = objectOf({
  params: ALL_PARAMS,
  data: objectOf({
    dataset: text(LONGEST_WORD),
    images: listOf(IMAGE, MOST_IMAGES),
    reading: v.exactOptional(anyObject),
  }),
  model: orNull(MODEL),
  run: orNull(RUN),
  view: objectOf({ image: orNull(text(LONGEST_NAME)), fusionValue: orNull(finite) }),
});

/** Length and digest of a file in the zip. */
const FILE = objectOf({ bytes: count(), sha256: digest });
export type StatedFile = v.InferOutput<typeof FILE>;

/** What a zip's description says of the files beside it. */
export const SESSION_FILES = objectOf({
  files: objectOf({
    weights: orNull(FILE),
    checkpoint: orNull(FILE),
    /** Only `true` means that they are there. */
    images: v.optional(v.unknown()),
  }),
});

type Raw = Record<string, unknown>;

/** By the version they start from. */
const STEPS: Record<number, (old: Raw) => Raw> = { 1: fromModelFile };

/**
 * Older descriptions brought to the present version, one step a version: each takes the JSON of its version and gives
 * that of the next. A later version is never guessed at.
 * @throws NotASession without a version, SessionNewer beyond the present one
 */
export function migrate(raw: Raw, file: string): Raw {
  const { schema } = raw;
  if (!Number.isSafeInteger(schema) || (schema as number) < 1) {
    throw new NotASession(file, 'its description names no format version');
  }
  if ((schema as number) > SESSION_SCHEMA) throw new SessionNewer(file, schema as number, SESSION_SCHEMA);
  let now = raw;
  for (let from = schema as number; from < SESSION_SCHEMA; from++) now = STEPS[from]!(now);
  return now;
}

/** Version 1 described a model alone: `params`, `trainImages`, `threshold`, `metrics`. */
function fromModelFile({ params, trainImages, threshold, metrics }: Raw): Raw {
  return {
    schema: 2,
    params,
    data: { dataset: 'own', images: [] },
    model: {
      ...{ params, trainImages, threshold, metrics },
      ...{ fusionValue: null, losses: { 1: [], 2: [] }, seconds: null },
    },
    run: null,
    view: { image: null, fusionValue: null },
  };
}
