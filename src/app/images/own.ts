// The user's own files coming in: images, folders, zips, sessions and weights. What is done with them later is in edits.ts.
import { typeInSet, type FolderImage, type FolderReport } from '../../lib/datasets/layouts/report';
import type { Split } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { isFirstSession } from '../../session/sniff';
import type { AppState } from '../shell/appState';
import { droppedFiles, type DroppedFile } from './dropped';
import { ArchiveUnsupported, EngineUnavailable } from '../shell/errors';
import type { DropContents } from './dropReader';

import { guardLesson } from '../lesson/guardLesson';
import { isPacked, type OwnFile } from './ownFiles';
import { holdOwn, sizeOf } from './pictures';
import { isOwnSet } from '../shell/selectors';
import { sendImages, untilAllThere } from './uploadQueue';
import { listed, type ImageRecord, type Refusal } from './dataSlice';
import { getState, patch } from '../shell/store';
import { wantedOf } from './largeLoad';
import { complain, notify } from '../notices/actions';
import { setParam } from '../settings/actions';
import { rescoreWhereMissing } from '../scores/actions';
import { startOwnSet } from './sets';
import { loadWeights } from '../weights/actions';

const WEIGHTS = /\.safetensors$/i;
/** Archives other than zips and tars. */
const ARCHIVE = /((?<!\.tar)\.(gz|xz)|\.(bz2|zst|tbz2?|7z|rar))$/i;

// Images of an earlier visit come back with their ids: new ones must differ.
let nextId = Date.now();

/** Takes dropped or chosen files: weights replace the backbone, everything else is an image until the engine disagrees. */
export async function addFiles(files: readonly DroppedFile[], split: Split): Promise<void> {
  if (!guardLesson('data')) return;
  const weights = files.find(({ path }) => WEIGHTS.test(path));
  const images = files.filter(({ path }) => !WEIGHTS.test(path) && !ARCHIVE.test(path));
  if (weights) await takeWeights(weights.file);
  for (const { path } of files) if (ARCHIVE.test(path)) refuse(path, new ArchiveUnsupported(path));
  if (images.length > 0) await addImages(images, split);
}

/** Takes what was dropped; must be called within the drop event. Large folders say how far they have been listed. */
export async function addDropped(transfer: DataTransfer, split: Split): Promise<void> {
  try {
    const files = await droppedFiles(transfer, (listed) => patch('largeLoad', { listed }));
    patch('largeLoad', { listed: null });
    await addFiles(files, split);
  } catch (failure) {
    patch('largeLoad', { listed: null });
    complain(failure);
  }
}

/** Sessions of the first version are weights by their name. */
async function takeWeights(file: File): Promise<void> {
  await ((await isFirstSession(file)) ? takeSession(file) : loadWeights(file));
}

async function takeSession(file: File): Promise<void> {
  const { openSession } = await import('../sessions/actions');
  await openSession(file);
}

function refuse(name: string, error: unknown): void {
  const { message, remedy } = toReport(error);
  addRefusals([{ name, message, remedy }]);
}

const addRefusals = (lines: readonly Refusal[]) =>
  patch('data', { refusals: [...getState().data.refusals, ...lines] });

async function addImages(dropped: readonly DroppedFile[], split: Split): Promise<void> {
  try {
    const { readDrop, maskFileOf, refusalsOf } = await import('./dropReader');
    const found = await readDrop(dropped, split);
    if (found.sessions[0]) await takeSession(found.sessions[0]);
    await takeAll(
      withoutValidation(found),
      (image) => maskFileOf(image, found.files),
      refusalsOf(found.report.ignored),
    );
  } catch (failure) {
    complain(failure);
  }
}

/** Figures here count every test image, and the line comes from the normal ones among them. */
function withoutValidation(found: DropContents): DropContents {
  const { report, notices } = found;
  const images = report.images.filter(({ split }) => split !== 'validation');
  const apart = report.images.length - images.length;
  if (apart === 0) return found;
  const told = `${apart.toLocaleString('en')} validation image${apart === 1 ? ' is' : 's are'} not loaded: the line is drawn from normal test images here, from these on the command line.`;
  return { ...found, report: { ...report, images }, notices: [...notices, told] };
}

type MaskFileOf = (image: FolderImage) => OwnFile | null;

