// The engine in process: joins images, features, model and live view to the one interface. The worker serves it to
// the page, the command line calls it directly. Each part has its own file; here is only how they hang together.
import { FeatureStatistics } from '../backbones/featureStatistics';
import { toReport } from '../errors';
import { memory } from '../gpu/backend';
import { faults } from '../gpu/faults';
import { tf } from '../gpu/tf';
import { OverlayRenderer } from '../kernels/overlay';
import { modelConfig, trainConfig } from '../model/config';
import { NothingToTrain } from '../model/errors';
import { defaultParams, type Params } from '../params/table';
import { extractFeatures, featureShape, type FeatureShape } from '../pipeline/features';
import { Arrivals } from './arrivals';
import { BackboneStore } from './backboneStore';
import { AlreadyTraining, BundleUnreadable, NoModel, NotTraining, UnknownImage } from './errors';
import { Events } from './events';
import { FeatureStore } from './featureStore';
import { GpuSession } from './gpuSession';
import { HubDownload, type HubDownloadOptions } from './hubDownload';
import { ImageStore } from './imageStore';
import { LiveView } from './liveView';
import { readModelFile, writeModelFile } from './modelFile';
import { adaptFeatures, featureKind, sameKind, type ModelState, type Statistics } from './modelState';
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
  /** Set before the run itself exists, while features are still computed. */
  #busy = false;

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
      extract: async (images) => extractFeatures(this.#backbones.current, images, this.#params.project),
      batch: () => this.#batch(),
      onProgress: (done, total) => this.#events.emit({ kind: 'features', done, total }),
    });
    this.#live = new LiveView({
      features: (id) => this.#arrived(id),
      model: () => this.#modelNow(),
      renderer: () => this.#renderer,
      inputSize: () => this.#images.size,
    });
    faults.subscribe((fault) => this.#events.emit({ kind: 'fault', error: toReport(fault) }));
  }

  subscribe(listener: Parameters<Engine['subscribe']>[0]): () => void {
    return this.#events.subscribe(listener);
  }

  async open({ probe, baseUrl }: Calls['open']['in']): Promise<Calls['open']['out']> {
    this.#baseUrl = baseUrl;
    const gpu = this.#gpu.isOpen ? this.#gpu.gpu : await this.#gpu.open();
    return reportAdapter(gpu, probe);
  }

  async configure(params: Params): Promise<FeatureReport> {
    const before = this.#params;
    const changed = await this.#backbones.use(params.backbone);
    this.#params = params;
    this.#images.size = params.inputSize;
    if (changed || !sameKind(featureKind(before), featureKind(params))) this.#restartFeatures();
    if (before.normalise !== params.normalise) this.#statistics = null;
    return this.#report(null);
  }

  async loadBackbone({ name, bytes }: Calls['loadBackbone']['in']): Promise<FeatureReport> {
    return this.#use(this.#backbones.load(name, new Uint8Array(bytes)));
  }

  async downloadBackbone(wish: Calls['downloadBackbone']['in']): Promise<FeatureReport> {
    const size = this.#params.inputSize;
    const backbone = await this.#hub.download(wish, (weights, report) => {
      report('upload');
      return this.#backbones.adopt(weights, size, () => report('warm-up'));
    });
    return this.#use(backbone);
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
    for (const [i, file] of files.entries()) await this.#addImage(file, report).finally(arrivals[i]);
    if (report.added.length > 0) this.#statistics = null;
    return report;
  }

  async removeImages(ids: Calls['removeImages']['in']): Promise<void> {
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
    return this.#train(false);
  }

  async pause(): Promise<void> {
    this.#control().pause();
  }

  async resume(): Promise<void> {
    this.#control().resume();
  }

  async step(): Promise<void> {
    if (!this.#busy) {
      // The run reports its end as an event; its failure too, since nobody awaits it here.
      this.#train(true).catch((error: unknown) =>
        this.#events.emit({ kind: 'fault', error: toReport(error) }),
      );
      await this.#runStarted();
    }
    this.#control().step();
  }

  async cancel(): Promise<void> {
    this.#control().cancel();
  }

  async saveModel(): Promise<ArrayBuffer> {
    if (!this.#trained) throw new NoModel();
    return writeModelFile(this.#trained);
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
    if (this.#busy) this.#run?.training.control.cancel();
    this.#renderer?.dispose();
    this.#gpu.close();
  }

  /** phi of an image that is here or on its way. @throws UnknownImage */
  async #arrived(id: ImageId): Promise<tf.Tensor4D> {
    await this.#arrivals.of(id);
    if (!this.#images.get(id)) throw new UnknownImage(id);
    return this.#features.get(id);
  }

  async #addImage(file: ImageFile, report: AddReport): Promise<void> {
    try {
      const { width, height, thumbnail, notices } = await this.#images.add(file);
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
    }
  }

  async #train(paused: boolean): Promise<TrainReport> {
    if (this.#busy) throw new AlreadyTraining();
    if (this.#images.training().length === 0) throw new NothingToTrain();
    this.#busy = true;
    try {
      const report = await this.#runTraining(paused);
      this.#events.emit({ kind: 'trained', report });
      return report;
    } finally {
      this.#run = null;
      this.#busy = false;
    }
  }

  async #runTraining(paused: boolean): Promise<TrainReport> {
    const ids = this.#images.training().map(({ id }) => id);
    const params = this.#params;
    const statistics = await this.#currentStatistics();
    const state = { features: featureKind(params), statistics };
    let losses = this.#gpu.losses;
    const training = new TrainingRun({
      model: modelConfig(params, this.#shape()),
      training: trainConfig(params, statistics.sigma),
      source: {
        count: ids.length,
        batch: (indices) =>
          this.#batchOf(
            indices.map((i) => ids[i]!),
            statistics,
          ),
      },
      paused,
      emit: this.#events.emit,
      deviceReturned: async () => {
        const returned = await this.#deviceReturned(losses);
        losses = this.#gpu.losses;
        return returned;
      },
    });
    this.#run = { training, state };
    return this.#finish(training, state);
  }

  /** A finished model takes over; a cancelled or failed one leaves the one before in place. */
  async #finish(
    training: TrainingRun,
    state: Omit<ModelState, 'model' | 'fusionValue'>,
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
      if (this.#gpu.isOpen) training.model.dispose();
      throw error;
    }
  }

  #adopt(next: ModelState, file: ArrayBuffer): void {
    this.#trained?.model.dispose();
    this.#trained = next;
    this.#trainedFile = file;
  }

  #batchOf(ids: string[], statistics: Statistics): tf.Tensor4D {
    return tf.tidy(() => adaptFeatures(tf.concat(ids.map((id) => this.#features.ready(id))), statistics));
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
      batch: this.#batch(),
      onProgress: (done, total) => this.#events.emit({ kind: 'scored', done, total }),
    };
  }

  #restartFeatures(): void {
    this.#statistics = null;
    this.#live.clear();
    this.#features.restart();
  }

  #currentStatistics(): Promise<Statistics> {
    const computing = (this.#statistics ??= this.#computeStatistics());
    computing.catch(() => (this.#statistics = null));
    return computing;
  }

  async #computeStatistics(): Promise<Statistics> {
    await this.#features.idle();
    const ids = this.#images.training().map(({ id }) => id);
    const raw = await this.#accumulate(ids, { sigma: 1, channels: null });
    if (!this.#params.normalise) return { sigma: raw.sigma, channels: null };
    const channels = raw.perChannel();
    return { sigma: (await this.#accumulate(ids, { sigma: 1, channels })).sigma, channels };
  }

  async #accumulate(ids: string[], as: Statistics): Promise<FeatureStatistics> {
    const statistics = new FeatureStatistics();
    for (let at = 0; at < ids.length; at += this.#batch()) {
      const phi = this.#batchOf(ids.slice(at, at + this.#batch()), as);
      await statistics.add(phi);
      phi.dispose();
    }
    return statistics;
  }

  #control() {
    if (!this.#run) throw new NotTraining();
    return this.#run.training.control;
  }

  async #runStarted(): Promise<void> {
    while (this.#busy && !this.#run) await new Promise((resolve) => setTimeout(resolve, 5));
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
    this.#renderer = null;
    this.#statistics = null;
    this.#live.clear({ lost: true });
  }

  async #onReopened(recovered: boolean, reason: string): Promise<void> {
    if (recovered) await this.#refill();
    this.#events.emit({ kind: 'lost', reason, recovered });
  }

  /** Everything that lived on the lost device, built again from what main memory has. */
  async #refill(): Promise<void> {
    await this.#backbones.refill();
    this.#features.restart({ deviceLost: true });
    if (this.#canvas) this.#renderer = new OverlayRenderer(this.#gpu.gpu.device, this.#canvas);
    this.#trained = this.#trainedFile && (await readModelFile(this.#trainedFile));
  }

  async #deviceReturned(lossesBefore: number): Promise<boolean> {
    if (!(await this.#gpu.returnedSince(lossesBefore))) return false;
    await this.#features.idle();
    return true;
  }
}

async function fetchBundled(path: string, baseUrl: string | undefined): Promise<ArrayBuffer> {
  const response = await fetch(new URL(path, baseUrl)).catch((error: unknown) => {
    throw new BundleUnreadable(path, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw new BundleUnreadable(path, `status ${response.status}`);
  return response.arrayBuffer();
}
