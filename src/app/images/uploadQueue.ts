// Hands images to the engine, some at a time, so that 3,000 files neither fill the memory nor freeze the page. One
// sender at a time; switching the set ends it. The image on screen goes first.
import type { ImageFile, ImageId } from '../../engine/api/types';
import { checkFileSize } from '../../lib/images/limits';
import { toReport, type ErrorReport } from '../../lib/errors';
import type { AppState } from '../shell/appState';
import { engine, isOver } from '../shell/engineLink';
import { encodedOf, forget, sizeOf } from './pictures';
import type { ImageRecord, Refusal } from './dataSlice';
import { getState, patch, useApp } from '../shell/store';

/** Images on their way to the engine at once. */
const CHUNK = 8;

/** Copying the records costs as much as there are; refusals wait for each other that long. */
const REFUSE_EVERY_MS = 250;

interface Refused {
  record: ImageRecord;
  error: ErrorReport;
}

let run = 0;
/** Records whose images are on their way or there. An image that is to be sent once more gets a new record. */
const handedOver = new WeakSet<ImageRecord>();
let refused: Refused[] = [];
let lastRefusal = -Infinity;

/** Ends whatever is being sent: the set it belongs to is gone. */
export function stopSending(): void {
  run += 1;
  refused = [];
  patch('data', { adding: null });
}

/**
 * Sends all images that the engine does not know yet. Resolves when it does, or when sending was stopped. Before the
 * engine is ready for images nothing happens: the call that makes it ready sends them.
 */
export async function sendImages(): Promise<void> {
  const { engine: slice } = getState();
  if (slice.status !== 'ready' || slice.features === null) return;
  const mine = ++run;
  const line = new Line(waiting());
  for (let chunk = line.next(); chunk.length > 0; chunk = line.next()) {
    patch('data', { adding: { done: line.done - chunk.length, total: line.total } });
    await send(chunk, () => run === mine);
    if (run !== mine) return takeOut();
    if (performance.now() - lastRefusal > REFUSE_EVERY_MS) takeOut();
  }
  takeOut();
  patch('data', { adding: null });
}

/** One line each for files that were not taken. */
export const addRefusals = (lines: readonly Refusal[]): void =>
  patch('data', { refusals: [...getState().data.refusals, ...lines] });

/** Resolves when the engine has decoded every image, or `givenUp` says that this is no longer waited for. */
export function untilAllThere(givenUp: (state: AppState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (state: AppState) => {
      if (!givenUp(state) && !allThere(state)) return;
      stop();
      resolve();
    };
    const stop = useApp.subscribe(look);
    look(getState());
  });
}

const allThere = ({ data }: AppState): boolean =>
  data.adding === null && data.order.every((id) => data.images[id]!.status === 'ready');

/** The engine forgot everything (lost and started again): all images wait to be sent once more. */
export function markAllUnsent(): void {
  const { images } = getState().data;
  const unsent = Object.entries(images).map(([id, image]) => [id, { ...image, status: 'listed' }] as const);
  patch('data', { images: Object.fromEntries(unsent) });
}

const isWaiting = (record: ImageRecord | undefined): record is ImageRecord =>
  record?.status === 'listed' && !handedOver.has(record);

function waiting(): ImageId[] {
  const { images, order } = getState().data;
  return order.filter((id) => isWaiting(images[id]));
}

/** The images that wait, walked through once: looking for the next ones costs the same however many there are. */
class Line {
  readonly #known: ReadonlySet<ImageId>;
  #at = 0;
  /** Images handed out so far. */
  done = 0;

  constructor(private readonly ids: readonly ImageId[]) {
    this.#known = new Set(ids);
  }

  get total(): number {
    return this.ids.length;
  }

  /** The image on screen, or the next few; empty at the end. */
  next(): ImageRecord[] {
    const { images, selected } = getState().data;
    const onScreen = selected !== null && this.#known.has(selected) ? images[selected] : undefined;
    const chunk = isWaiting(onScreen) ? [onScreen] : this.#following(images);
    this.done += chunk.length;
    return chunk;
  }

  #following(images: Readonly<Record<ImageId, ImageRecord>>): ImageRecord[] {
    const chunk: ImageRecord[] = [];
    while (chunk.length < CHUNK && this.#at < this.total) {
      const record = images[this.ids[this.#at++]!];
      if (isWaiting(record)) chunk.push(record);
    }
    return chunk;
  }
}

async function send(chunk: ImageRecord[], stillWanted: () => boolean): Promise<void> {
  const read = await Promise.all(chunk.map(readFile));
  const files = read.filter((file) => 'bytes' in file);
  if (!stillWanted()) return;
  chunk.forEach((record) => handedOver.add(record));
  refused.push(...read.filter((file) => 'error' in file));
  if (files.length === 0) return;
  try {
    const report = await engine()!.addImages(files);
    const byId = new Map(chunk.map((record) => [record.id, record]));
    refused.push(...report.refused.map(({ id, error }) => ({ record: byId.get(id)!, error })));
  } catch (error) {
    // All images will be sent again, to another engine.
    if (isOver(error)) return stopSending();
    refused.push(...chunk.map((record) => ({ record, error: toReport(error) })));
  }
}

async function readFile(record: ImageRecord): Promise<ImageFile | Refused> {
  const { id, name, split, label, type } = record;
  try {
    checkFileSize(sizeOf(id));
    return { id, name, split, label, type, ...(await encodedOf(id)) };
  } catch (error) {
    return { record, error: toReport(error) };
  }
}

/** Takes refused images out of the set and keeps one line for each. */
function takeOut(): void {
  lastRefusal = performance.now();
  const { data } = getState();
  // Images of a set that has left, or removed meanwhile, need no line.
  const items = refused.filter(({ record }) => data.images[record.id]);
  refused = [];
  if (items.length === 0) return;
  const gone = new Set(items.map(({ record }) => record.id));
  const images = Object.fromEntries(Object.entries(data.images).filter(([id]) => !gone.has(id)));
  const order = data.order.filter((id) => !gone.has(id));
  const lines = items.map(({ record, error: { message, remedy } }): Refusal => ({
    name: record.name,
    message,
    remedy,
  }));
  gone.forEach(forget);
  const selected = data.selected !== null && gone.has(data.selected) ? (order[0] ?? null) : data.selected;
  patch('data', { images, order, selected, refusals: [...data.refusals, ...lines] });
}
