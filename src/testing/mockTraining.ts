// The fake engine's training: steps on a timer, losses that fall, and the manners of the real one when it is
// paused, stepped and cancelled.
import type { EngineEvent, Stage, TrainReport } from '../engine/types';
import type { Params } from '../params/table';
import { wait } from './mockParts';

const STEP_MS = 80;
const WARM_UP_MS = 700;

export class MockTraining {
  paused: boolean;
  cancelled = false;
  /** Share of the steps done: how much the pretended model has learned. */
  skill = 0;
  readonly #params: Params;
  readonly #emit: (event: EngineEvent) => void;
  readonly #steps: number;
  readonly #losses: Record<Stage, number[]> = { 1: [], 2: [] };
  readonly #started = performance.now();
  #step = 0;

  constructor(params: Params, images: number, paused: boolean, emit: (event: EngineEvent) => void) {
    this.#params = params;
    this.#emit = emit;
    this.paused = paused;
    this.#steps = Math.ceil(images / params.batch) * (params.epochs1 + params.epochs2);
  }

  async run(): Promise<TrainReport> {
    this.#emit({ kind: 'phase', text: 'Warming up: compiling kernels' });
    await wait(WARM_UP_MS);
    while (this.#step < this.#steps && !this.cancelled) {
      await wait(STEP_MS);
      if (!this.paused) this.advance();
    }
    const { fusion, lambda } = this.#params;
    const report: TrainReport = {
      outcome: this.cancelled ? 'cancelled' : 'finished',
      seconds: (performance.now() - this.#started) / 1000,
      stageMs: [1000, 3000],
      losses: this.#losses,
      fusionValue: fusion === 'w' ? -0.15 : lambda,
    };
    this.#emit({ kind: 'trained', report });
    return report;
  }

  /** One step of whichever stage is on. */
  advance(): void {
    const { epochs1, epochs2 } = this.#params;
    this.#step += 1;
    this.skill = this.#step / this.#steps;
    const perEpoch = this.#steps / (epochs1 + epochs2);
    const stage: Stage = this.#step <= perEpoch * epochs1 ? 1 : 2;
    const within = stage === 1 ? this.#step : this.#step - perEpoch * epochs1;
    const loss = this.#loss(stage, within / perEpoch);
    this.#losses[stage].push(loss);
    const left = this.#steps - this.#step;
    this.#emit({
      kind: 'progress',
      progress: {
        stage,
        epoch: Math.ceil(within / perEpoch),
        epochs: stage === 1 ? epochs1 : epochs2,
        step: this.#step,
        steps: this.#steps,
        loss,
        secondsLeft: this.#step > 3 ? (left * STEP_MS) / 1000 : null,
      },
      memory: { gpuBytes: 48e6, tensors: 212 },
    });
  }

  #loss(stage: Stage, epochs: number): number {
    const jitter = 0.9 + 0.2 * Math.abs(Math.sin(12.9898 * this.#step));
    return (stage === 1 ? 1 : 0.6) * Math.exp(-epochs / 3) * jitter + 0.05;
  }
}
