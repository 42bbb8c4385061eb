// What a training (trainingRun.ts) and a fit (fitRun.ts) have in common: how a fault of the GPU reaches the run, how
// often it speaks, and what time it has left.
import type { TrainControl } from '../../lib/nn/control';
import type { FeatureSource } from '../../lib/methods/grad/anomalies';

/** Progress is reported at most ten times a second. */
export const REPORT_EVERY_MS = 100;

/** Where timing of a run, or of its present stage, began. */
export interface Pace {
  step: number;
  since: number;
}

/** Seconds until the last step at this pace; null before the first step that was timed. */
export function secondsLeft(
  { step: first, since }: Pace,
  step: number,
  steps: number,
  now: number,
): number | null {
  const done = step - first;
  return done > 0 ? ((now - since) / done / 1000) * (steps - step) : null;
}

/** The first fault of a run. Others look into the sink of faults too, and empty it: the run keeps what it was told. */
export class RunFault {
  #fault: Error | null = null;

  constructor(private readonly control: TrainControl) {}

  /** The GPU reported a mistake: what was computed since cannot be trusted. A held run is woken to hear of it. */
  report(fault: Error): void {
    if (this.#fault) return;
    this.#fault = fault;
    if (this.control.paused) this.control.step();
  }

  /** @throws the fault, if there is one */
  check(): void {
    if (this.#fault) throw this.#fault;
  }

  /** A new device is there. */
  forget(): void {
    this.#fault = null;
  }

  /** The same features, but none after a fault. */
  guard(source: FeatureSource): FeatureSource {
    return {
      count: source.count,
      ready: async (indices) => source.ready?.(indices),
      batch: (indices) => {
        this.check();
        return source.batch(indices);
      },
      ...(source.turned && {
        turned: async (index, eighths) => {
          this.check();
          return source.turned!(index, eighths);
        },
      }),
      ...(source.anomalous && {
        anomalous: (indices, random) => {
          this.check();
          return source.anomalous!(indices, random);
        },
      }),
    };
  }
}
