// The engine in process: joins images, features, model and live view to the one interface. The worker serves it to
// the page, the command line calls it directly. Each part has its own file; here is only how they hang together.
import { FeatureStatistics } from '../backbones/featureStatistics';
import type { RgbImage } from '../data/image';
import { toReport } from '../errors';
import { memory, settle } from '../gpu/backend';
import { DeviceLost } from '../gpu/errors';
import { faults } from '../gpu/faults';
import { tf } from '../gpu/tf';
import { OverlayRenderer } from '../kernels/overlay';
import { modelConfig, trainConfig } from '../model/config';
import { NothingToTrain } from '../model/errors';
import { TrainControl } from '../model/trainControl';
import { defaultParams, type Params } from '../params/table';
import { extractFeatures, featureShape, type FeatureShape } from '../pipeline/features';
import { Arrivals, type Arrival } from './arrivals';
import { BackboneStore } from './backboneStore';
import { AlreadyTraining, BundleUnreadable, NoModel, NotTraining, UnknownImage } from './errors';
import { Events } from './events';
import { FeatureStore } from './featureStore';
import { GpuSession } from './gpuSession';
import type { HeldFeatures } from './heldFeatures';
import { HubDownload, type HubDownloadOptions } from './hubDownload';
import { ImageStore } from './imageStore';
import { LiveView } from './liveView';
import { readModelFile, writeModelFile } from './modelFile';
import {
  adaptFeatures,
  featureKind,
  sameKind,
  type FeatureKind,
  type ModelState,
  type Statistics,
} from './modelState';
import { reportAdapter } from './probe';
import { readAnomalyMap, scoreAllImages, type ScoringSources } from './scoring';
import { TrainingRun } from './trainingRun';
import { toBitmap } from './thumbnails';
import type {
  AddReport,
  Calls,
  Engine,
  FeatureReport,
  ImageFile,
  ImageId,
  MapData,
  ScoreTable,
  TrainReport,
} from './types';

/** Images per pass: a software adapter takes seconds a batch, and others wait for their turn. */
const BATCH = { software: 4, hardware: 16 };

export interface LocalEngineOptions extends Omit<HubDownloadOptions, 'emit'> {
  /** Reads a file that ships with the program (path relative to its base). Default: fetch from the page's base. */
  readBundled?: (path: string, baseUrl: string | undefined) => Promise<ArrayBuffer>;
}

/** An engine in this thread. Call `open`, then `configure`, before anything else. */
export function createLocalEngine(options: LocalEngineOptions = {}): Engine {
  return new LocalEngine(options);
}

class LocalEngine implements Engine {
  readonly #events = new Events();
  readonly #arrivals = new Arrivals();
  readonly #images = new ImageStore(defaultParams().inputSize);
  readonly #hub: HubDownload;
  readonly #backbones: BackboneStore;
  readonly #gpu: GpuSession;
  readonly #features: FeatureStore;
  readonly #live: LiveView;
  #params: Params = defaultParams();
  #baseUrl: string | undefined;
  #canvas: OffscreenCanvas | null = null;
  #renderer: OverlayRenderer | null = null;
  #statistics: Promise<Statistics> | null = null;
  #trained: ModelState | null = null;
  /** The last model's file: what is left when the device is lost. */
  #trainedFile: ArrayBuffer | null = null;
  #run: { training: TrainingRun; state: Omit<ModelState, 'model' | 'fusionValue'> } | null = null;
  /** Of the run under way; there before the run itself, while features are still computed. */
  #reins: TrainControl | null = null;
  /** Changes of settings, one after the other: each may have to read weights first. */
  #settings: Promise<unknown> = Promise.resolve();

