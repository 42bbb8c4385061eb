// The engine in process: joins images, features, model and live view to the one interface. The worker serves it to
// the page, the command line calls it directly. Each part has its own file; here is only how they hang together.
import type { RgbImage } from '../lib/images/image';
import { toReport } from '../lib/errors';
import { memory, settle } from '../lib/gpu/backend';
import { DeviceLost } from '../lib/gpu/errors';
import { faults } from '../lib/gpu/faults';
import { tf } from '../lib/gpu/tf';
import { OverlayRenderer } from '../lib/kernels/maps/overlay';
import { defaultParams } from '../settings/table';
import { extractFeatures } from '../lib/backbones/extractFeatures';
import { pixelMaps } from '../lib/backbones/pixelMaps';
import { BUDGETS, type Budgets } from './adapter/budgets';
import { BackboneStore } from './features/backboneStore';
import { fetchBundled } from './features/bundledFile';
import { NoModel, OtherFeatures, UnknownImage } from './api/errors';
import { Events } from './api/events';
import { FeatureDisk, type OpenScratch } from './features/featureDisk';
import { FeatureStore } from './features/featureStore';
import { scoreFrame } from './answers/frames';
import { GpuSession } from './adapter/gpuSession';
import { HubDownload, type HubDownloadOptions } from './features/hubDownload';
import { ImageStore } from './features/imageStore';
import { Intake } from './features/imageIntake';
import { LiveView } from './answers/liveView';
import { ModelShelf } from './models/modelCache';
import { differenceOf, PIXELS, sameKind, type FeatureKind, type ModelState } from './models/modelState';
import { scorePasted } from './answers/pastedScores';
import { reportAdapter } from './adapter/probe';
import { readAnomalyMap, scoreAllImages, type ScoringSources } from './answers/scoring';
import { Settings } from './features/featureSettings';
import { readShelvedMaps } from './answers/shelvedMaps';
import { TrainedModel } from './models/trainedModel';
import { Training } from './training/training';
import { TrainingStatistics } from './training/trainingStatistics';
import type { Calls, Engine, ImageId } from './api/types';

/** Images per pass: a software adapter takes seconds a batch, and others wait for their turn. */
const BATCH = { software: 4, hardware: 16 };

export interface LocalEngineOptions extends Omit<HubDownloadOptions, 'emit'> {
  /** Reads a file that ships with the program (path relative to its base). Default: fetch from the page's base. */
  readBundled?: (path: string, baseUrl: string | undefined) => Promise<ArrayBuffer>;
  /** A file for feature maps that find no room in memory. Default: none, and they are computed again. */
  openScratch?: OpenScratch;
  /** In place of the usual ones. */
  budgets?: Partial<Budgets>;
}

/** An engine in this thread. Call `open`, then `configure`, before anything else. */
export function createLocalEngine(options: LocalEngineOptions = {}): Engine {
  return new LocalEngine(options);
}

type In<K extends keyof Calls> = Calls[K]['in'];
type Out<K extends keyof Calls> = Promise<Calls[K]['out']>;

class LocalEngine implements Engine {
  readonly #events = new Events();
  readonly #images: ImageStore;
  readonly #disk: FeatureDisk;
  readonly #budgets: Budgets;
  readonly #trained = new TrainedModel();
  readonly #shelf = new ModelShelf();
  readonly #hub: HubDownload;
  readonly #backbones: BackboneStore;
  readonly #settings: Settings;
  readonly #gpu: GpuSession;
  readonly #features: FeatureStore;
  readonly #intake: Intake;
  readonly #statistics: TrainingStatistics;
  readonly #training: Training;
  readonly #live: LiveView;
  #baseUrl: string | undefined;
  #canvas: OffscreenCanvas | null = null;
  #renderer: OverlayRenderer | null = null;

