// Trying again: which failures are worth it, how often, how long to wait. Knows nothing of what is tried.
import type { RemedyError } from '../../errors';

export interface RetryPolicy {
  /** Failures in a row without a byte of progress after which it is given up. */
  attempts: number;
  /** Waiting time after the first failure; doubles with each further one. */
  baseMs: number;
  /** A connection that brings nothing for this long counts as cut. */
  stallMs: number;
}

export const PATIENT: RetryPolicy = { attempts: 5, baseMs: 500, stallMs: 30_000 };
const LONGEST_WAIT_MS = 30_000;

/** A failure that may pass by itself; `final` is what to throw when it does not. */
export class Transient extends Error {
  constructor(
    readonly final: RemedyError,
    /** What the server asked for in Retry-After, in milliseconds. */
    readonly waitMs = 0,
  ) {
    super(final.message);
  }
}

/** How long to wait after the n-th failure in a row (n from 1), the server's Retry-After respected up to half a minute. */
export function waitBefore(failures: number, { waitMs }: Transient, { baseMs }: RetryPolicy): number {
  return Math.min(Math.max(baseMs * 2 ** (failures - 1), waitMs), LONGEST_WAIT_MS);
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
