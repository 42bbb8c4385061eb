// Sessions on the command line: what was trained here, written for the page and for `score`; what either wrote, read.
// The file itself is src/session/.
import { openAsBlob } from 'node:fs';
import type { Metrics, ScoreTable, TrainReport } from '../engine/api/types';
import type { Params } from '../settings/table';
import { sha256 } from '../session/digest';
import { readSession, type Session } from '../session/read';
import type { SessionImage, SessionModel } from '../session/types';
import { readMask, type DatasetImage, type DatasetReading } from './data/dataset';
import { FileUnreadable, NothingTrained } from './errors';
import { readBytes, writeBytes } from './data/files';
import { openRegular } from './data/regularFile';
import type { Workbench } from './bench/workbench';

/** What a run leaves behind, besides the model in the engine. */
export interface TrainedRun {
  params: Params;
  images: readonly DatasetImage[];
  report: TrainReport;
  threshold: ScoreTable['threshold'];
  /** Null after training alone. */
  metrics: Metrics | null;
  /** Extremes of the map over the images that were scored. */
  scale: readonly [number, number];
  /** How the files were read. */
  reading?: DatasetReading;
}

export interface SessionRequest {
  path: string;
  /** Whether the images go in, so that the page can open them too. */
  withImages: boolean;
}

/** Writes the engine's model with everything said about it. @throws FileUnwritable, NoModel */
export async function saveSession(
  workbench: Workbench,
  wanted: SessionRequest,
  run: TrainedRun,
): Promise<void> {
  // The packer is loaded when there is something to pack.
  const { writeSession } = await import('../session/write');
  workbench.progress.update('writing the session');
  const { params, images } = run;
  const records: SessionImage[] = [];
  for (const image of images) records.push(await describe(image));
  const session = await writeSession({
    info: {
      params: { ...params, dataset: 'own' },
      data: { dataset: 'own', images: records, ...(run.reading && { reading: { ...run.reading } }) },
      model: modelOf(run),
      run: null,
      view: { image: null, fusionValue: null },
    },
    weights: await workbench.call('saveModel', undefined),
    checkpoint: null,
    imageAt: wanted.withImages ? (index) => bytesOf(images[index]!) : null,
  });
  await writeBytes(wanted.path, session.stream());
}

function modelOf({ params, images, report, threshold, metrics, scale }: TrainedRun): SessionModel {
  const { fusionValue, losses, seconds } = report;
  return {
    params,
    fusionValue: Number.isFinite(fusionValue) ? fusionValue : null,
    losses,
    seconds,
    trainImages: images.filter(({ split }) => split === 'train').length,
    threshold,
    metrics,
    scale,
  };
}

async function describe(image: DatasetImage): Promise<SessionImage> {
  const { path, file, split, label, type } = image;
  const mask = await readMask(image);
  return {
    ...{ id: path, name: path, split, label, type },
    sha256: await sha256(await readBytes(file)),
    maskSha256: mask === null ? null : await sha256(mask),
  };
}

const bytesOf = async (image: DatasetImage) => {
  const mask = await readMask(image);
  return { image: new Blob([await readBytes(image.file)]), mask: mask === null ? null : new Blob([mask]) };
};

/** A session with a model in it. @throws FileUnreadable, NothingTrained, and what reading a session throws */
export async function openSession(
  path: string,
): Promise<Session & { model: SessionModel; weights: ArrayBuffer }> {
  const session = await readSession(await blobOf(path), path);
  const { info, weights } = session;
  if (info.model && weights) return { ...session, model: info.model, weights };
  throw new NothingTrained(path, info.run);
}

async function blobOf(path: string): Promise<Blob> {
  // It would wait for a pipe.
  await (await openRegular(path)).close();
  try {
    return await openAsBlob(path);
  } catch (cause) {
    throw new FileUnreadable(path, cause);
  }
}
