// The messages between page and worker: one request per call of the Engine interface, one answer per request,
// and a stream of events. Typed by the table `Calls`, so a new call needs no new message. Beside them what tells that the
// worker lives: a lock that it holds as long as it does (lifeline.ts), and a question that it answers between its tasks.
import type { ErrorReport } from '../../lib/errors';
import type { Calls, EngineEvent } from './types';

export type CallName = keyof Calls;

/** Asked to hear an answer: the worker gives it as soon as its present task lets it. */
export const PULSE = 'pulse';
export interface PulseRequest {
  id: number;
  call: typeof PULSE;
}

export interface Request<K extends CallName = CallName> {
  id: number;
  call: K;
  input: Calls[K]['in'];
}

export type Reply =
  | { id: number; ok: true; output: Calls[CallName]['out'] }
  | { id: number; ok: false; error: ErrorReport }
  | { event: EngineEvent }
  /** Name of the lock that the worker holds until it ends. */
  | { lifeline: string };

/** Every call, once: the client builds its methods from this list, the worker refuses anything else. */
export const CALL_NAMES = Object.keys({
  open: 0, configure: 0, loadBackbone: 0, downloadBackbone: 0, cancelDownload: 0, backboneOffers: 0, cachedWeights: 0,
  setMask: 0, picture: 0, scoreFrame: 0, showInside: 0, readInside: 0,
  clearWeights: 0, addImages: 0, removeImages: 0, labelImages: 0, features: 0, train: 0, resumeTraining: 0, checkpoint: 0, pause: 0,
  resume: 0, step: 0, cancel: 0, saveModel: 0, loadModel: 0, exportOnnx: 0, attachCanvas: 0, show: 0, readPixel: 0, profileShow: 0, scoreAll: 0,
  readMap: 0, stashModel: 0, keepStashed: 0, dropStashed: 0, readStashed: 0, pasteBlocks: 0, memory: 0, close: 0,
} satisfies Record<CallName, 0>) as CallName[]; // prettier-ignore

/** What a message hands over instead of copying: encoded images, weights, canvases, bitmaps, maps. */
export function transferables(value: unknown): Transferable[] {
  const found = new Set<Transferable>();
  collect(value, found, 0);
  return [...found];
}

/** Messages are shallow: lists of records of buffers are the deepest. */
const MAX_DEPTH = 3;

function collect(value: unknown, found: Set<Transferable>, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (isTransferable(value)) found.add(value);
  else for (const part of Object.values(value)) collect(part, found, depth + 1);
}

function isTransferable(value: object): value is Transferable {
  return (
    value instanceof ArrayBuffer ||
    (typeof OffscreenCanvas !== 'undefined' && value instanceof OffscreenCanvas) ||
    (typeof ImageBitmap !== 'undefined' && value instanceof ImageBitmap)
  );
}
