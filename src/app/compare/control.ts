// Holding and ending a comparison that is under way. Small, so that code that must end one first need not load what runs
// it (run.ts).
import { engine } from '../shell/engineLink';
import { getState, patch } from '../shell/store';

let cancelled = false;
let ended: Promise<void> = Promise.resolve();

/** A comparison begins; the promise is its end. */
export function comparisonBegins(work: () => Promise<void>): Promise<void> {
  cancelled = false;
  return (ended = work());
}

export const wasCancelled = (): boolean => cancelled;

/** Between runs, or inside the one under way. */
export async function pauseComparison(): Promise<void> {
  if (getState().compare.status !== 'running') return;
  patch('compare', { status: 'paused' });
  await quietly(engine()?.pause(undefined));
}

export async function resumeComparison(): Promise<void> {
  if (getState().compare.status !== 'paused') return;
  patch('compare', { status: 'running' });
  await quietly(engine()?.resume(undefined));
}

/** Ends it; runs that are done stay in the table. Resolves when the visitor's own model is back. */
export async function cancelComparison(): Promise<void> {
  if (getState().compare.status === 'idle') return;
  cancelled = true;
  patch('compare', { status: 'ending' });
  await quietly(engine()?.cancel(undefined));
  await ended;
}

/** Between two trainings there is nothing to hold or cancel: the loop looks at the state itself. */
const quietly = (call: Promise<void> | undefined): Promise<void> =>
  call?.catch(() => undefined) ?? Promise.resolve();
