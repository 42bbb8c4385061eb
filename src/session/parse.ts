// A session's JSON, of the present version, into checked values. Parameters are put right by their table; anything
// else that cannot be is a Misfit. Bytes are not looked at here.
import { THRESHOLD_SOURCES } from '../lib/scoring/metrics/threshold';
import { count, digest, finite, list, oneOf, orNull, record, text, type Raw } from './checks';
import { parseParams } from './params';
import type {
  LossCurves,
  SessionImage,
  SessionInfo,
  SessionModel,
  SessionRun,
  SessionThreshold,
} from './types';

/** As many as an archive may have (formats/zipLimits.ts). */
const MOST_IMAGES = 100_000;
/** Every loss of a run of hours; the page thins its own to fewer. */
const MOST_LOSSES = 1_000_000;
const LONGEST_NAME = 2048;
const LONGEST_WORD = 200;

/** @throws Misfit */
export function parseInfo(raw: Raw): SessionInfo {
  const data = record(raw['data'], 'data');
  const view = record(raw['view'], 'view');
  const images = list(data['images'], 'data.images', MOST_IMAGES).map(parseImage);
  return {
    params: parseParams(raw['params'], 'params'),
    data: { dataset: text(data['dataset'], 'data.dataset', LONGEST_WORD), images },
    model: orNull(raw['model'], parseModel),
    run: orNull(raw['run'], parseRun),
    view: {
      image: orNull(view['image'], (value) => text(value, 'view.image', LONGEST_NAME)),
      fusionValue: orNull(view['fusionValue'], (value) => finite(value, 'view.fusionValue')),
    },
  };
}

function parseImage(value: unknown, index: number): SessionImage {
  const place = `data.images[${index}]`;
  const { id, name, split, label, type, sha256, maskSha256 } = record(value, place);
  return {
    id: text(id, `${place}.id`, LONGEST_NAME),
    name: text(name, `${place}.name`, LONGEST_NAME),
    split: oneOf(split, `${place}.split`, ['train', 'test']),
    label: oneOf(label, `${place}.label`, [0, 1, null]),
    type: text(type, `${place}.type`, LONGEST_WORD),
    sha256: orNull(sha256, (hex) => digest(hex, `${place}.sha256`)),
    maskSha256: orNull(maskSha256, (hex) => digest(hex, `${place}.maskSha256`)),
  };
}

function parseModel(value: unknown): SessionModel {
  const raw = record(value, 'model');
  return {
    params: parseParams(raw['params'], 'model.params'),
    fusionValue: orNull(raw['fusionValue'], (number) => finite(number, 'model.fusionValue')),
    losses: parseLosses(raw['losses'], 'model.losses'),
    seconds: orNull(raw['seconds'], (number) => finite(number, 'model.seconds')),
    trainImages: count(raw['trainImages'], 'model.trainImages'),
    threshold: orNull(raw['threshold'], parseThreshold),
    metrics: orNull(raw['metrics'], parseMetrics),
  };
}

function parseRun(value: unknown): SessionRun {
  const raw = record(value, 'run');
  return {
    params: parseParams(raw['params'], 'run.params'),
    step: count(raw['step'], 'run.step'),
    steps: count(raw['steps'], 'run.steps'),
    losses: parseLosses(raw['losses'], 'run.losses'),
  };
}

function parseLosses(value: unknown, place: string): LossCurves {
  const raw = record(value, place);
  const stage = (name: string) =>
    list(raw[name], `${place}.${name}`, MOST_LOSSES).map((loss) => finite(loss, `${place}.${name}`));
  const curves = { 1: stage('1'), 2: stage('2') };
  return raw['fit'] === undefined ? curves : { ...curves, fit: stage('fit') };
}

function parseThreshold(value: unknown): SessionThreshold {
  const raw = record(value, 'model.threshold');
  return {
    value: finite(raw['value'], 'model.threshold.value'),
    source: oneOf(raw['source'], 'model.threshold.source', THRESHOLD_SOURCES),
  };
}

function parseMetrics(value: unknown): NonNullable<SessionModel['metrics']> {
  const raw = record(value, 'model.metrics');
  const metric = (name: string) => orNull(raw[name], (number) => fraction(number, `model.metrics.${name}`));
  return {
    image_auroc: metric('image_auroc'),
    image_ap: metric('image_ap'),
    image_f1_max: metric('image_f1_max'),
    pixel_auroc: metric('pixel_auroc'),
    pixel_ap: metric('pixel_ap'),
    aupro30: metric('aupro30'),
  };
}

/** Metrics are fractions; rounding may carry one a hair beyond. */
const fraction = (value: unknown, place: string): number => Math.min(1, Math.max(0, finite(value, place)));
