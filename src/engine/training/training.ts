// Trainings, one at a time: from the wish to train (which can be paused and cancelled at once, while features are
// still computed) over the run to the model that takes over. The run itself is trainingRun.ts.
import { toReport } from '../../lib/errors';
import { modelConfig, trainConfig, type ModelConfig, type TrainConfig } from '../../lib/methods/grad/config';
import { drawnOnImages, learnsFromMasks, type GradOptions } from '../../lib/methods/grad/options';
import { methodOf } from '../../lib/methods/registry';
import { stageEpochs } from '../../lib/methods/grad/stages';
import { TrainControl } from '../../lib/nn/control';
import { NothingToTrain } from '../../lib/nn/errors';
import { needsRealAnomalies } from '../../settings/anomalies';
import { isGridMethod } from '../../settings/methods';
import type { Params } from '../../settings/table';
import { useTilings } from '../../lib/kernels/linear/tiling';
import { readCheckpoint, writeCheckpoint, type RunCheckpoint } from './checkpointFile';
import { AlreadyTraining, CheckpointMisfit, NoRealAnomalies, NotTraining } from '../api/errors';
import { FitRun, type FitRunOptions } from './fitRun';
import { sameKind, type FeatureKind, type ModelState, type Statistics } from '../models/modelState';
import type { TrainedModel } from '../models/trainedModel';
import { TrainingRun } from './trainingRun';
import { TrainingSource, type SourceOptions, type SourceWish } from './trainingSource';
import type { PartId } from '../features/imageParts';
import type { TrainingStatistics } from '../features/trainingStatistics';
import type { ImageId, TrainingCheckpoint, TrainReport } from '../api/types';

export interface TrainingOptions extends SourceOptions {
  statistics: TrainingStatistics;
  trained: TrainedModel;
  /** Called when a training begins, before its features are waited for. */
  settleRange(): void;
  /** @throws NotEnoughMemory */
  mustFitMemory(): void;
}

/** What a run works on, besides the model it trains. */
type RunState = Omit<ModelState, 'model' | 'fusionValue'>;
type Run = TrainingRun | FitRun;
/** What every run is given, whatever it trains. */
type RunWork = Omit<FitRunOptions, 'method' | 'params' | 'shape' | 'sigma'>;

export class Training {
  readonly #options: TrainingOptions;
  #run: { training: Run; state: RunState; images: ImageId[]; source: TrainingSource } | null = null;
  /** Of the run under way; there before the run itself, while features are still computed. */
  #control: TrainControl | null = null;

  constructor(options: TrainingOptions) {
    this.#options = options;
  }

