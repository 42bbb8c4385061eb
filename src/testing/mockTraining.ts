// The fake engine's training: steps on a timer, losses that fall, and the manners of the real one when it is
// paused, stepped and cancelled.
import type { EngineEvent, LossCurves, Progress, Stage, TrainReport } from '../engine/types';
import { isGridMethod, isRival } from '../params/methods';
import type { Params } from '../params/table';
import { wait } from './mockParts';

const STEP_MS = 80;
const WARM_UP_MS = 700;
/** Of a method fitted in one go. */
const FIT_EPOCHS = 8;

export class MockTraining {
  paused: boolean;
  cancelled = false;
  /** Share of the steps done: how much the pretended model has learned. */
  skill = 0;
  readonly #params: Params;
  readonly #emit: (event: EngineEvent) => void;
  readonly #steps: number;
  readonly #losses: LossCurves = { 1: [], 2: [] };
  readonly #started = performance.now();
  #step = 0;

  constructor(params: Params, images: number, paused: boolean, emit: (event: EngineEvent) => void) {
    this.#params = params;
    this.#emit = emit;
    this.paused = paused;
    const epochs = isGridMethod(params.method) ? params.epochs1 + params.epochs2 : FIT_EPOCHS;
    this.#steps = Math.ceil(images / params.batch) * epochs;
    if (isRival(params.method)) this.#losses.fit = [];
  }

  async run(): Promise<TrainReport> {
    this.#emit({ kind: 'phase', text: 'Warming up: compiling kernels' });
    await wait(WARM_UP_MS);
    while (this.#step < this.#steps && !this.cancelled) {
      await wait(STEP_MS);
      if (!this.paused) this.advance();
    }
    const { fusion, lambda, method } = this.#params;
    const report: TrainReport = {
      outcome: this.cancelled ? 'cancelled' : 'finished',
      seconds: (performance.now() - this.#started) / 1000,
      stageMs: isGridMethod(method) ? [1000, 3000] : [0, 0],
      losses: this.#losses,
      fusionValue: isRival(method) ? null : fusion === 'w' ? -0.15 : lambda,
    };
    this.#emit({ kind: 'trained', report });
    return report;
  }

  /** One step of whichever stage is on, or of the fit. */
  advance(): void {
    this.#step += 1;
    this.skill = this.#step / this.#steps;
    const progress = isGridMethod(this.#params.method) ? this.#stageProgress() : this.#fitProgress();
    this.#emit({ kind: 'progress', progress, memory: { gpuBytes: 48e6, tensors: 212 } });
  }

  #fitProgress(): Progress {
    const epoch = Math.ceil((FIT_EPOCHS * this.#step) / this.#steps);
    const learns = !['padim', 'patchcore'].includes(this.#params.method);
    const loss = learns ? this.#loss(2, epoch) : null;
    if (loss !== null) this.#losses.fit!.push(loss);
    return {
      stage: null,
      phase: learns ? `epoch ${epoch} of ${FIT_EPOCHS}` : 'coreset',
      ...this.#done(),
      loss,
    };
  }

  #done() {
    const secondsLeft = this.#step > 3 ? ((this.#steps - this.#step) * STEP_MS) / 1000 : null;
    return { step: this.#step, steps: this.#steps, secondsLeft };
  }

  #stageProgress(): Progress {
    const { epochs1, epochs2 } = this.#params;
    const perEpoch = this.#steps / (epochs1 + epochs2);
    const stage: Stage = this.#step <= perEpoch * epochs1 ? 1 : 2;
    const within = stage === 1 ? this.#step : this.#step - perEpoch * epochs1;
    const loss = this.#loss(stage, within / perEpoch);
    this.#losses[stage].push(loss);
    const epoch = Math.ceil(within / perEpoch);
    return { stage, epoch, epochs: stage === 1 ? epochs1 : epochs2, ...this.#done(), loss };
  }

  #loss(stage: Stage, epochs: number): number {
    const jitter = 0.9 + 0.2 * Math.abs(Math.sin(12.9898 * this.#step));
    return (stage === 1 ? 1 : 0.6) * Math.exp(-epochs / 3) * jitter + 0.05;
  }
}
