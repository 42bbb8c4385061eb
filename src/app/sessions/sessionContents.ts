// From the state to what a session holds: settings, images with their digests, the model that answers, the training that
// is under way or was cut off. Changes nothing.
import type { ImageId } from '../../engine/api/types';
import type { Params } from '../../settings/table';
import { sha256 } from '../../session/digest';
import type { ImageBytes, SessionImage, SessionModel, SessionRun } from '../../session/types';
import type { SessionContents } from '../../session/write';
import { cutOffRun } from '../keeping/keptRun';
import { fetchStoredModel } from '../images/demoSet';
import { ownModelFile } from '../compare/ownModel';
import { engine } from '../shell/engineLink';
import { bytesOf, sizeOf } from '../images/pictures';
import { isOwnSet, isTraining } from '../shell/selectors';
import { getState } from '../shell/store';

/** The large parts, and what they weigh. */
export interface Pieces {
  weights: ArrayBuffer | null;
  run: { file: ArrayBuffer; about: SessionRun } | null;
  /** Of the visitor's own images; null for a bundled set, which every copy of this page has. */
  imageBytes: number | null;
}

/** Asks the engine for the model and the checkpoint; what it does not have is null. */
export async function pieces(): Promise<Pieces> {
  const { data, params } = getState();
  const weights = await modelFile();
  const sizes = data.order.map(sizeOf);
  return {
    weights,
    run: await runUnderWay(),
    imageBytes: isOwnSet(params) && sizes.length > 0 ? sizes.reduce((sum, size) => sum + size, 0) : null,
  };
}

/** The engine's, or the stored one on screen that the engine has not been given yet. */
async function modelFile(): Promise<ArrayBuffer | null> {
  const { model, data } = getState();
  const file = await ownModelFile(getState());
  if (file) return file;
  return model.source === 'stored' ? fetchStoredModel(data.set.id).catch(() => null) : null;
}

async function runUnderWay(): Promise<Pieces['run']> {
  const state = getState();
  if (isTraining(state)) {
    const now = await engine()
      ?.checkpoint(undefined)
      .catch(() => null);
    if (!now) return null;
    const { file, progress, losses } = now;
    const { step, steps } = progress;
    return { file, about: { params: state.training.startedWith ?? state.params, step, steps, losses } };
  }
  if (!state.kept.resumable) return null;
  const kept = await cutOffRun();
  if (!kept) return null;
  const { params, progress, losses } = kept.run;
  return { file: kept.file, about: { params, step: progress.step, steps: progress.steps, losses } };
}

/** @throws what reading an image throws, NoSecureContext */
export async function contentsOf({ weights, run }: Pieces, withImages: boolean): Promise<SessionContents> {
  const { params, data, view } = getState();
  const own = isOwnSet(params);
  const images = await imageList();
  return {
    info: {
      params,
      data: { dataset: params.dataset, images, ...(own && readingIn(data.readings)) },
      model: weights && modelAbout(),
      run: run?.about ?? null,
      view: { image: data.selected, fusionValue: view.fusionValue },
    },
    weights,
    checkpoint: run?.file ?? null,
    imageAt: withImages && own ? (index) => filesAt(data.order[index]!) : null,
  };
}

/** The images of the set, with their digests. @throws what reading an image throws, NoSecureContext */
export async function imageList(): Promise<SessionImage[]> {
  const { params, data } = getState();
  const images: SessionImage[] = [];
  for (const id of data.order) images.push(await describe(id, isOwnSet(params)));
  return images;
}

/** The last, with the ones before it. */
function readingIn(readings: readonly Record<string, unknown>[]): { reading?: Record<string, unknown> } {
  const [last, ...earlier] = readings.toReversed();
  if (!last) return {};
  return { reading: earlier.length > 0 ? { ...last, earlier: earlier.toReversed() } : last };
}

/** A bundled image is named by its set; its bytes need no digest. */
async function describe(id: ImageId, own: boolean): Promise<SessionImage> {
  const { name, split, label, type } = getState().data.images[id]!;
  const { bytes, mask } = own ? await bytesOf(id) : {};
  return {
    ...{ id, name, split, label, type },
    sha256: bytes ? await sha256(bytes) : null,
    maskSha256: mask ? await sha256(mask) : null,
  };
}

async function filesAt(id: ImageId): Promise<ImageBytes> {
  const { bytes, mask } = await bytesOf(id);
  return { image: new Blob([bytes]), mask: mask ? new Blob([mask]) : null };
}

/** SHA-256 of the visitor's own images. */
export async function digestsOf(ids: readonly ImageId[]): Promise<Set<string>> {
  const digests = new Set<string>();
  for (const id of ids) digests.add(await sha256((await bytesOf(id)).bytes));
  return digests;
}

/** What is known of the model that answers, besides its parameters. */
export function modelAbout(): SessionModel {
  const { params, model, training, scores, view, data } = getState();
  const byHand = view.threshold === null ? null : ({ value: view.threshold, source: 'set by hand' } as const);
  const train = data.order.filter((id) => data.images[id]!.split === 'train' && data.images[id]!.label !== 1);
  return {
    params: { ...params, ...model.params },
    fusionValue: finite(model.fusionValue),
    losses: training.losses,
    seconds: training.seconds,
    trainImages: train.length,
    threshold: byHand ?? scores.suggested,
    metrics: scores.metrics,
    ...(scores.ranges && scores.status !== 'stale' && { scale: scores.ranges.fused }),
  };
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null);

/** Says what it is and sorts well; only what every file system takes. */
export const fileNameOf = ({ dataset, method, seed }: Params, extension = 'zip'): string =>
  `grad-${dataset}-${method}-seed${seed}.${extension}`.replace(/[^a-z0-9.-]+/gi, '-');
