// How much the browser lets this page keep, and whether it promises to keep it. Asking is free; the promise is asked
// for only when the visitor presses the button.
import { RemedyError } from '../../lib/errors';
import { patch } from '../shell/store';

/** There is no room for what was to be kept. */
export class NoRoom extends RemedyError {
  override readonly name = 'NoRoom';
  constructor(what: string, needed: number | null = null, free: number | null = null) {
    const sizes =
      needed === null || free === null ? '' : ` (${megabytes(needed)} needed, ${megabytes(free)} free)`;
    super(
      `The browser has no room to keep ${what} for the next visit${sizes}.`,
      'Everything works as before, but a reload will lose it. Save a session, or free some disk space.',
    );
  }
}

/** A private window, a broken store, or none at all. */
export class Refused extends RemedyError {
  override readonly name = 'Refused';
  constructor(what: string) {
    super(
      `The browser does not keep ${what} for the next visit.`,
      'Everything works as before, but a reload will lose it. Save a session, or leave private mode.',
    );
  }
}

/** What was kept cannot be reached, and so not be deleted either. */
export class CannotForget extends RemedyError {
  override readonly name = 'CannotForget';
  constructor(options?: ErrorOptions) {
    super(
      'The browser does not let this page reach what it may have kept.',
      'Delete the data of this site in the browser’s own settings.',
      options,
    );
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** What models and checkpoints may still need once images have taken their part. */
const RESERVE_BYTES = 64e6;
const RESERVE_SHARE = 0.1;

/** Asks the browser's storage. Null where there is none, or it refuses: it may throw at any touch. */
async function ask<T>(question: (storage: StorageManager) => Promise<T>): Promise<T | null> {
  try {
    const storage = globalThis.navigator?.storage as StorageManager | undefined;
    return storage ? await question(storage) : null;
  } catch {
    return null;
  }
}

/** Asks anew; the answer enters the state. */
export async function refreshQuota(): Promise<{ usage: number; quota: number } | null> {
  const [estimate, persistent] = await Promise.all([
    ask((storage) => storage.estimate()),
    ask((storage) => storage.persisted()),
  ]);
  if (estimate?.quota === undefined || estimate.usage === undefined) return null;
  const { usage, quota } = estimate;
  patch('kept', { usage, quota, persistent: persistent ?? null });
  return { usage, quota };
}

/** @throws NoRoom when images of so many bytes would leave too little for the rest */
export async function requireQuota(bytes: number): Promise<void> {
  const room = await refreshQuota();
  if (!room) return;
  const free = Math.max(0, room.quota - room.usage - Math.min(RESERVE_BYTES, RESERVE_SHARE * room.quota));
  if (bytes > free) throw new NoRoom('your images', bytes, free);
}

/** The browser's own word for a full store. */
export const isFull = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'QuotaExceededError';

/** Asks the browser not to clear it of its own accord. @returns its answer */
export async function askToPersist(): Promise<boolean> {
  const granted = (await ask((storage) => storage.persist())) ?? false;
  patch('kept', { persistent: granted });
  return granted;
}
