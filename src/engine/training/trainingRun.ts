// One training, from its start to its report: drives the trainer, reports progress at most ten times a second,
// keeps a checkpoint, and goes on from it when the device was lost meanwhile.
import { memory } from '../../lib/gpu/backend';
import { BiGrid } from '../../lib/methods/grad/biGrid';
import { loadModel } from '../../lib/methods/grad/checkpoint';
import type { ModelConfig, TrainConfig } from '../../lib/methods/grad/config';
import type { TrainControl } from '../../lib/nn/control';
import type { FeatureSource } from '../../lib/methods/grad/anomalies';
import type { TrainState } from '../../lib/methods/grad/state';
import { train, type TrainProgress, type TrainResult } from '../../lib/methods/grad/trainer';
import type { RunCheckpoint } from './checkpointFile';
import { REPORT_EVERY_MS, RunFault, secondsLeft, type Pace } from './runTiming';
import type { EngineEvent, StageProgress, TrainReport } from '../api/types';

/** A checkpoint costs a read of all parameters and moments. */
const CHECKPOINT_EVERY_MS = 10_000;

export interface TrainingRunOptions {
  model: ModelConfig;
  training: TrainConfig;
  source: FeatureSource;
  control: TrainControl;
  emit(event: EngineEvent): void;
  /** After a failure: true when a lost device was the cause and a new one is ready. */
  deviceReturned(): Promise<boolean>;
  /** Where an earlier run stood, to go on from; its model becomes this run's. */
  from?: Pick<RunCheckpoint, 'model' | 'position' | 'seconds' | 'file'>;
}

export class TrainingRun {
  readonly control: TrainControl;
  readonly #options: TrainingRunOptions;
  readonly #started = performance.now();
  #model: BiGrid;
  #resume: TrainState | undefined;
  readonly #fault: RunFault;
  readonly #source: FeatureSource;
  #checkpoint: ArrayBuffer | null = null;
  #lastReport = -Infinity;
  #lastCheckpoint = performance.now();
  #pace: StagePace = { stage: 1, step: 0, since: performance.now() };

  constructor(options: TrainingRunOptions) {
    this.#options = options;
    this.control = options.control;
    this.#fault = new RunFault(options.control);
    this.#source = this.#fault.guard(options.source);
    this.#model =
      options.from?.model ?? BiGrid.create(options.model, options.training.seed, options.training.start);
    this.#resume = options.from?.position;
    this.#checkpoint = options.from?.file ?? null;
    if (this.#resume) this.#pace = paceOf(this.#resume);
  }

  /** The model as far as it has learned; replaced when the device was lost. */
  get model(): BiGrid {
    return this.#model;
  }

  /** How long it has taken so far; the parts of one that went on from its checkpoint add up. */
  get seconds(): number {
    return (this.#options.from?.seconds ?? 0) + (performance.now() - this.#started) / 1000;
  }

  /** Trains to the end or to a cancel. @throws TrainingDiverged, GpuFault, DeviceLost when no device came back */
  async run(): Promise<TrainReport> {
    const result = await this.#trainThroughLosses();
    return {
      ...result,
      seconds: this.seconds,
      fusionValue: await this.#model.fusionValue(),
    };
  }

  /** The trainer's file between two steps; without a training state in it when the last step is done. */
  async checkpoint(): Promise<ArrayBuffer> {
    this.#lastCheckpoint = performance.now();
    return (this.#checkpoint = await this.control.checkpoint());
  }

  /** The GPU reported a mistake. */
  fail(fault: Error): void {
    this.#fault.report(fault);
  }

  async #trainThroughLosses(): Promise<TrainResult> {
    for (;;) {
      try {
        const { training } = this.#options;
        const result = await train(
          this.#model,
          this.#source,
          training,
          this.control,
          this.#onStep,
          this.#resume,
        );
        this.#fault.check();
        return result;
      } catch (error) {
        if (!(await this.#options.deviceReturned())) throw error;
        await this.#restore();
        this.#fault.forget();
      }
    }
  }

  /** The last checkpoint on the new device, or the start when there was none yet. */
  async #restore(): Promise<void> {
    if (!this.#checkpoint) {
      this.#model = BiGrid.create(
        this.#options.model,
        this.#options.training.seed,
        this.#options.training.start,
      );
      return;
    }
    const { model, state } = loadModel(this.#checkpoint);
    this.#model = model;
    this.#resume = state ?? undefined;
  }

  readonly #onStep = (progress: TrainProgress): void => {
    this.#keepCheckpoint();
    const now = performance.now();
    const loss = progress.losses.at(-1);
    if (loss === undefined || (now - this.#lastReport < REPORT_EVERY_MS && !this.control.paused)) return;
    this.#lastReport = now;
    const { stage, epoch, epochs, step, steps } = progress;
    const report: StageProgress = {
      stage,
      epoch,
      epochs,
      step,
      steps,
      loss,
      secondsLeft: this.#secondsLeft(progress, now),
    };
    this.#options.emit({ kind: 'progress', progress: report, memory: memory() });
  };

  /** From the pace of this stage; steps of the other one cost about as much. */
  #secondsLeft({ stage, step, steps }: TrainProgress, now: number): number | null {
    if (stage !== this.#pace.stage) this.#pace = { stage, step, since: now };
    return secondsLeft(this.#pace, step, steps, now);
  }

  #keepCheckpoint(): void {
    if (performance.now() - this.#lastCheckpoint < CHECKPOINT_EVERY_MS) return;
    // A checkpoint that fails with its run tells nothing that the run does not.
    this.checkpoint().catch(() => undefined);
  }
}

const paceOf = ({ position: { stage }, losses }: TrainState): StagePace => ({
  stage,
  step: losses[1].length + losses[2].length,
  since: performance.now(),
});

interface StagePace extends Pace {
  stage: 1 | 2;
}
