// Hands images to the engine, some at a time, so that 3,000 files neither fill the memory nor freeze the page. One
// sender at a time; switching the set ends it. The image on screen goes first.
import type { ImageFile } from '../engine/types';
import { toReport } from '../errors';
import { engine } from './engineLink';
import { FileTooLarge } from './errors';
import { encodedOf, forget, sizeOf } from './pictures';
import type { ImageRecord, Refusal } from './slices/data';
import { getState, patch } from './store';

/** Images on their way to the engine at once. */
const CHUNK = 8;
const MAX_FILE_BYTES = 256 * 2 ** 20;

let run = 0;
let done = 0;

/** Ends whatever is being sent: the set it belongs to is gone. */
export function stopSending(): void {
  run += 1;
  patch('data', { adding: null });
}

/** Sends all images that the engine does not know yet. Resolves when it does, or when sending was stopped. */
export async function sendImages(): Promise<void> {
  const mine = ++run;
  done = 0;
  for (let chunk = nextChunk(); chunk.length > 0; chunk = nextChunk()) {
    patch('data', { adding: { done, total: done + waiting().length } });
    await send(chunk, () => run === mine);
    if (run !== mine) return;
    done += chunk.length;
  }
  patch('data', { adding: null });
}

/** The engine forgot everything (lost and started again): all images wait to be sent once more. */
export function markAllUnsent(): void {
  const { images } = getState().data;
  const unsent = Object.entries(images).map(([id, image]) => [id, { ...image, status: 'listed' }] as const);
  patch('data', { images: Object.fromEntries(unsent) });
}

function waiting(): ImageRecord[] {
  const { images, order } = getState().data;
  return order.map((id) => images[id]!).filter(({ status }) => status === 'listed');
}

function nextChunk(): ImageRecord[] {
  const { selected } = getState().data;
  const listed = waiting();
  const first = listed.find(({ id }) => id === selected);
  return first ? [first] : listed.slice(0, CHUNK);
}

async function send(chunk: ImageRecord[], stillWanted: () => boolean): Promise<void> {
  const read = await Promise.all(chunk.map(readFile));
  const files = read.filter((file) => 'bytes' in file);
  const unreadable = read.filter((file) => 'error' in file);
  if (!stillWanted()) return;
  mark(chunk, 'sent');
  refuse(unreadable.map(({ record, error }) => ({ record, error: toReport(error) })));
  if (files.length === 0) return;
  try {
    const { refused } = await engine()!.addImages(files);
    const byId = new Map(chunk.map((record) => [record.id, record]));
    refuse(refused.map(({ id, error }) => ({ record: byId.get(id)!, error })));
  } catch (error) {
    // All images will be sent again.
    if (toReport(error).name === 'EngineClosed') return;
    refuse(chunk.map((record) => ({ record, error: toReport(error) })));
  }
}

async function readFile(record: ImageRecord): Promise<ImageFile | { record: ImageRecord; error: unknown }> {
  const { id, name, split, label, type } = record;
  try {
    const size = sizeOf(id);
    if (size > MAX_FILE_BYTES) throw new FileTooLarge(size, MAX_FILE_BYTES);
    const { bytes, mask } = await encodedOf(id);
    return { id, name, split, label, type, bytes, ...(mask && { mask }) };
  } catch (error) {
    return { record, error };
  }
}

function mark(records: readonly ImageRecord[], status: ImageRecord['status']): void {
  const { images } = getState().data;
  const changed = records
    .filter(({ id }) => images[id])
    .map(({ id }) => [id, { ...images[id]!, status }] as const);
  patch('data', { images: { ...images, ...Object.fromEntries(changed) } });
}

/** Takes refused images out of the set and keeps one line for each. */
function refuse(items: readonly { record: ImageRecord; error: { message: string; remedy: string } }[]): void {
  if (items.length === 0) return;
  const { data } = getState();
  const gone = new Set(items.map(({ record }) => record.id));
  const images = Object.fromEntries(Object.entries(data.images).filter(([id]) => !gone.has(id)));
  const order = data.order.filter((id) => !gone.has(id));
  const lines: Refusal[] = items.map(({ record, error: { message, remedy } }) => ({
    name: record.name,
    message,
    remedy,
  }));
  gone.forEach(forget);
  const selected = data.selected !== null && gone.has(data.selected) ? (order[0] ?? null) : data.selected;
  patch('data', { images, order, selected, refusals: [...data.refusals, ...lines] });
}
