// Scores what the camera shows, frame by frame: the next one is taken when the answer to the last is here, so that never
// more than one is on its way and the newest counts. What lies between is not looked at, and what has not changed is not
// scored again.
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { FrameScore } from '../../engine/api/types';
import { toReport, type ErrorReport } from '../../lib/errors';
import { scoringOf } from '../../settings/scoring';
import { engine } from '../shell/engineLink';
import { getState } from '../shell/store';
import { FrameGrabber, Unchanged } from './frames';

export interface LiveScore {
  answer: FrameScore;
  /** From grabbing the frame to its answer, in milliseconds. */
  latency: number;
  /** Answers a second, smoothed. */
  rate: number;
}

export interface LiveScoring {
  last: LiveScore | null;
  /** Why there is none. */
  failure: ErrorReport | null;
}

const NOTHING: LiveScoring = { last: null, failure: null };
/** Share of the newest interval in the rate shown. */
const SMOOTHING = 0.2;
/** A failure may pass (a model is trained, a device comes back). */
const RETRY_MS = 1000;

export function useLiveScoring(video: RefObject<HTMLVideoElement | null>, on: boolean): LiveScoring {
  const [scoring, setScoring] = useState<LiveScoring>(NOTHING);
  const grabber = useRef<FrameGrabber | null>(null);
  useEffect(() => {
    if (!on) return;
    let wanted = true;
    const pace = new Pace();
    const unchanged = new Unchanged();
    const run = async () => {
      grabber.current ??= new FrameGrabber();
      while (wanted) {
        const before = performance.now();
        const next = await scoreOne(grabber.current, video.current, unchanged).catch(
          (error: unknown) => error,
        );
        if (!wanted) return;
        if (next === null) await pause(50);
        else if (isAnswer(next)) {
          const latency = performance.now() - before;
          setScoring({ last: { answer: next, latency, rate: pace.tick() }, failure: null });
          // The page has to show it before the next frame is taken.
          await new Promise(requestAnimationFrame);
        } else {
          setScoring({ last: null, failure: toReport(next) });
          unchanged.forget();
          await pause(RETRY_MS);
        }
      }
    };
    void run();
    return () => {
      wanted = false;
      setScoring(NOTHING);
    };
  }, [on, video]);
  return scoring;
}

/** Null while there is no new frame or no engine. @throws what the engine throws */
async function scoreOne(
  grabber: FrameGrabber,
  video: HTMLVideoElement | null,
  unchanged: Unchanged,
): Promise<FrameScore | null> {
  const frame = video && grabber.pixels(video);
  const works = engine();
  if (!frame || !works) return null;
  const { params, view, model, training } = getState();
  // Grids that are being trained answer otherwise after every step.
  if (unchanged.is(frame, [works, params, view.fusionValue, model, training.progress])) return null;
  return works.scoreFrame({ ...frame, ...scoringOf(params), fusionValue: view.fusionValue });
}

const isAnswer = (value: unknown): value is FrameScore =>
  typeof value === 'object' && value !== null && 'map' in value;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

class Pace {
  #last = performance.now();
  #interval: number | null = null;

  /** @returns answers a second */
  tick(): number {
    const now = performance.now();
    const interval = now - this.#last;
    this.#last = now;
    this.#interval =
      this.#interval === null ? interval : this.#interval + SMOOTHING * (interval - this.#interval);
    return 1000 / Math.max(1, this.#interval);
  }
}
