// The user's own files coming in: images, folders, zips, sessions and weights. What is done with them later is in edits.ts.
import type { Side } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { isFirstSession } from '../../session/sniff';
import { droppedFiles, type DroppedFile } from './dropped';
import { ArchiveUnsupported } from '../shell/errors';
import { guardLesson } from '../lesson/guardLesson';
import { addRefusals } from './uploadQueue';
import type { Way } from './placing';
import { patch } from '../shell/store';
import { complain } from '../notices/actions';
import { loadWeights } from '../weights/actions';

const WEIGHTS = /\.safetensors$/i;
/** Archives other than zips and tars. */
const ARCHIVE = /((?<!\.tar)\.(gz|xz)|\.(bz2|zst|tbz2?|7z|rar))$/i;

/**
 * Takes dropped or chosen files: weights replace the backbone, everything else is an image until the engine disagrees.
 * @param way decides whether it is asked where a whole set goes; absent: it joins the one on screen
 */
export async function addFiles(files: readonly DroppedFile[], split: Side, way?: Way): Promise<void> {
  if (!guardLesson('data')) return;
  const weights = files.find(({ path }) => WEIGHTS.test(path));
  const images = files.filter(({ path }) => !WEIGHTS.test(path) && !ARCHIVE.test(path));
  if (weights) await takeWeights(weights.file);
  for (const { path } of files) if (ARCHIVE.test(path)) refuse(path, new ArchiveUnsupported(path));
  if (images.length > 0) await addImages(images, split, way);
}

/** Takes what was dropped; must be called within the drop event. Large folders say how far they have been listed. */
export async function addDropped(transfer: DataTransfer, split: Side): Promise<void> {
  try {
    const files = await droppedFiles(transfer, (listed) => patch('largeLoad', { listed }));
    patch('largeLoad', { listed: null });
    await addFiles(files, split, 'dropped');
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

/** Sessions are opened, images taken in. */
async function addImages(dropped: readonly DroppedFile[], split: Side, way?: Way): Promise<void> {
  try {
    const [{ readDrop }, { takeFound }] = await Promise.all([import('./dropReader'), import('./arriving')]);
    const found = await readDrop(dropped, split);
    if (found.sessions[0]) await takeSession(found.sessions[0]);
    await takeFound(found, split, way);
  } catch (failure) {
    complain(failure);
  }
}

export const clearRefusals = () => patch('data', { refusals: [] });