async function takeAll(
  { report: found, files, refusals: before, notices }: DropContents,
  maskOf: MaskFileOf,
  leftOut: readonly Refusal[],
): Promise<void> {
  const refusals = [...before, ...leftOut];
  if (found.images.length === 0) return addRefusals(refusals);
  const { status, error } = getState().engine;
  if (status === 'unavailable') throw new EngineUnavailable(error?.message ?? '', error?.remedy ?? '');
  const images = await wantedOf(found.images, bytesOf(found, files));
  if (images.length === 0) return;
  const report = { ...found, images: [...images] };
  if (!isOwnSet(getState().params) || getState().data.set.id !== 'own') await startOwnSet();
  addRefusals(refusals);
  nameLayout(report, notices);
  list(report, files, maskOf);
  await sendImages();
  // What is refused is no part of the set, and of its name.
  await untilAllThere((state) => WITHOUT_ENGINE.has(state.engine.status) || state.data.set.id !== 'own');
  if (getState().data.set.id !== 'own') return;
  await nameOwnSet();
  await rescoreWhereMissing();
}

/** Of all images together, still encoded. */
const bytesOf = ({ images }: FolderReport, files: DropContents['files']): number =>
  images.reduce((sum, { path }) => sum + files.get(path)!.size, 0);

const WITHOUT_ENGINE = new Set<AppState['engine']['status']>(['unavailable', 'lost']);

/** One card: what was recognised, and below it what there is to know about it. */
function nameLayout({ summary, notices, questions }: FolderReport, more: readonly string[]): void {
  const remedy = [...questions.map(({ text }) => text), ...more, ...notices].join(' ');
  notify({
    tone: 'info',
    message: summary,
    ...(remedy && { remedy }),
    lifetime: remedy ? LONG_MS : SHORT_MS,
  });
}

const SHORT_MS = 10_000;
/** There is more to read. */
const LONG_MS = 30_000;

function list(report: FolderReport, files: DropContents['files'], maskOf: MaskFileOf): void {
  const records = report.images.map((image) => takeIn(image, report, files, maskOf));
  const { data } = getState();
  patch('data', {
    images: { ...data.images, ...Object.fromEntries(records.map((record) => [record.id, record])) },
    order: [...data.order, ...records.map(({ id }) => id)],
    selected: data.selected ?? pickFirst(records),
  });
}

const pickFirst = (records: readonly ImageRecord[]) =>
  (records.find(({ label }) => label === 1) ?? records.find(({ split }) => split === 'test') ?? records[0])
    ?.id ?? null;

function takeIn(
  image: FolderImage,
  report: FolderReport,
  files: DropContents['files'],
  maskOf: MaskFileOf,
): ImageRecord {
  const { path, category, split, label, maskPath } = image;
  const id = `own/${nextId++}/${path}`;
  holdOwn(id, files.get(path)!, maskPath === null ? null : tellingLoss(maskPath, maskOf(image)!));
  return listed({
    id,
    name: nameFrom(path, category),
    split: split === 'train' ? 'train' : 'test',
    label,
    type: typeInSet(image, report),
    own: true,
  });
}

/** A mask that cannot be unpacked later gets its line then; the image goes on without it. */
function tellingLoss(path: string, mask: OwnFile): OwnFile {
  if (!isPacked(mask)) return mask;
  const told = (error: unknown): never => {
    const { message, remedy } = toReport(error);
    addRefusals([{ name: path, message: `${message} Its image is used without a mask.`, remedy }]);
    throw error;
  };
  return { size: mask.size, unpack: () => mask.unpack().catch(told) };
}

/** The path from the class's folder on: where the set lay on the disk says nothing about it. */
function nameFrom(path: string, category: string): string {
  const at = category === '' ? -1 : `/${path}`.indexOf(`/${category}/`);
  return at < 0 ? path : path.slice(at);
}

/** Names the set by a digest of its file names and sizes, so that a link can say which images it was made with. */
async function nameOwnSet(): Promise<void> {
  const { order, images } = getState().data;
  const lines = order.map((id) => `${images[id]!.name}:${sizeOf(id)}`).sort();
  // Without a secure context there is no digest; the set is then just "own".
  const digest = await globalThis.crypto?.subtle?.digest(
    'SHA-256',
    new TextEncoder().encode(lines.join('\n')),
  );
  const head = digest
    ? Array.from(new Uint8Array(digest, 0, 4), (byte) => byte.toString(16).padStart(2, '0'))
    : [];
  setParam('dataset', ['own', ...(head.length > 0 ? [head.join('')] : [])].join('-'));
}

export const clearRefusals = () => patch('data', { refusals: [] });
