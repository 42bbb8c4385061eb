// A data folder as the sets that runs are made on: one per class folder, or all classes as one (a unified model).
import { basename, resolve } from 'node:path';
import { classOf } from '../../lib/scoring/metrics/classes';
import { assertTestable, readDataset, type DatasetImage, type DatasetReading } from '../data/dataset';
import { readingOfClass } from '../../lib/datasets/folder';
import { holdOut } from '../threshold';
import { layoutOf, type LayoutFlags } from '../data/layoutFlags';
import { UnfitData } from '../errors';
import { limitTest, limitTrain } from '../data/subset';

export interface ClassSet {
  name: string;
  /** Training, validation and test images; types name no class, unless the set is a unified one. */
  images: DatasetImage[];
  /** What its runs say in the table: itself, or the classes inside a unified set. */
  rows: string[];
  /** Tables that say which of the folder's images is what. */
  splitFiles: string[];
  /** How the files were read: those of this set. */
  reading?: DatasetReading;
}

export interface SetRequest {
  data: string;
  unified: boolean;
  /** Per set. */
  trainLimit: number | null;
  testLimit: number | null;
  /** Draws the subsets: one for all runs, so that they see the same images. */
  subsetSeed: number;
  /** Share of the training images that is not trained on, where there is no validation folder; null: none. */
  holdOut?: number | null;
  /** Whether some run learns from anomalous training images and their masks. */
  anomalies: boolean;
  /** What says how the files are to be read. */
  layout?: LayoutFlags | undefined;
}

/** @throws what readDataset throws; UnfitData for a class that cannot be trained or tested */
export async function readClassSets(
  request: SetRequest,
): Promise<{ sets: ClassSet[]; notices: string[]; inputs: string[] }> {
  const { data, unified } = request;
  const dataset = await readDataset(data, { trainLimit: null, testLimit: null, seed: 0 }, await layoutOf(request.layout)); // prettier-ignore
  assertTestable(data, dataset);
  const all = [
    ...dataset.train,
    ...(request.anomalies ? dataset.anomalous : []),
    ...dataset.validation,
    ...dataset.test,
  ];
  const classes = [...new Set(all.flatMap(({ type }) => classOf(type) ?? []))];
  const whole = basename(resolve(data)).replace(/\.(zip|t[gx]z|tar(\.[gx]z)?)$/i, '');
  const { splitFiles } = dataset;
  const sets =
    unified || classes.length === 0
      ? [
          {
            name: whole,
            images: limited(all, request, whole),
            rows: classes.length > 0 ? classes : [whole],
            splitFiles,
            reading: dataset.reading,
          },
        ]
      : classes.map((name) => ({
          name,
          images: limited(membersOf(all, name), request, name),
          rows: [name],
          splitFiles,
          reading: readingOfClass(dataset.reading, name),
        }));
  return { sets, notices: dataset.notices, inputs: dataset.inputs };
}

const membersOf = (images: readonly DatasetImage[], name: string): DatasetImage[] =>
  images
    .filter(({ type }) => classOf(type) === name)
    .map((image) => ({ ...image, type: image.type.slice(name.length + 1) }));

function limited(
  images: readonly DatasetImage[],
  { trainLimit, testLimit, subsetSeed, holdOut: share = null }: SetRequest,
  name: string,
): DatasetImage[] {
  const training = images.filter(({ split }) => split === 'train');
  const normal = training.filter(({ label }) => label !== 1);
  const validation = images.filter(({ split }) => split === 'validation');
  const test = images.filter(({ split }) => split === 'test');
  if (normal.length === 0 || test.length === 0) {
    const lack = normal.length === 0 ? 'training' : 'test';
    throw new UnfitData(
      `The class ${name} has no ${lack} images.`,
      'Complete the class, or move it out of the folder.',
    );
  }
  const some = trainLimit === null ? normal : limitTrain(normal, trainLimit, subsetSeed);
  const { train, heldOut } = holdOut({ train: some, validation }, share, subsetSeed);
  return [
    ...train,
    ...training.filter(({ label }) => label === 1),
    ...heldOut.map((image) => ({ ...image, split: 'validation' as const })),
    ...(testLimit === null ? test : limitTest(test, testLimit, subsetSeed)),
  ];
}
