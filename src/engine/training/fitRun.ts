// One fit of a baseline, from its start to its report: drives the method, reports progress at most ten times a
// second, and begins anew when the device was lost meanwhile (a fit has no checkpoints). Grids: trainingRun.ts.
import { memory, settle } from '../../lib/gpu/backend';
import type { Detector, InputShape, MethodDefinition } from '../../lib/methods/detector';
import type { TrainControl } from '../../lib/nn/control';
import type { FeatureSource } from '../../lib/methods/grad/anomalies';
import type { FitProgress } from '../../lib/nn/fit';
import type { Params } from '../../settings/table';
import { REPORT_EVERY_MS, RunFault, secondsLeft, type Pace } from './runTiming';
import type { EngineEvent, TrainReport } from '../api/types';

export interface FitRunOptions {
  method: MethodDefinition;
  params: Params;
  /** Shape of one image's input. */
  shape: InputShape;
  /** Standard deviation over all elements of the training inputs. */
  sigma: number;
  source: FeatureSource;
  control: TrainControl;
  emit(event: EngineEvent): void;
  /** After a failure: true when a lost device was the cause and a new one is ready. */
  deviceReturned(): Promise<boolean>;
}

export class FitRun {
  readonly #options: FitRunOptions;
  readonly #started = performance.now();
  readonly #fault: RunFault;
  #losses: number[] = [];
  #lastReport = -Infinity;
  #pace: Pace | null = null;
  /** The fitted detector, once there is one. */
  model: Detector | null = null;

  constructor(options: FitRunOptions) {
    this.#options = options;
    this.#fault = new RunFault(options.control);
  }

  /** Fits to the end or to a cancel. @throws what the method throws; GpuFault; DeviceLost when no device came back */
  async run(): Promise<TrainReport> {
    this.model = await this.#fitThroughLosses();
    const ms = performance.now() - this.#started;
    return {
      outcome: this.model ? 'finished' : 'cancelled',
      seconds: ms / 1000,
      stageMs: [0, 0],
      fitMs: ms,
      losses: { 1: [], 2: [], fit: this.#losses },
      fusionValue: null,
    };
  }

  /** The GPU reported a mistake. */
  fail(fault: Error): void {
    this.#fault.report(fault);
  }

  async #fitThroughLosses(): Promise<Detector | null> {
    for (;;) {
      try {
        return await this.#fit();
      } catch (error) {
        this.#options.control.fail(error);
        if (!(await this.#options.deviceReturned())) throw error;
        this.#fault.forget();
        this.#losses = [];
        this.#pace = null;
      }
    }
  }

  /** One attempt; a detector that came out of a faulty device is not kept. */
  async #fit(): Promise<Detector | null> {
    const { method, params, shape, sigma, control } = this.#options;
    const source = this.#fault.guard(this.#options.source);
    const report = (progress: FitProgress) => this.#report(progress);
    const { seed, batch } = params;
    const options = method.optionsFrom(params);
    const detector = await method.fit({ source, shape, sigma, seed, batch, options, control, report });
    try {
      await settle();
      this.#fault.check();
      return detector;
    } catch (error) {
      detector?.dispose();
      throw error;
    }
  }

  #report({ phase, step, steps, losses }: FitProgress): void {
    this.#fault.check();
    this.#losses.push(...losses);
    const now = performance.now();
    this.#pace ??= { step, since: now };
    const last = step >= steps || this.#options.control.paused;
    if (!last && now - this.#lastReport < REPORT_EVERY_MS) return;
    this.#lastReport = now;
    const loss = this.#losses.at(-1) ?? null;
    const left = secondsLeft(this.#pace, step, steps, now);
    const progress = { stage: null, phase, step, steps, loss, secondsLeft: left };
    this.#options.emit({ kind: 'progress', progress, memory: memory() });
  }
}