  constructor({ readBundled = fetchBundled, openScratch, budgets: other, ...hub }: LocalEngineOptions) {
    const { emit } = this.#events;
    const budgets = (this.#budgets = { ...BUDGETS, ...other });
    this.#images = new ImageStore(defaultParams().inputSize, budgets.preparedPixels);
    this.#disk = new FeatureDisk(openScratch ?? (async () => null), budgets.diskFeatures);
    this.#hub = new HubDownload({ ...hub, emit });
    this.#backbones = new BackboneStore({
      readBundled: (path) => readBundled(path, this.#baseUrl),
      readKept: (id, taps) => this.#hub.kept(id, taps),
    });
    this.#settings = new Settings({
      backbones: this.#backbones,
      hub: this.#hub,
      onInputSize: (size) => (this.#images.size = size),
      onFeaturesChanged: () => this.#restartFeatures(),
      onStatisticsChanged: () => this.#statistics.forget(),
    });
    this.#gpu = new GpuSession({
      onLost: () => this.#onLost(),
      onReopened: (recovered, reason) => this.#onReopened(recovered, reason),
    });
    this.#features = new FeatureStore({
      prepared: (id) => this.#images.prepared(id),
      extract: (images) => this.#extract(images),
      batch: () => this.#batch(),
      onProgress: (done, total) => emit({ kind: 'features', done, total }),
      onComputed: (id) => this.#images.used(id),
      cache: {
        gpu: budgets.gpuFeatures,
        memory: budgets.memoryFeatures,
        disk: this.#disk,
        beyond: 'recompute',
      },
    });
    this.#statistics = new TrainingStatistics({
      hold: async () => {
        await this.#features.idle();
        return this.#features.hold(this.#images.training().map(({ id }) => id));
      },
      normalise: () => this.#settings.params.normalise && !this.#settings.pixels,
      batch: () => this.#batch(),
      losses: () => this.#gpu.losses,
    });
    this.#intake = new Intake({
      images: this.#images,
      features: this.#features,
      emit,
      onChanged: () => this.#statistics.forget(),
    });
    this.#training = new Training({
      settings: this.#settings,
      images: this.#images,
      features: this.#features,
      statistics: this.#statistics,
      gpu: this.#gpu,
      trained: this.#trained,
      extract: (images) => this.#extract(images),
      batch: () => this.#batch(),
      emit,
      // Drawing them again would cost more than the memory they take where there is no file.
      drawnCache: { gpu: budgets.gpuDrawn, memory: 0, disk: this.#disk, beyond: 'memory' },
    });
    this.#live = new LiveView({
      features: (id) => this.#intake.arrived(id),
      model: () => this.#modelNow(),
      renderer: () => this.#renderer,
      inputSize: () => this.#images.size,
    });
    faults.subscribe((fault) => {
      this.#training.fail(fault);
      // A loss has its own event, once it is known whether the device came back.
      if (!(fault instanceof DeviceLost)) emit({ kind: 'fault', error: toReport(fault) });
    });
  }

  subscribe(listener: Parameters<Engine['subscribe']>[0]): () => void {
    return this.#events.subscribe(listener);
  }

  async open({ probe, baseUrl }: In<'open'>): Out<'open'> {
    this.#baseUrl = baseUrl;
    const gpu = this.#gpu.isOpen ? this.#gpu.gpu : await this.#gpu.open();
    return reportAdapter(gpu, probe);
  }

  configure(params: In<'configure'>): Out<'configure'> {
    return this.#settings.configure(params);
  }

  loadBackbone(file: In<'loadBackbone'>): Out<'loadBackbone'> {
    return this.#settings.loadBackbone(file);
  }

  downloadBackbone(wish: In<'downloadBackbone'>): Out<'downloadBackbone'> {
    return this.#settings.downloadBackbone(wish);
  }

  async cancelDownload(): Promise<void> {
    this.#hub.cancel();
  }

  backboneOffers(wish: In<'backboneOffers'>): Out<'backboneOffers'> {
    return this.#hub.offers(wish, (id, taps) => this.#backbones.has(id, taps));
  }

  cachedWeights(): Out<'cachedWeights'> {
    return this.#hub.list();
  }

  clearWeights(): Promise<void> {
    return this.#hub.clear();
  }

  addImages(files: In<'addImages'>): Out<'addImages'> {
    return this.#intake.add(files);
  }

  async removeImages(ids: In<'removeImages'>): Promise<void> {
    this.#intake.remove(ids);
  }

  async labelImages(change: In<'labelImages'>): Promise<void> {
    this.#intake.label(change);
  }

  setMask(wish: In<'setMask'>): Out<'setMask'> {
    return this.#intake.setMask(wish);
  }

  async features(): Out<'features'> {
    await this.#features.idle();
    const hasTraining = this.#images.training().length > 0;
    return this.#settings.report(hasTraining ? (await this.#statistics.current()).sigma : null);
  }

  async train(): Out<'train'> {
    return this.#training.start(false);
  }

  async trainFrom(file: In<'trainFrom'>): Out<'trainFrom'> {
    return this.#training.goOn(file);
  }

  checkpoint(): Out<'checkpoint'> {
    return this.#training.checkpoint();
  }

  async pause(): Promise<void> {
    this.#training.control.pause();
  }

  async resume(): Promise<void> {
    this.#training.control.resume();
  }

  async step(): Promise<void> {
    await this.#training.step();
  }

  async cancel(): Promise<void> {
    this.#training.control.cancel();
  }

  async saveModel(): Out<'saveModel'> {
    return this.#trained.file();
  }

  async loadModel(file: In<'loadModel'>): Promise<void> {
    await this.#trained.load(file);
  }

  async attachCanvas(canvas: In<'attachCanvas'>): Promise<void> {
    this.#renderer?.dispose();
    this.#canvas = canvas;
    this.#renderer = new OverlayRenderer(this.#gpu.gpu.device, canvas);
  }

  show(view: In<'show'>): Out<'show'> {
    return this.#live.show(view);
  }

  readPixel(place: In<'readPixel'>): Out<'readPixel'> {
    return this.#live.readPixel(place);
  }

  async scoreAll(settings: In<'scoreAll'>): Out<'scoreAll'> {
    return scoreAllImages(this.#scoringSources(), settings);
  }

  async scoreFrame(frame: In<'scoreFrame'>): Out<'scoreFrame'> {
    const { state } = this.#scoringSources();
    return scoreFrame({ state, size: this.#images.size, extract: (images) => this.#extract(images) }, frame);
  }

  async readMap(request: In<'readMap'>): Out<'readMap'> {
    return readAnomalyMap(this.#scoringSources(), request);
  }

  async shelveModel(name: In<'shelveModel'>): Promise<void> {
    this.#shelf.put(name, this.#trained.file());
  }

  async dropShelved(names: In<'dropShelved'>): Promise<void> {
    this.#shelf.drop(names);
  }

  readShelved(wish: In<'readShelved'>): Out<'readShelved'> {
    const inputOf = (image: ImageId, kind: FeatureKind) => this.#inputOf(image, kind);
    return readShelvedMaps({ shelf: this.#shelf, inputOf, size: () => this.#images.size }, wish);
  }

  async pasteBlocks(wish: In<'pasteBlocks'>): Out<'pasteBlocks'> {
    const onProgress = (done: number, total: number) => this.#events.emit({ kind: 'pasted', done, total });
    return scorePasted({ ...this.#scoringSources(), onProgress }, wish);
  }

  async memory(): Out<'memory'> {
    return { ...memory(), features: this.#features.tiers };
  }

  async close(): Promise<void> {
    this.#training.stop();
    await this.#disk.close();
    this.#renderer?.dispose();
    this.#gpu.close();
  }

  /** Pixels -> phi, or pixels as they are. Waits for the GPU: a fault must not be kept as a map, and others want their turn. */
  async #extract(images: RgbImage[]): Promise<tf.Tensor4D[]> {
    const maps = this.#settings.pixels
      ? pixelMaps(images)
      : extractFeatures(this.#backbones.current, images, this.#settings.params.project);
    try {
      await settle();
      return maps;
    } catch (error) {
      tf.dispose(maps);
      throw error;
    }
  }

  /** What a model of this kind looks at; null when the settings in force cannot give it. @throws UnknownImage */
  async #inputOf(id: ImageId, kind: FeatureKind): Promise<tf.Tensor4D | null> {
    if (sameKind(kind, this.#settings.kind)) return this.#intake.arrived(id);
    if (!this.#images.get(id)) throw new UnknownImage(id);
    if (kind.inputSize !== this.#images.size) return null;
    const pixels = kind.backbone === PIXELS;
    if (!pixels && !sameKind(kind, this.#settings.backboneKind)) return null;
    const image = await this.#images.prepared(id);
    const maps = pixels
      ? pixelMaps([image])
      : extractFeatures(this.#backbones.current, [image], kind.project);
    return maps[0]!;
  }

  /** The model in training, so that maps can be watched while it learns; else the trained one, if it fits. */
  #modelNow(): ModelState | null {
    const state = this.#training.state ?? this.#trained.state;
    return state && sameKind(state.features, this.#settings.kind) ? state : null;
  }

  /** @throws NoModel, OtherFeatures */
  #scoringSources(): ScoringSources {
    const state = this.#modelNow();
    if (!state) {
      const { state: trained } = this.#trained;
      throw trained
        ? new OtherFeatures(differenceOf(trained.features, this.#settings.kind) ?? '')
        : new NoModel();
    }
    return {
      images: this.#images,
      features: (id) => this.#intake.arrived(id),
      state,
      current: () => this.#answers(state),
      batch: this.#batch(),
      pixelBudget: this.#budgets.testPixels,
      onProgress: (done, total) => this.#events.emit({ kind: 'scored', done, total }),
    };
  }

  /** Whether a model is still there and fits the features. */
  #answers({ model, features }: ModelState): boolean {
    const there = model === this.#trained.state?.model || model === this.#training.state?.model;
    return there && sameKind(features, this.#settings.kind);
  }

  #restartFeatures(): void {
    this.#statistics.forget();
    this.#live.clear();
    this.#features.restart();
  }

  #batch(): number {
    return this.#gpu.gpu.software ? BATCH.software : BATCH.hardware;
  }

  #onLost(): void {
    this.#features.suspend();
    this.#renderer = null;
    this.#shelf.abandon();
    this.#statistics.forget();
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
    await this.#trained.refill();
  }
}
