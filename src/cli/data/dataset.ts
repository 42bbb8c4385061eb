// A folder or zip of images as lists to train on and to test: read from disk, checked, limited. Which path means what
// is not decided here but in data/folder.ts.
import { join } from 'node:path';
import {
  masksOf,
  NO_LAYOUT,
  readFolder,
  readingOf,
  textsIn,
  typeInSet,
  type DatasetReading,
  type FolderImage,
  type FolderReport,
  type Layout,
} from '../../lib/datasets/folder';
import { DefectsConfigs, type SaturationsByValue } from '../../lib/datasets/defectsConfig';
import { READABLE } from '../../lib/datasets/layouts/names';
import { lookAtMask, needsUniting, uniteMasks } from '../../lib/datasets/maskFile';
import type { MaskFile, MaskLook } from '../../lib/datasets/layouts/report';
import type { ImageFile } from '../../engine/api/types';
import { needsRealAnomalies } from '../../settings/anomalies';
import type { Params } from '../../settings/table';
import { isArchive, mountArchive, type Listing } from './archive';
import { toReport } from '../../lib/errors';
import { UnfitData } from '../errors';
import { laterBytes, listFolder, readBytes } from './files';
import { limitTest, limitTrain } from './subset';

export interface DatasetImage {
  /** Relative to the data folder or the root of the zip, with forward slashes; also the engine's id. */
  path: string;
  /** Where it lies: on disk, or below a mounted zip. */
  file: string;
  /** Validation images are normal: they serve the threshold. */
  split: 'train' | 'validation' | 'test';
  label: 0 | 1 | null;
  /** `good` or the defect's name, with the category in front where there are several. */
  type: string;
  /** Ground truth, if there is one; lies as the image does. */
  mask: string | null;
  /** Further masks, united with it. */
  moreMasks?: string[];
  /** From when on its defects count as found whole, by their values in the masks. */
  saturations?: SaturationsByValue;
}

export type { DatasetReading };

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
  /** Tables that say which image is what; lie as images do. */
  splitFiles: string[];
  /** Normal images of a validation folder: they serve the threshold. */
  validation: DatasetImage[];
  /** How the files were read. */
  reading: DatasetReading;
  /** Sentences about the folder as a whole and about files that were left out. */
  notices: string[];
  /** Files on disk that are read, or would be without limits: the zip, or every image, mask and table. */
  inputs: string[];
}

/**
 * The images of a folder or zip in code-unit order of their paths, seeded subsets where limits say so.
 * @throws FileUnreadable, TooManyFiles, ZipUnreadable, ZipTooLarge, UnfitData when there is nothing to train on
 */
export async function readDataset(
  folder: string,
  limits: Limits = NO_LIMITS,
  layout: Layout = NO_LAYOUT,
): Promise<Dataset> {
  const listing = await list(folder);
  const tables = await readTables(folder, listing.paths);
  const report = await readListing(folder, listing.paths, tables, layout);
  const configs = new DefectsConfigs(tables);
  const images = report.images.map((image) => {
    const saturations = image.maskPath === null ? null : configs.of(image.path);
    return { ...toDatasetImage(folder, image, report), ...(saturations && { saturations }) };
  });
  const of = (split: FolderImage['split']) => images.filter((_, i) => report.images[i]!.split === split);
  const training = of('train');
  const train = training.filter(({ label }) => label !== 1);
  const test = of('test');
  if (train.length === 0) throw new UnfitData(nothingToTrainOn(folder, report), LAYOUT);
  const { trainLimit, testLimit, seed } = limits;
  return {
    train: trainLimit === null ? train : limitTrain(train, trainLimit, seed),
    test: testLimit === null ? test : limitTest(test, testLimit, seed),
    anomalous: training.filter(({ label, mask }) => label === 1 && mask !== null),
    validation: of('validation').filter(({ label }) => label === 0),
    reading: readingOf(report, layout),
    splitFiles: [...tables.keys()].map((path) => join(folder, path)),
    inputs: isArchive(folder) ? [folder] : inputsOf(listing.paths, report, tables).map((path) => join(folder, path)), // prettier-ignore
    notices: [
      report.summary,
      ...tableOf(report),
      ...listing.notices,
      ...report.notices,
      ...report.questions.map(({ text }) => `${text} (--normal, --anomalous, --mask, --split or --layout say it.)`), // prettier-ignore
      ...configs.unreadable.map((path) => `${path} is no such list of defects as MVTec LOCO AD has: it is not followed.`), // prettier-ignore
      ...summaryOf(report.ignored),
    ],
  };
}

