// Training, as one part of the engine: starts, holds and ends runs (training.ts).
import type { Budgets } from '../adapter/budgets';
import type { GpuSession } from '../adapter/gpuSession';
import type { EngineCalls, EngineEvent } from '../api/types';
import type { FeatureRoom } from '../features';
import type { ModelRoom } from '../models';
import type { ModelState } from '../models/modelState';
import { Training } from './training';

export interface TrainingRoomOptions {
  features: FeatureRoom;
  models: ModelRoom;
  gpu: GpuSession;
  budgets: Budgets;
  emit(event: EngineEvent): void;
}

type Offered = 'train' | 'resumeTraining' | 'checkpoint' | 'pause' | 'resume' | 'step' | 'cancel';

export class TrainingRoom {
  readonly #training: Training;
  readonly #gpu: GpuSession;

  constructor({ features, models, gpu, budgets, emit }: TrainingRoomOptions) {
    this.#gpu = gpu;
    this.#training = new Training({
      settings: features.settings,
      images: features.images,
      features: features.store,
      statistics: features.statistics,
      gpu,
      trained: models.trained,
      settleRange: () => features.settleRange(),
      mustFitMemory: () => features.mustFitMemory(),
      extract: (images) => features.extract(images),
      batch: () => gpu.batch,
      emit,
      // Drawing them again would cost more than the memory they take where there is no file.
      drawnCache: { gpu: budgets.gpuDrawn, memory: 0, disk: features.disk, beyond: 'memory' },
    });
  }

  readonly calls: EngineCalls<Offered> = {
    train: () => this.#gpu.namingLosses(async () => this.#training.start(false)),
    resumeTraining: (file) => this.#gpu.namingLosses(async () => this.#training.resumeTraining(file)),
    checkpoint: () => this.#gpu.namingLosses(() => this.#training.checkpoint()),
    pause: async () => this.#training.control.pause(),
    resume: async () => this.#training.control.resume(),
    step: () => this.#training.step(),
    cancel: async () => this.#training.control.cancel(),
  };

  /** The model as far as it has learned; null while none is in training. */
  get state(): ModelState | null {
    return this.#training.state;
  }

  /** The GPU reported a mistake: the run under way cannot be trusted. */
  fail(fault: Error): void {
    this.#training.fail(fault);
  }

  /** Ends a run, if there is one, without a word. */
  stop(): void {
    this.#training.stop();
  }
}
