// The steps that commands have in common: weights into the engine, images into the engine, features, outputs.
import type { ImageFile, TrainReport } from '../engine/api/types';
import { toReport } from '../lib/errors';
import type { Params } from '../settings/table';
import type { BackboneFile } from './backbone';
import { readImageFile, type DatasetImage } from './data/dataset';
import { UnfitData } from './errors';
import type { Workbench } from './bench/workbench';

/** Files read and handed over at a time: decoding overlaps with features, memory stays small. */
const FILES_AT_ONCE = 16;

/** Gives the engine its weights, if the method needs any, and parameters. @returns the parameters with the backbone that the weights are of */
export async function configure(
  workbench: Workbench,
  params: Params,
  weights: BackboneFile | null,
): Promise<Params> {
  if (!weights) {
    await workbench.call('configure', params);
    return params;
  }
  workbench.progress.update(`loading ${weights.name}`);
  const { backbone, alternatives } = await workbench.call('loadBackbone', weights);
  for (const other of alternatives) {
    workbench.progress.note(
      `${weights.name} fits ${backbone} and ${other}, which pad images differently, and does not say which it is; ` +
        `it is taken for ${backbone}. If that is wrong, give --backbone ${other}=FILE.`,
    );
  }
  await workbench.call('configure', { ...params, backbone });
  return { ...params, backbone };
}

/**
 * Reads images and hands them over, in order, then waits for their features. Refused files are named and left out; what
 * there is to say about how the others were read is told.
 * @returns the images that were taken, and the milliseconds it all took
 * @throws UnfitData when none was taken
 */
export async function addImages(workbench: Workbench, images: readonly DatasetImage[]) {
  const start = performance.now();
  const added = new Set<string>();
  for (let first = 0; first < images.length; first += FILES_AT_ONCE) {
    workbench.progress.update(`reading images ${first}/${images.length}`);
    const files = await readImages(workbench, images.slice(first, first + FILES_AT_ONCE));
    (await handOver(workbench, files)).forEach((id) => added.add(id));
  }
  const taken = images.filter(({ path }) => added.has(path));
  if (taken.length === 0) throw new UnfitData('None of the images could be read.', 'See the reasons above.');
  workbench.tell();
  await workbench.call('features', undefined);
  return { taken, featuresMs: performance.now() - start };
}

/** Hands encoded images over, saying which were refused. @returns the ids of the others */
export async function handOver(workbench: Workbench, files: ImageFile[]): Promise<string[]> {
  const { added, refused } = await workbench.call('addImages', files);
  for (const { name, error } of refused) {
    workbench.progress.note(`left out ${name}: ${error.message} ${error.remedy}`);
  }
  return added;
}

/** Both stages, or the fit of a baseline. @throws UnfitData when it was cancelled, which no command does */
export async function trainModel(workbench: Workbench): Promise<TrainReport> {
  workbench.progress.update('training');
  const report = await workbench.call('train', undefined);
  if (report.outcome === 'cancelled') throw new UnfitData('The training was cancelled.', 'Start it again.');
  return report;
}

/** Files that can be read; the others are named. */
async function readImages(workbench: Workbench, images: readonly DatasetImage[]): Promise<ImageFile[]> {
  const note = (sentence: string) => workbench.progress.note(sentence);
  const read = await Promise.allSettled(images.map((image) => readImageFile(image, note)));
  return read.flatMap((result, i) => {
    if (result.status === 'fulfilled') return [result.value];
    const { message, remedy } = toReport(result.reason);
    workbench.progress.note(`left out ${images[i]!.path}: ${message} ${remedy}`);
    return [];
  });
}
