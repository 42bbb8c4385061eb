// One training and scoring on an engine whose images and features are there: what `evaluate` does once and `compare`
// for each of its runs. Settings and images are the caller's business.
import type { AdapterReport, ImageScore } from '../engine/api/types';
import type { Saturation } from '../lib/scoring/metrics/saturation';
import { scoringOf } from '../settings/scoring';
import type { Params } from '../settings/table';
import type { DatasetImage, DatasetReading } from './data/dataset';
import { meanNotices, type Evaluation } from './output/report';
import { addImages, trainModel } from './steps';
import { chooseThreshold, normalIds, quantileNotices, type ThresholdRequest } from './threshold';
import type { Workbench } from './bench/workbench';

/** What the engine holds, and how it got there. */
export interface Prepared {
  /** As configured. */
  params: Params;
  data: string;
  trainLimit: number | null;
  testLimit: number | null;
  taken: readonly DatasetImage[];
  featuresMs: number;
  adapter: AdapterReport;
  /** How the files were read. */
  reading?: DatasetReading;
}

/** What to find out beside the figures. */
export interface Details {
  resamples: number;
  curves: boolean;
  /** AUPIMO and other figures over pixels; null saturation: no sPRO. */
  pixelDetail?: { saturation: Saturation | null };
  /** Null: the line that scoring suggests. */
  threshold?: ThresholdRequest | null;
  /** Normal images that are scored but not trained on, and count for no figure. */
  heldOut?: readonly DatasetImage[];
}

/** Trains, scores, draws the line, sums up. @throws what these throw; ScoreNotFinite when the model diverged */
export async function runEvaluation(
  workbench: Workbench,
  prepared: Prepared,
  { threshold: asked = null, heldOut = [], ...details }: Details,
): Promise<Evaluation> {
  const { taken, params } = prepared;
  const training = await trainModel(workbench);
  const added = heldOut.length > 0 ? (await addImages(workbench, heldOut)).taken : [];
  const aside = [...added, ...taken.filter(({ split }) => split === 'validation')];
  const table = await workbench.call('scoreAll', { ...scoringOf(params), ...details });
  const scored = { params, table, heldOut: aside.map(({ path }) => path), normal: normalIds(taken) };
  const threshold = await chooseThreshold(workbench, asked, scored);
  const ofSet = [...(table.notices ?? []), ...quantileNotices(asked, aside.length), ...meanNotices(table)];
  workbench.tell(ofSet);
  return {
    ...prepared,
    trainImages: taken.filter(({ split }) => split === 'train').length,
    images: scoredImages(taken, table.images),
    heldOutImages: aside.length,
    thresholdRequest: asked,
    training,
    table: { ...table, threshold },
    gpuBytesPeak: workbench.gpuBytesPeak,
    notices: [...workbench.notices.ofImages, ...ofSet],
  };
}

function scoredImages(images: readonly DatasetImage[], scores: readonly ImageScore[]): Evaluation['images'] {
  const scoreOf = new Map(scores.map(({ id, score }) => [id, score]));
  return images
    .filter(({ split, path }) => split === 'test' && scoreOf.has(path))
    .map(({ path, label, type }) => ({ path, label, type, score: scoreOf.get(path)! }));
}
