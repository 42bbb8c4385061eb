// A folder or zip of images as lists to train on and to test: read from disk, checked, limited. Which path means what
// is not decided here but in data/folder.ts.
import { join } from 'node:path';
import {
  readFolder,
  splitTablesIn,
  typeInSet,
  type FolderImage,
  type FolderReport,
} from '../../lib/datasets/folder';
import { READABLE } from '../../lib/datasets/layouts/names';
import type { ImageFile } from '../../engine/api/types';
import { needsRealAnomalies } from '../../settings/anomalies';
import type { Params } from '../../settings/table';
import { isArchive, mountArchive, type Listing } from './archive';
import { UnfitData } from '../errors';
import { laterBytes, listFolder, readBytes } from './files';
import { limitTest, limitTrain } from './subset';

export interface DatasetImage {
  /** Relative to the data folder or the root of the zip, with forward slashes; also the engine's id. */
  path: string;
  /** Where it lies: on disk, or below a mounted zip. */
  file: string;
  split: 'train' | 'test';
  label: 0 | 1 | null;
  /** `good` or the defect's name, with the category in front where there are several. */
  type: string;
  /** Ground truth, if there is one; lies as the image does. */
  mask: string | null;
}

export interface Limits {
  trainLimit: number | null;
  testLimit: number | null;
  seed: number;
}

const NO_LIMITS: Limits = { trainLimit: null, testLimit: null, seed: 0 };

export interface Dataset {
  train: DatasetImage[];
  test: DatasetImage[];
  /** Training images with a defect and its mask, for stage 1 of the supervised variant; no limit counts them. */
  anomalous: DatasetImage[];
  /** Sentences about the folder as a whole and about files that were left out. */
  notices: string[];
  /** Files on disk that are read, or would be without limits: the zip, or every image, mask and table. */
  inputs: string[];
}

/**
 * The images of a folder or zip in code-unit order of their paths, seeded subsets where limits say so.
 * @throws FileUnreadable, TooManyFiles, ZipUnreadable, ZipTooLarge, UnfitData when there is nothing to train on
 */
export async function readDataset(folder: string, limits: Limits = NO_LIMITS): Promise<Dataset> {
  const listing = await list(folder);
  const tables = await readTables(folder, listing.paths);
  const report = readFolder(listing.paths, { tables });
  const images = report.images.map((image) => toDatasetImage(folder, image, report));
  const training = images.filter(({ split }) => split === 'train');
  const train = training.filter(({ label }) => label !== 1);
  const test = images.filter(({ split }) => split === 'test');
  if (train.length === 0) throw new UnfitData(nothingToTrainOn(folder, report), LAYOUT);
  const { trainLimit, testLimit, seed } = limits;
  return {
    train: trainLimit === null ? train : limitTrain(train, trainLimit, seed),
    test: testLimit === null ? test : limitTest(test, testLimit, seed),
    anomalous: training.filter(({ label, mask }) => label === 1 && mask !== null),
    notices: [report.summary, ...listing.notices, ...report.notices, ...summaryOf(report.ignored)],
    inputs: isArchive(folder) ? [folder] : inputsOf(listing.paths, report, tables).map((path) => join(folder, path)), // prettier-ignore
  };
}

function inputsOf(
  paths: readonly string[],
  { images }: FolderReport,
  tables: ReadonlyMap<string, string>,
): string[] {
  const masks = images.flatMap(({ maskPath }) => maskPath ?? []);
  return [...new Set([...paths.filter((path) => READABLE.test(path)), ...masks, ...tables.keys()])];
}

/** The anomalous images that these settings learn from: none unless stage 1 asks for real ones. */
export const realAnomalies = ({ anomalous }: Pick<Dataset, 'anomalous'>, params: Params): DatasetImage[] =>
  needsRealAnomalies(params) ? anomalous : [];

/** @throws UnfitData when there is nothing to score */
export function assertTestable(folder: string, { test }: Dataset): void {
  if (test.length === 0) throw new UnfitData(`${folder} has no test images.`, LAYOUT);
}

const LAYOUT =
  'Lay it out as MVTec AD does (docs/data.md has the others): DIR/train/good/*.png, DIR/test/<type>/*.png and, for pixel figures, DIR/ground_truth/<type>/*_mask.png.';

const list = async (path: string): Promise<Listing> =>
  isArchive(path) ? mountArchive(path) : listFolder(path);

/** Tables that say which image is what, as text. */
async function readTables(folder: string, paths: readonly string[]): Promise<Map<string, string>> {
  const tables = splitTablesIn(paths).map(async (path): Promise<[string, string]> => {
    return [path, new TextDecoder().decode(await readBytes(join(folder, path)))];
  });
  return new Map(await Promise.all(tables));
}

function toDatasetImage(folder: string, image: FolderImage, report: FolderReport): DatasetImage {
  const { path, split, label, maskPath } = image;
  return {
    path,
    file: join(folder, path),
    split,
    label,
    type: typeInSet(image, report),
    mask: maskPath === null ? null : join(folder, maskPath),
  };
}

function nothingToTrainOn(folder: string, { images, ignored }: FolderReport): string {
  if (images.length > 0) return `${folder} has no images in train/good.`;
  const others = ignored.length > 0 ? ` (${ignored.length} other files)` : '';
  return `${folder} has no images${others}.`;
}

/** One line per reason, with the first file of each. */
function summaryOf(ignored: FolderReport['ignored']): string[] {
  return [...new Set(ignored.map(({ reason }) => reason))].map((reason) => {
    const paths = ignored.filter((file) => file.reason === reason).map(({ path }) => path);
    const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
    return `left out ${paths[0]}${more}: ${reason}`;
  });
}

/** The image and its mask as the engine takes them: their bytes stay where they are. @throws FileUnreadable, TooLarge */
export async function readImageFile({
  path,
  file,
  split,
  label,
  type,
  mask,
}: DatasetImage): Promise<ImageFile> {
  const image = { id: path, name: path, bytes: await laterBytes(file), split, label, type };
  return mask === null ? image : { ...image, mask: await laterBytes(mask) };
}