/**
 * The images of a folder or archive that can be scored, whatever side they are on, relative to it: its masks are left out.
 * Names tell masks, and so does a split file, which says nothing here of what else is read.
 * @throws what readDataset throws, but for a lack of images
 */
export async function imagesWithin(
  folder: string,
  layout: Layout = NO_LAYOUT,
): Promise<{ paths: string[]; notices: string[] }> {
  const listing = await list(folder);
  const byNames = await readListing(folder, listing.paths, new Map(), layout);
  const tables = await readTables(folder, listing.paths);
  const byTables = tables.size > 0 ? readFolder(listing.paths, { tables, layout }) : null;
  const masks = new Set([byNames, byTables].flatMap((report) => report?.images.flatMap(masksOf) ?? []));
  const others = byNames.ignored.filter(({ path, reason }) => READABLE.test(path) && SCORED_ALL_THE_SAME.test(reason)); // prettier-ignore
  const found = new Set([...byNames.images, ...others].map(({ path }) => path).filter((path) => !masks.has(path))); // prettier-ignore
  const left = listing.paths.filter((path) => READABLE.test(path) && !found.has(path));
  const told = `${folder}: left out ${left.length === 1 ? left[0]! : `${left.length} files such as ${left[0]!}`}, masks or copies of other images by their names (--mask, --normal or --layout say it otherwise).`;
  return { paths: [...found].sort(), notices: [...listing.notices, ...(left.length > 0 ? [told] : [])] };
}

/** Why a reading that trains and tests leaves out an image that can well be scored. */
const SCORED_ALL_THE_SAME = /^(outside |training uses )/;

/** Reads the names, then what only the pixels of masks tell. */
async function readListing(
  folder: string,
  paths: readonly string[],
  tables: ReadonlyMap<string, string>,
  layout: Layout,
): Promise<FolderReport> {
  const first = readFolder(paths, { tables, layout });
  if (first.toLook.length === 0) return first;
  return readFolder(paths, { tables, layout, looks: await looksAt(folder, first.toLook) });
}

/** As many masks are decoded at a time. */
const LOOKS_AT_ONCE = 8;

/** What the masks show; one that cannot be read shows a defect: its image is not trained on as a normal one. */
async function looksAt(folder: string, masks: readonly MaskFile[]): Promise<Map<string, MaskLook>> {
  const looks = new Map<string, MaskLook>();
  for (let first = 0; first < masks.length; first += LOOKS_AT_ONCE) {
    const some = masks.slice(first, first + LOOKS_AT_ONCE);
    const seen = await Promise.all(
      some.map(async ({ path, image }): Promise<MaskLook> => {
        try {
          return await lookAtMask(
            { path, bytes: new Uint8Array(await readBytes(join(folder, path))) },
            image,
          );
        } catch {
          return { defect: 1, masklike: true };
        }
      }),
    );
    some.forEach(({ path }, i) => looks.set(path, seen[i]!));
  }
  return looks;
}

/** As many folders are printed; all stand in the JSON. */
const MOST_LINES = 40;

/** The reading, a line a folder. */
function tableOf({ rows }: FolderReport): string[] {
  const told = rows.filter(({ as }) => as !== 'ignored');
  const lines = told.slice(0, MOST_LINES).map(({ folder, as, label, type, count, masks }) => {
    const what = as === 'mask' ? (count === 1 ? 'mask' : 'masks') : `${as}, ${label === null ? 'not labelled' : label === 0 ? 'normal' : `anomalous: ${type}`}`; // prettier-ignore
    return `  ${folder || '.'}: ${count} ${what}${masks > 0 ? `, ${masks} with a mask` : ''}`;
  });
  const more = told.length - lines.length;
  return more > 0 ? [...lines, `  and ${more} more folders`] : lines;
}

