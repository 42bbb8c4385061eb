// The user's own files: images, folders and weights in; single images out again, with undo; labels corrected.
import { readFolder, type FolderImage } from '../../data/folder';
import type { ImageId, Label, Split } from '../../engine/types';
import { toReport } from '../../errors';
import type { DroppedFile } from '../dropped';
import { engine } from '../engineLink';
import { ArchiveUnsupported, EngineUnavailable } from '../errors';
import { fileOf, forget, holdOwn } from '../pictures';
import { isOwnSet } from '../selectors';
import { sendImages } from '../sending';
import { listed, type ImageRecord, type Refusal } from '../slices/data';
import { getState, patch } from '../store';
import { dropKept } from './kept';
import { complain, notify, offerUndo } from './notices';
import { setParam } from './params';
import { rescoreSoon, rescoreWhereMissing } from './scores';
import { startOwnSet } from './sets';
import { selectImage } from './view';
import { loadWeights } from './weights';

const WEIGHTS = /\.safetensors$/i;
const ARCHIVE = /\.(zip|tar|gz|tgz|7z|rar)$/i;

// Images of an earlier visit come back with their ids: new ones must differ.
let nextId = Date.now();

/** Takes dropped or chosen files: weights replace the backbone, everything else is an image until the engine disagrees. */
export async function addFiles(files: readonly DroppedFile[], split: Split): Promise<void> {
  const weights = files.filter(({ path }) => WEIGHTS.test(path));
  const archives = files.filter(({ path }) => ARCHIVE.test(path));
  const images = files.filter((entry) => !weights.includes(entry) && !archives.includes(entry));
  if (weights[0]) await loadWeights(weights[0].file);
  archives.forEach(({ path }) => refuse(path, new ArchiveUnsupported(path)));
  if (images.length > 0) await addImages(images, split);
}

function refuse(name: string, error: unknown): void {
  const { message, remedy } = toReport(error);
  addRefusals([{ name, message, remedy }]);
}

const addRefusals = (lines: readonly Refusal[]) =>
  patch('data', { refusals: [...getState().data.refusals, ...lines] });

async function addImages(files: readonly DroppedFile[], split: Split): Promise<void> {
  const { status, error } = getState().engine;
  if (status === 'unavailable')
    return complain(new EngineUnavailable(error?.message ?? '', error?.remedy ?? ''));
  const { images, ignored, notices } = readFolder(
    files.map(({ path }) => path),
    { side: split },
  );
  const refusals = ignored
    .filter(meant)
    .map(({ path, reason }) => ({ name: path, message: reason, remedy: '' }));
  if (images.length === 0) return addRefusals(refusals);
  notices.forEach((message) => notify({ tone: 'info', message }));
  if (!isOwnSet(getState().params) || getState().data.set.id !== 'own') await startOwnSet();
  addRefusals(refusals);
  list(images, new Map(files.map(({ path, file }) => [path, file])));
  if (engine()) await sendImages();
  await nameOwnSet();
  await rescoreWhereMissing();
}

/** Nobody means to add what the operating system leaves in folders; a line about it would only hide the others. */
const meant = ({ reason }: { reason: string }) => reason !== 'a file of the operating system';

function list(images: readonly FolderImage[], files: ReadonlyMap<string, File>): void {
  const records = images.map((image) => takeIn(image, files));
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

function takeIn(image: FolderImage, files: ReadonlyMap<string, File>): ImageRecord {
  const { path, category, split, label, type, maskPath } = image;
  const id = `own/${nextId++}/${path}`;
  holdOwn(id, files.get(path)!, maskPath === null ? null : files.get(maskPath)!);
  const name = category === '' ? path : path.slice(path.indexOf(category));
  return listed({ id, name, split, label, type, own: true });
}

/** Names the set by a digest of its file names and sizes, so that a link can say which images it was made with. */
async function nameOwnSet(): Promise<void> {
  const { order, images } = getState().data;
  const lines = order.map((id) => `${images[id]!.name}:${fileOf(id)?.size ?? 0}`).sort();
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

/** Takes images out of the set; for a while the user can have them back. */
export async function removeImages(ids: readonly ImageId[]): Promise<void> {
  const { data } = getState();
  const before = data.order;
  const gone = new Set(ids);
  const records = ids.map((id) => data.images[id]!).filter(Boolean);
  const order = before.filter((id) => !gone.has(id));
  const images = Object.fromEntries(Object.entries(data.images).filter(([id]) => !gone.has(id)));
  patch('data', { images, order });
  if (data.selected !== null && gone.has(data.selected)) selectImage(neighbour(before, data.selected, gone));
  const forgetting = setTimeout(() => {
    ids.forEach(forget);
    void dropKept(ids).catch(() => undefined);
  }, FORGET_AFTER_MS);
  offerUndo(
    records.length === 1 ? `Removed ${records[0]!.name}.` : `Removed ${records.length} images.`,
    () => {
      clearTimeout(forgetting);
      void putBack(records, before);
    },
  );
  await engine()?.removeImages([...ids]);
  rescoreSoon();
}

// A little longer than the offer to undo stands.
const FORGET_AFTER_MS = 12_000;

function neighbour(order: readonly ImageId[], id: ImageId, gone: ReadonlySet<ImageId>): ImageId | null {
  const at = order.indexOf(id);
  return (
    order.slice(at).find((other) => !gone.has(other)) ??
    order.slice(0, at).findLast((other) => !gone.has(other)) ??
    null
  );
}

async function putBack(records: readonly ImageRecord[], before: readonly ImageId[]): Promise<void> {
  const { data } = getState();
  const back = records.map((record) => ({ ...record, status: 'listed' as const }));
  const images = { ...data.images, ...Object.fromEntries(back.map((record) => [record.id, record])) };
  const order = [...before.filter((id) => images[id]), ...data.order.filter((id) => !before.includes(id))];
  patch('data', { images, order });
  selectImage(back[0]?.id ?? data.selected);
  if (engine()) await sendImages();
}

/** Corrects what an image is called: normal, anomalous, unknown. */
export async function labelImage(id: ImageId, label: Label): Promise<void> {
  const record = getState().data.images[id];
  if (!record) return;
  const type = label === 0 ? 'good' : label === 1 && record.type !== 'good' ? record.type : 'unknown';
  const { images } = getState().data;
  patch('data', { images: { ...images, [id]: { ...record, label, type } } });
  await engine()?.labelImages({ ids: [id], label, type });
  rescoreSoon();
}

/** Moves an image to the other side of the set. */
export async function moveImage(id: ImageId, split: Split): Promise<void> {
  const record = getState().data.images[id];
  if (!record || record.split === split) return;
  const label = split === 'train' ? 0 : record.label;
  const moved = {
    ...record,
    split,
    label,
    type: label === 0 ? 'good' : record.type,
    status: 'listed' as const,
  };
  patch('data', { images: { ...getState().data.images, [id]: moved } });
  if (!engine()) return;
  await engine()!.removeImages([id]);
  await sendImages();
}

export const clearRefusals = () => patch('data', { refusals: [] });