  constructor({ readBundled = fetchBundled, ...hub }: LocalEngineOptions) {
    this.#hub = new HubDownload({ ...hub, emit: this.#events.emit });
    this.#backbones = new BackboneStore({
      readBundled: (path) => readBundled(path, this.#baseUrl),
      readKept: (id) => this.#hub.kept(id),
    });
    this.#gpu = new GpuSession({
      onLost: () => this.#onLost(),
      onReopened: (recovered, reason) => this.#onReopened(recovered, reason),
    });
    this.#features = new FeatureStore({
      prepared: (id) => this.#images.prepared(id),
      extract: (images) => this.#extract(images),
      batch: () => this.#batch(),
      onProgress: (done, total) => this.#events.emit({ kind: 'features', done, total }),
    });
    this.#live = new LiveView({
      features: (id) => this.#arrived(id),
      model: () => this.#modelNow(),
      renderer: () => this.#renderer,
      inputSize: () => this.#images.size,
    });
    faults.subscribe((fault) => {
      this.#run?.training.fail(fault);
      // A loss has its own event, once it is known whether the device came back.
      if (!(fault instanceof DeviceLost)) this.#events.emit({ kind: 'fault', error: toReport(fault) });
    });
  }

  subscribe(listener: Parameters<Engine['subscribe']>[0]): () => void {
    return this.#events.subscribe(listener);
  }

  async open({ probe, baseUrl }: Calls['open']['in']): Promise<Calls['open']['out']> {
    this.#baseUrl = baseUrl;
    const gpu = this.#gpu.isOpen ? this.#gpu.gpu : await this.#gpu.open();
    return reportAdapter(gpu, probe);
  }

  configure(params: Params): Promise<FeatureReport> {
    return this.#inTurn(() => this.#configure(params));
  }

  loadBackbone({ name, bytes }: Calls['loadBackbone']['in']): Promise<FeatureReport> {
    return this.#inTurn(async () => {
      return this.#use(this.#backbones.load(name, new Uint8Array(bytes)));
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#settings.then(work);
    this.#settings = done.catch(() => undefined);
    return done;
  }

  async #configure(params: Params): Promise<FeatureReport> {
    const changed = await this.#backbones.use(params.backbone);
    const before = this.#params;
    this.#params = params;
    this.#images.size = params.inputSize;
    if (changed || !sameKind(featureKind(before), featureKind(params))) this.#restartFeatures();
    if (before.normalise !== params.normalise) this.#statistics = null;
    return this.#report(null);
  }

  downloadBackbone(wish: Calls['downloadBackbone']['in']): Promise<FeatureReport> {
    return this.#hub.download(wish, (weights, report) =>
      this.#inTurn(async () => {
        report('upload');
        const size = this.#params.inputSize;
        return this.#use(await this.#backbones.adopt(weights, size, () => report('warm-up')));
      }),
    );
  }

  async cancelDownload(): Promise<void> {
    this.#hub.cancel();
  }

  backboneOffers(wish: Calls['backboneOffers']['in']): Promise<Calls['backboneOffers']['out']> {
    return this.#hub.offers(wish, (id) => this.#backbones.has(id));
  }

  cachedWeights(): Promise<Calls['cachedWeights']['out']> {
    return this.#hub.list();
  }

  clearWeights(): Promise<void> {
    return this.#hub.clear();
  }

  async addImages(files: ImageFile[]): Promise<AddReport> {
    const report: AddReport = { added: [], refused: [] };
    const arrivals = files.map(({ id }) => this.#arrivals.announce(id));
    for (const [i, file] of files.entries()) await this.#addImage(file, arrivals[i]!, report);
    if (report.added.length > 0) this.#statistics = null;
    return report;
  }

  async removeImages(ids: Calls['removeImages']['in']): Promise<void> {
    this.#arrivals.withdraw(ids);
    ids.forEach((id) => this.#images.remove(id));
    this.#features.remove(ids);
    this.#statistics = null;
  }

  async labelImages({ ids, label, type }: Calls['labelImages']['in']): Promise<void> {
    ids.forEach((id) => this.#images.relabel(id, label, type));
    this.#statistics = null;
  }

  async features(): Promise<FeatureReport> {
    await this.#features.idle();
    const hasTraining = this.#images.training().length > 0;
    return this.#report(hasTraining ? (await this.#currentStatistics()).sigma : null);
  }

  async train(): Promise<TrainReport> {
    return this.#start(false);
  }

  async pause(): Promise<void> {
    this.#control().pause();
  }

  async resume(): Promise<void> {
    this.#control().resume();
  }

  async step(): Promise<void> {
    if (!this.#reins) {
      // The run reports its end as an event; its failure too, since nobody awaits it here.
      this.#start(true).catch((error: unknown) =>
        this.#events.emit({ kind: 'fault', error: toReport(error) }),
      );
    }
    this.#control().step();
    await this.#runStarted();
  }

  async cancel(): Promise<void> {
    this.#control().cancel();
  }

  async saveModel(): Promise<ArrayBuffer> {
    if (!this.#trainedFile) throw new NoModel();
    // A copy: it may be handed over to another thread.
    return this.#trainedFile.slice(0);
  }

  async loadModel(file: ArrayBuffer): Promise<void> {
    this.#adopt(await readModelFile(file), file);
  }

  async attachCanvas(canvas: OffscreenCanvas): Promise<void> {
    this.#renderer?.dispose();
    this.#canvas = canvas;
    this.#renderer = new OverlayRenderer(this.#gpu.gpu.device, canvas);
  }

  show(view: Calls['show']['in']): Promise<Calls['show']['out']> {
    return this.#live.show(view);
  }

  readPixel(place: Calls['readPixel']['in']): Promise<Calls['readPixel']['out']> {
    return this.#live.readPixel(place);
  }

  async scoreAll(settings: Calls['scoreAll']['in']): Promise<ScoreTable> {
    const state = this.#modelNow();
    if (!state) throw new NoModel();
    return scoreAllImages(this.#scoringSources(state), settings);
  }

  async readMap(request: Calls['readMap']['in']): Promise<MapData> {
    const state = this.#modelNow();
    if (!state) throw new NoModel();
    return readAnomalyMap(this.#scoringSources(state), request);
  }

  async memory(): Promise<Calls['memory']['out']> {
    return memory();
  }

  async close(): Promise<void> {
    this.#reins?.cancel();
    this.#renderer?.dispose();
    this.#gpu.close();
  }

  /** phi of an image that is here or on its way. @throws UnknownImage */
  async #arrived(id: ImageId): Promise<tf.Tensor4D> {
    await this.#arrivals.of(id);
    if (!this.#images.get(id)) throw new UnknownImage(id);
    return this.#features.get(id);
  }

  async #addImage(file: ImageFile, arrival: Arrival, report: AddReport): Promise<void> {
    try {
      const prepared = await this.#images.add(file, arrival.wanted);
      if (!prepared) return;
      const { width, height, thumbnail, notices } = prepared;
      report.added.push(file.id);
      this.#features.add([file.id]);
      this.#events.emit({
        kind: 'decoded',
        id: file.id,
        width,
        height,
        thumbnail: await toBitmap(thumbnail),
        notices,
      });
    } catch (error) {
      report.refused.push({ id: file.id, name: file.name, error: toReport(error) });
    } finally {
      arrival.end();
    }
  }

  /** Pixels -> phi. Waits for the GPU: a fault must not be kept as a map, and others want their turn. */
  async #extract(images: RgbImage[]): Promise<tf.Tensor4D[]> {
    const maps = extractFeatures(this.#backbones.current, images, this.#params.project);
    try {
      await settle();
      return maps;
    } catch (error) {
      tf.dispose(maps);
      throw error;
    }
  }

  /** Takes the reins at once, so that a run can be paused and cancelled from the start. */
  #start(paused: boolean): Promise<TrainReport> {
    if (this.#reins) throw new AlreadyTraining();
    if (this.#images.training().length === 0) throw new NothingToTrain();
    this.#reins = new TrainControl({ paused });
    return this.#train(this.#reins);
  }

  async #train(control: TrainControl): Promise<TrainReport> {
    try {
      const report = await this.#runTraining(control);
      this.#events.emit({ kind: 'trained', report });
      return report;
    } finally {
      this.#run = null;
      this.#reins = null;
    }
  }

  async #runTraining(control: TrainControl): Promise<TrainReport> {
    const start = performance.now();
    const statistics = await this.#startingStatistics(control);
    if (!statistics) return cancelledBefore((performance.now() - start) / 1000);
    const params = this.#params;
    const ids = this.#images.training().map(({ id }) => id);
    if (ids.length === 0) throw new NothingToTrain();
    const state = { features: featureKind(params), statistics };
    let losses = this.#gpu.losses;
    let held = this.#features.hold(ids);
    const training = new TrainingRun({
      model: modelConfig(params, this.#shape()),
      training: trainConfig(params, statistics.sigma),
      source: {
        count: ids.length,
        batch: (indices) => adaptedBatch(held, indices, statistics),
      },
      control,
      emit: this.#events.emit,
      deviceReturned: async () => {
        const returned = await this.#deviceReturned(losses);
        // Only on the features it began with.
        if (!returned || !this.#canHold(ids, state.features)) return false;
        losses = this.#gpu.losses;
        held = this.#features.hold(ids);
        return true;
      },
    });
    this.#run = { training, state };
    try {
      return await this.#finish(training, state, () => this.#gpu.losses === losses);
    } finally {
      if (this.#gpu.losses === losses) held.release();
    }
  }

  #canHold(ids: ImageId[], kind: FeatureKind): boolean {
    return sameKind(kind, featureKind(this.#params)) && this.#features.has(ids);
  }

  /**
   * Statistics of what is there when they arrive: images and settings may change while features are computed, and
   * the device may be lost. Null when the run is cancelled before.
   */
  async #startingStatistics(control: TrainControl): Promise<Statistics | null> {
    for (;;) {
      const { losses } = this.#gpu;
      try {
        const computing = this.#currentStatistics();
        const statistics = await Promise.race([computing, control.cancelled]);
        if (!statistics) return null;
        if (computing === this.#statistics) return statistics;
      } catch (error) {
        if (!(await this.#deviceReturned(losses))) throw error;
      }
    }
  }

  /** A finished model takes over; a cancelled or failed one leaves the one before in place. */
  async #finish(
    training: TrainingRun,
    state: Omit<ModelState, 'model' | 'fusionValue'>,
    onDevice: () => boolean,
  ): Promise<TrainReport> {
    try {
      const report = await training.run();
      if (report.outcome === 'cancelled') {
        training.model.dispose();
        return report;
      }
      const trained = { ...state, model: training.model, fusionValue: report.fusionValue };
      this.#adopt(trained, await writeModelFile(trained));
      return report;
    } catch (error) {
      if (onDevice()) training.model.dispose();
      throw error;
    }
  }

  #adopt(next: ModelState, file: ArrayBuffer): void {
    this.#trained?.model.dispose();
    this.#trained = next;
    this.#trainedFile = file;
  }

  /** The model in training, so that maps can be watched while it learns; else the trained one, if it fits. */
  #modelNow(): ModelState | null {
    const run = this.#run;
    const state = run ? { ...run.state, model: run.training.model, fusionValue: NaN } : this.#trained;
    return state && sameKind(state.features, featureKind(this.#params)) ? state : null;
  }

  #scoringSources(state: ModelState): ScoringSources {
    return {
      images: this.#images,
      features: (id) => this.#arrived(id),
      state,
      current: () => this.#answers(state),
      batch: this.#batch(),
      onProgress: (done, total) => this.#events.emit({ kind: 'scored', done, total }),
    };
  }

  /** Whether a model is still there and fits the features. */
  #answers({ model, features }: ModelState): boolean {
    const there = model === this.#trained?.model || model === this.#run?.training.model;
    return there && sameKind(features, featureKind(this.#params));
  }

  #restartFeatures(): void {
    this.#statistics = null;
    this.#live.clear();
    this.#features.restart();
  }

  #currentStatistics(): Promise<Statistics> {
    const computing = (this.#statistics ??= this.#computeStatistics());
    computing.catch(() => {
      if (this.#statistics === computing) this.#statistics = null;
    });
    return computing;
  }

  async #computeStatistics(): Promise<Statistics> {
    await this.#features.idle();
    const { normalise } = this.#params;
    const { losses } = this.#gpu;
    const held = this.#features.hold(this.#images.training().map(({ id }) => id));
    try {
      const raw = await this.#accumulate(held, { sigma: 1, channels: null });
      if (!normalise) return { sigma: raw.sigma, channels: null };
      const channels = raw.perChannel();
      return { sigma: (await this.#accumulate(held, { sigma: 1, channels })).sigma, channels };
    } finally {
      if (this.#gpu.losses === losses) held.release();
    }
  }

  async #accumulate(held: HeldFeatures, as: Statistics): Promise<FeatureStatistics> {
    const statistics = new FeatureStatistics();
    const all = Array.from({ length: held.count }, (_, i) => i);
    for (let at = 0; at < all.length; at += this.#batch()) {
      const phi = adaptedBatch(held, all.slice(at, at + this.#batch()), as);
      await statistics.add(phi);
      phi.dispose();
    }
    return statistics;
  }

  #control(): TrainControl {
    if (!this.#reins) throw new NotTraining();
    return this.#reins;
  }

  async #runStarted(): Promise<void> {
    while (this.#reins && !this.#run) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  #shape(): FeatureShape {
    return featureShape(this.#backbones.current, this.#params.inputSize, this.#params.project);
  }

  /** The backbone was replaced: features are computed anew. */
  #use(backbone: string): FeatureReport {
    this.#params = { ...this.#params, backbone };
    this.#restartFeatures();
    return this.#report(null);
  }

  #report(sigma: number | null): FeatureReport {
    const { id, parameters } = this.#backbones.current;
    return { ...this.#shape(), sigma, backbone: id, parameters };
  }

  #batch(): number {
    return this.#gpu.gpu.software ? BATCH.software : BATCH.hardware;
  }

  #onLost(): void {
    this.#features.suspend();
    this.#renderer = null;
    this.#statistics = null;
    this.#live.clear({ lost: true });
  }

  async #onReopened(reopened: boolean, reason: string): Promise<boolean> {
    // Filling fails when the new device is lost too, which has its own recovery, or has too little memory.
    const recovered =
      reopened &&
      (await this.#refill().then(
        () => true,
        () => false,
      ));
    if (!recovered) this.#features.giveUp(new DeviceLost(reason));
    this.#events.emit({ kind: 'lost', reason, recovered });
    return recovered;
  }

  /** Everything that lived on the lost device, built again from what main memory has. */
  async #refill(): Promise<void> {
    await this.#backbones.refill();
    this.#features.resume();
    if (this.#canvas) this.#renderer = new OverlayRenderer(this.#gpu.gpu.device, this.#canvas);
    this.#trained = this.#trainedFile && (await readModelFile(this.#trainedFile));
  }

  async #deviceReturned(lossesBefore: number): Promise<boolean> {
    if (!(await this.#gpu.returnedSince(lossesBefore))) return false;
    await this.#features.idle();
    return true;
  }
}

/** phi of some held images as the model wants it; the caller disposes it. */
const adaptedBatch = (held: HeldFeatures, indices: readonly number[], as: Statistics): tf.Tensor4D =>
  tf.tidy(() => adaptFeatures(held.batch(indices), as));

/** The report of a run that ended before its first step. */
const cancelledBefore = (seconds: number): TrainReport => ({
  outcome: 'cancelled',
  seconds,
  stageMs: [0, 0],
  losses: { 1: [], 2: [] },
  fusionValue: NaN,
});

async function fetchBundled(path: string, baseUrl: string | undefined): Promise<ArrayBuffer> {
  const response = await fetch(new URL(path, baseUrl)).catch((error: unknown) => {
    throw new BundleUnreadable(path, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw new BundleUnreadable(path, `status ${response.status}`);
  return response.arrayBuffer();
}
