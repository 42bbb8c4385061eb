// The fake engine's training: steps on a timer, losses that fall, and the manners of the real one when it is
// paused, stepped and cancelled.
import type {
  EngineEvent,
  LossCurves,
  FitProgress,
  Stage,
  StageProgress,
  TrainingCheckpoint,
  TrainReport,
} from '../engine/api/types';
import { isGridMethod, isBaseline } from '../settings/methods';
import type { Params } from '../settings/table';
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
  #losses: LossCurves = { 1: [], 2: [] };
  readonly #started = performance.now();
  #step = 0;

  constructor(params: Params, images: number, paused: boolean, emit: (event: EngineEvent) => void) {
    this.#params = params;
    this.#emit = emit;
    this.paused = paused;
    const epochs = isGridMethod(params.method) ? params.epochs1 + params.epochs2 : FIT_EPOCHS;
    this.#steps = Math.ceil(images / params.batch) * epochs;
    if (isBaseline(params.method)) this.#losses.fit = [];
  }

  async run(): Promise<TrainReport> {
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
      fusionValue: isBaseline(method) ? null : fusion === 'w' ? -0.15 : lambda,
    };
    return report;
  }

  /** The run as it stands, for `resumeTraining`. */
  checkpoint(): TrainingCheckpoint {
    const text = JSON.stringify({ step: this.#step, losses: this.#losses });
    const file = new TextEncoder().encode(text).buffer;
    return { file, progress: this.#progress(), losses: structuredClone(this.#losses) };
  }

  /** Takes up where a checkpoint was made. */
  resumeTraining(file: ArrayBuffer): void {
    const { step, losses } = JSON.parse(new TextDecoder().decode(file)) as {
      step: number;
      losses: LossCurves;
    };
    this.#step = step;
    this.#losses = losses;
  }

  /** One step of whichever stage is on, or of the fit. */
  advance(): void {
    this.#step += 1;
    this.skill = this.#step / this.#steps;
    const progress = isGridMethod(this.#params.method) ? this.#nextOfStage() : this.#nextOfFit();
    this.#emit({ kind: 'progress', progress, memory: { gpuBytes: 48e6, tensors: 212 } });
  }

  #nextOfStage(): StageProgress {
    const { stage, within } = this.#place();
    this.#losses[stage].push(this.#loss(stage, within));
    return this.#progress();
  }

  #nextOfFit(): FitProgress {
    const epoch = Math.ceil((FIT_EPOCHS * this.#step) / this.#steps);
    const learns = !['padim', 'patchcore'].includes(this.#params.method);
    const loss = learns ? this.#loss(2, epoch) : null;
    if (loss !== null) this.#losses.fit!.push(loss);
    const phase = learns ? `epoch ${epoch} of ${FIT_EPOCHS}` : 'coreset';
    return { stage: null, phase, ...this.#done(), loss };
  }

  #done() {
    const secondsLeft = this.#step > 3 ? ((this.#steps - this.#step) * STEP_MS) / 1000 : null;
    return { step: this.#step, steps: this.#steps, secondsLeft };
  }

  /** The stage that is on, and how many of its epochs are done. */
  #place(): { stage: Stage; within: number } {
    const { epochs1, epochs2 } = this.#params;
    const perEpoch = this.#steps / (epochs1 + epochs2);
    const stage = this.#step <= perEpoch * epochs1 ? 1 : 2;
    return { stage, within: this.#step / perEpoch - (stage === 1 ? 0 : epochs1) };
  }

  #progress(): StageProgress {
    const { stage, within } = this.#place();
    return {
      stage,
      epoch: Math.ceil(within),
      epochs: stage === 1 ? this.#params.epochs1 : this.#params.epochs2,
      ...this.#done(),
      loss: this.#losses[stage].at(-1) ?? NaN,
    };
  }

  #loss(stage: Stage, epochs: number): number {
    const jitter = 0.9 + 0.2 * Math.abs(Math.sin(12.9898 * this.#step));
    return (stage === 1 ? 1 : 0.6) * Math.exp(-epochs / 3) * jitter + 0.05;
  }
}