  /**
   * The model as far as it has learned, so that maps can be watched meanwhile; null while none is in training, and
   * during a fit, which has nothing to show before its end.
   */
  get state(): ModelState | null {
    const model = this.#run?.training.model;
    return model ? { ...this.#run!.state, model, fusionValue: NaN } : null;
  }

  /** @throws NotTraining */
  get control(): TrainControl {
    if (!this.#control) throw new NotTraining();
    return this.#control;
  }

  /**
   * There is something to pause and cancel from the start.
   * @throws AlreadyTraining, NothingToTrain, NoRealAnomalies, NotEnoughMemory, and what a run throws
   */
  start(paused: boolean): Promise<TrainReport> {
    if (this.#control) throw new AlreadyTraining();
    if (this.#options.images.training().length === 0) throw new NothingToTrain();
    if (
      needsRealAnomalies(this.#options.settings.params) &&
      this.#options.images.realAnomalies().length === 0
    )
      throw new NoRealAnomalies();
    this.#options.mustFitMemory();
    this.#control = new TrainControl({ paused });
    return this.#train(this.#control, (control) => this.#runTraining(control));
  }

  /**
   * Goes on with a run from its checkpoint.
   * @throws AlreadyTraining, BadSafetensors, BadModelFile, CheckpointMisfit, and what a run throws
   */
  resumeTraining(file: ArrayBuffer): Promise<TrainReport> {
    if (this.#control) throw new AlreadyTraining();
    this.#control = new TrainControl();
    return this.#train(this.#control, (control) => this.#runOn(file, control));
  }

  /** The run under way between two steps; null when there is none, it is at its end, or it is a fit in one go. */
  async checkpoint(): Promise<TrainingCheckpoint | null> {
    const run = this.#run;
    if (!(run?.training instanceof TrainingRun)) return null;
    try {
      const trainer = await run.training.checkpoint();
      const { realAnomalies } = run.source;
      return writeCheckpoint(trainer, run.state, run.images, realAnomalies, run.training.seconds);
    } catch (error) {
      // It ended, one way or another, before it could answer.
      if (this.#run !== run) return null;
      throw error;
    }
  }

  /** One optimiser step of a paused run, which is started if none is under way. */
  async step(): Promise<void> {
    if (!this.#control) {
      // The run reports its end as an event; its failure too, since it is not awaited here.
      const run = this.start(true);
      this.#options.gpu
        .namingLosses(() => run)
        .catch((error: unknown) => this.#options.emit({ kind: 'fault', error: toReport(error) }));
    }
    this.control.step();
    while (this.#control && !this.#run) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** Ends a run, if there is one, without a word. */
  stop(): void {
    this.#control?.cancel();
  }

  /** The GPU reported a mistake: the run under way cannot be trusted. */
  fail(fault: Error): void {
    this.#run?.training.fail(fault);
  }

  async #train(
    control: TrainControl,
    run: (control: TrainControl) => Promise<TrainReport>,
  ): Promise<TrainReport> {
    try {
      const report = await run(control);
      this.#options.emit({ kind: 'trained', report });
      return report;
    } finally {
      this.#run = null;
      this.#control = null;
      // A checkpoint asked for after the last step would be waited for for ever.
      control.fail(new NotTraining());
    }
  }

  async #runTraining(control: TrainControl): Promise<TrainReport> {
    const start = performance.now();
    this.#options.settleRange();
    const statistics = await this.#startingStatistics(control);
    if (!statistics) return cancelledBefore((performance.now() - start) / 1000);
    const { settings, images } = this.#options;
    const ids = images.trainingParts();
    if (ids.length === 0) throw new NothingToTrain();
    const state = { features: settings.kind, statistics };
    const { params } = settings;
    const grad = gradOptions(params);
    const anomalies =
      grad && this.#anomaliesFor(modelConfig(grad, settings.shape), trainConfig(grad, statistics.sigma));
    return this.#drive(control, { ids, ...state, anomalies }, (work) => this.#newRun(statistics.sigma, work));
  }

  async #runOn(file: ArrayBuffer, control: TrainControl): Promise<TrainReport> {
    const start = performance.now();
    this.#options.settleRange();
    if (!(await this.#featuresThere(control))) return cancelledBefore((performance.now() - start) / 1000);
    const from = readCheckpoint(file);
    try {
      this.#mustFit(from);
    } catch (error) {
      from.model.dispose();
      throw error;
    }
    useTilings(from.tilings);
    const { config: training } = from.position;
    const { config: model } = from.model;
    const inStage1 = from.position.position.stage === 1;
    const anomalies = inStage1 ? (from.anomalies ?? this.#anomaliesFor(model, training)) : null;
    return this.#drive(
      control,
      { ids: from.images, ...from.state, anomalies },
      (work) => new TrainingRun({ model, training, from, ...work }),
    );
  }

  /** @throws CheckpointMisfit */
  #mustFit({ state, images, anomalies, position }: RunCheckpoint): void {
    const here = this.#options.images;
    mustBeHere(images, here.partsOf(here.training()), 'training images');
    // Stage 2 no longer looks at them.
    if (anomalies && position.position.stage === 1)
      mustBeHere(anomalies.ids, here.partsOf(here.realAnomalies()), 'anomalous images with masks');
    if (!this.#canHold(images, state.features)) throw new CheckpointMisfit('it began on other features');
  }

  /** The run from here to its end. */
  async #drive(control: TrainControl, wish: SourceWish, begin: (work: RunWork) => Run): Promise<TrainReport> {
    const start = performance.now();
    const source = new TrainingSource(this.#options, wish);
    const { ids, features, statistics } = wish;
    try {
      if (!(await this.#opened(source, control))) return cancelledBefore((performance.now() - start) / 1000);
      const training = begin({
        source,
        control,
        emit: this.#options.emit,
        deviceReturned: async () => {
          const returned = await this.#deviceReturned(source.losses);
          // Only on the features it began with.
          const all = [...ids, ...(source.realAnomalies?.ids ?? [])];
          if (!returned || !this.#canHold(all, features)) return false;
          // Cancelled meanwhile: the run sees that before its next step.
          await this.#opened(source, control);
          return true;
        },
      });
      const state = { features, statistics };
      this.#run = { training, state, images: [...ids], source };
      return await this.#finish(training, state, () => source.onDevice);
    } finally {
      source.release();
    }
  }

  /** Opens a source, through losses of the device. False when the run is cancelled before. */
  async #opened(source: TrainingSource, control: TrainControl): Promise<boolean> {
    let cancelled = false;
    void control.cancelled.then(() => (cancelled = true));
    for (;;) {
      try {
        return await source.open(() => !cancelled);
      } catch (error) {
        if (!(await this.#deviceReturned(source.losses))) throw error;
      }
    }
  }

  #newRun(sigma: number, work: RunWork): Run {
    const { params, shape } = this.#options.settings;
    const grad = gradOptions(params);
    if (!grad) return new FitRun({ method: methodOf(params.method), params, shape, sigma, ...work });
    return new TrainingRun({
      model: modelConfig(grad, shape),
      training: trainConfig(grad, sigma),
      ...work,
    });
  }

  /** What stage 1 needs on images before a run begins; null when it learns from something else, or is not run. */
  #anomaliesFor(
    { method }: Pick<ModelConfig, 'method'>,
    { anomalySource, epochs, seed }: TrainConfig,
  ): SourceWish['anomalies'] {
    const { images } = this.#options;
    if (stageEpochs(method, epochs)[0] === 0) return null;
    if (learnsFromMasks(anomalySource)) return { kind: 'masks', ids: images.partsOf(images.realAnomalies()) };
    return drawnOnImages(anomalySource) ? { kind: anomalySource, seed } : null;
  }

  #canHold(ids: readonly ImageId[], kind: FeatureKind): boolean {
    return sameKind(kind, this.#options.settings.kind) && this.#options.features.has(ids);
  }

  /**
   * Statistics of what is there when they arrive: images and settings may change while features are computed, and
   * the device may be lost. Null when the run is cancelled before.
   */
  async #startingStatistics(control: TrainControl): Promise<Statistics | null> {
    const { statistics, gpu } = this.#options;
    for (;;) {
      const { losses } = gpu;
      try {
        const computing = statistics.current();
        const computed = await Promise.race([computing, control.cancelled]);
        if (!computed) return null;
        if (statistics.isCurrent(computing)) return computed;
      } catch (error) {
        if (!(await this.#deviceReturned(losses))) throw error;
      }
    }
  }

  /** Waits for the features of all images, through losses of the device. False when the run is cancelled before. */
  async #featuresThere(control: TrainControl): Promise<boolean> {
    for (;;) {
      const { losses } = this.#options.gpu;
      try {
        const there = this.#options.features.idle().then(() => true);
        return await Promise.race([there, control.cancelled.then(() => false)]);
      } catch (error) {
        if (!(await this.#deviceReturned(losses))) throw error;
      }
    }
  }

  /** A finished model takes over; a cancelled or failed one leaves the one before in place. */
  async #finish(training: Run, state: RunState, onDevice: () => boolean): Promise<TrainReport> {
    try {
      const report = await training.run();
      const { model } = training;
      if (report.outcome === 'cancelled' || !model) {
        model?.dispose();
        return report;
      }
      await this.#options.trained.keep({ ...state, model, fusionValue: report.fusionValue });
      return report;
    } catch (error) {
      if (onDevice()) training.model?.dispose();
      throw error;
    }
  }

  async #deviceReturned(lossesBefore: number): Promise<boolean> {
    if (!(await this.#options.gpu.returnedSince(lossesBefore))) return false;
    await this.#options.features.idle();
    return true;
  }
}

/** The options of a method made of grids; null for a baseline. */
function gradOptions(params: Params): GradOptions | null {
  const { method } = params;
  return isGridMethod(method) ? { ...params, method } : null;
}

/** @throws CheckpointMisfit */
function mustBeHere(ids: readonly PartId[], present: readonly PartId[], what: string): void {
  const here = new Set(present);
  const missing = ids.filter((id) => !here.has(id)).length;
  if (missing > 0) throw new CheckpointMisfit(`${missing} of its ${ids.length} ${what} are not here`);
}

/** The report of a run that ended before its first step. */
const cancelledBefore = (seconds: number): TrainReport => ({
  outcome: 'cancelled',
  seconds,
  stageMs: [0, 0],
  losses: { 1: [], 2: [] },
  fusionValue: null,
});