function inputsOf(
  paths: readonly string[],
  { images }: FolderReport,
  tables: ReadonlyMap<string, string>,
): string[] {
  const masks = images.flatMap(masksOf);
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
  const tables = textsIn(paths).map(async (path): Promise<[string, string]> => {
    return [path, new TextDecoder().decode(await readBytes(join(folder, path)))];
  });
  return new Map(await Promise.all(tables));
}

function toDatasetImage(folder: string, image: FolderImage, report: FolderReport): DatasetImage {
  const { path, split, label } = image;
  const [mask = null, ...more] = masksOf(image).map((one) => join(folder, one));
  return {
    path,
    file: join(folder, path),
    split,
    label,
    type: typeInSet(image, report),
    mask,
    ...(more.length > 0 && { moreMasks: more }),
  };
}

function nothingToTrainOn(folder: string, { images, ignored, questions }: FolderReport): string {
  const open = questions.map(({ text }) => ` ${text}`).join('');
  if (images.length > 0) return `${folder} has no images that are known to be normal to train on.${open}`;
  const others = ignored.length > 0 ? ` (${ignored.length} other files)` : '';
  return `${folder} has no images${open === '' ? '' : ' to train on'}${others}.${open}`;
}

/** One line per reason, with the first file of each. */
function summaryOf(ignored: FolderReport['ignored']): string[] {
  return [...new Set(ignored.map(({ reason }) => reason))].map((reason) => {
    const paths = ignored.filter((file) => file.reason === reason).map(({ path }) => path);
    const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
    return `left out ${paths[0]}${more}: ${reason}`;
  });
}

/**
 * The image and its mask as the engine takes them: bytes stay where they are until they are asked for. A mask that
 * cannot be made costs its pixel figures, not the image.
 * @throws FileUnreadable, TooLarge
 */
export async function readImageFile(
  image: DatasetImage,
  note: (sentence: string) => void = () => undefined,
): Promise<ImageFile> {
  const { path, file, split, label, type } = image;
  const read = { id: path, name: path, bytes: await laterBytes(file), split, label, type };
  if (image.mask !== null && !isMade(image)) return { ...read, mask: await laterBytes(image.mask), ...(await regionsOf(image)) }; // prettier-ignore
  const mask = await readMask(image, note);
  return mask === null ? read : { ...read, mask, ...(await regionsOf(image)) };
}

/** Its masks apart, where the set says more of them. */
async function regionsOf(image: DatasetImage): Promise<Pick<ImageFile, 'regions'>> {
  const { saturations } = image;
  if (!saturations) return {};
  const masks = await Promise.all(maskFilesOf(image).map(laterBytes));
  return { regions: { masks, saturations: [...saturations] } };
}

/** Whether a mask is several files, or outlines. */
const isMade = (image: DatasetImage): boolean => image.mask !== null && needsUniting(maskFilesOf(image));

/** Where all masks of an image lie; none for an image without. */
export const maskFilesOf = ({ mask, moreMasks = [] }: Pick<DatasetImage, 'mask' | 'moreMasks'>): string[] =>
  mask === null ? [] : [mask, ...moreMasks];

/** An image's mask, encoded: as it lies, or made of several or of outlines; null for none. @throws FileUnreadable */
export async function readMask(
  image: DatasetImage,
  note: (sentence: string) => void = () => undefined,
): Promise<ArrayBuffer | null> {
  const { path, mask } = image;
  if (mask === null) return null;
  if (!isMade(image)) return readBytes(mask);
  const files = maskFilesOf(image);
  const parts = await Promise.all(
    files.map(async (one) => ({ path: one, bytes: new Uint8Array(await readBytes(one)) })),
  );
  try {
    return new Uint8Array(await uniteMasks(parts, path)).buffer;
  } catch (error) {
    const { message, remedy } = toReport(error);
    note(`${path}: its mask is left out. ${message} ${remedy}`);
    return null;
  }
}
