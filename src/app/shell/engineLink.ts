// The one place that holds the engine. Actions reach it through `engine()`; its events enter the state here, many
// at a time, once a frame. Which engine it is (worker, or a fake in development) is decided in startEngine.ts.
import type { Engine, EngineEvent } from '../../engine/api/types';
import { toReport } from '../../lib/errors';
import { applyEvents } from './applyEvent';
import { holdThumbnail } from '../images/pictures';
import { setState } from './store';

let current: Engine | null = null;
let queue: EngineEvent[] = [];
let listener: (event: EngineEvent) => void = () => undefined;

/** The engine, or null before it started and after it failed for good. */
export const engine = (): Engine | null => current;

/** Whether a call failed because there is no engine any more: another one hears all anew when it starts. */
export const isOver = (error: unknown): boolean =>
  ['EngineLost', 'EngineClosed'].includes(toReport(error).name);

/** Waits for a call that means nothing to an engine that is gone. @throws what else it throws */
export async function unlessOver<T>(call: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isOver(error)) return undefined;
    throw error;
  }
}

/** Takes the engine in and listens to it; `afterEvent` hears each event once the state knows it. */
export function connectEngine(next: Engine, afterEvent: (event: EngineEvent) => void): void {
  current = next;
  listener = afterEvent;
  // What one that was replaced still says is of no interest.
  next.subscribe((event) => current === next && receive(event));
}

export function disconnectEngine(): void {
  current = null;
}

function receive(event: EngineEvent): void {
  if (event.kind === 'decoded' && event.thumbnail) holdThumbnail(event.id, event.thumbnail);
  queue.push(event);
  if (queue.length === 1) schedule();
}

// A hidden tab draws no frames, but training goes on there and its end must be noticed.
function schedule(): void {
  if (typeof document === 'undefined' || document.hidden) queueMicrotask(flush);
  else requestAnimationFrame(flush);
}

/** Lets the state know at once what the engine has told so far. */
export const eventsIn = (): void => flush();

function flush(): void {
  const events = queue;
  queue = [];
  if (events.length === 0) return;
  setState((state) => applyEvents(state, events));
  events.forEach(listener);
}
