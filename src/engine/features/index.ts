// The images and what is computed of them, as one part of the engine: settings and backbones, images coming in and leaving,
// their features and the statistics of those.
import { extractFeatures } from '../../lib/backbones/extractFeatures';
import { withoutPadding } from '../../lib/backbones/padding';
import { pixelMaps } from '../../lib/backbones/pixelMaps';
import { toReport } from '../../lib/errors';
import { settle } from '../../lib/gpu/backend';
import { tf } from '../../lib/gpu/tf';
import type { InputImage } from '../../lib/images/cut';
import type { PixelRange } from '../../lib/images/pixelRange';
import { defaultParams, type Params } from '../../settings/table';
import type { Budgets } from '../adapter/budgets';
import type { GpuSession } from '../adapter/gpuSession';
import { browserMemory, ceilingsOf, type MainMemory } from '../adapter/memoryRoom';
import { UnknownImage } from '../api/errors';
import type { EngineCalls, FeatureReport, ImageId } from '../api/types';
import { PIXELS, sameFrame, sameKind, type FeatureKind } from '../models/modelState';
import { BackboneStore } from './backboneStore';
import { FeatureDisk, type OpenScratch } from './featureDisk';
import { Settings } from './featureSettings';
import { FeatureStore } from './featureStore';
import { HubDownload, type HubDownloadOptions } from './hubDownload';
import { ImageIntake } from './imageIntake';
import { ownerOf, type ImageParts, type PartId } from './imageParts';
import { ImageStore } from './imageStore';
import { memoryProblem } from './memoryNeed';
import { TrainingStatistics } from './trainingStatistics';

export interface FeatureRoomOptions extends HubDownloadOptions {
  gpu: GpuSession;
  budgets: Budgets;
  /** Reads a file that ships with the program; `path` is relative to its base. */
  readBundled(path: string): Promise<ArrayBuffer>;
  openScratch: OpenScratch;
  /** What is known of the machine's memory. Default: what a browser says. */
  mainMemory?(): MainMemory;
  /** All features are computed anew: what was made of the old ones is void. */
  onRestart(): void;
}

type Offered =
  | 'configure' | 'loadBackbone' | 'downloadBackbone' | 'cancelDownload' | 'backboneOffers' | 'cachedWeights' | 'clearWeights'
  | 'exportOnnx' | 'addImages' | 'picture' | 'removeImages' | 'labelImages' | 'setMask' | 'features'; // prettier-ignore

/** Of a picture for the screen, in pixels. */
const PICTURE_SIDE = 2048;

export class FeatureRoom {
  readonly images: ImageStore;
  readonly settings: Settings;
  readonly store: FeatureStore;
  readonly statistics: TrainingStatistics;
  /** Below main memory, for whatever feature maps there are. */
  readonly disk: FeatureDisk;
  readonly #options: FeatureRoomOptions;
  readonly #hub: HubDownload;
  readonly #backbones: BackboneStore;
  readonly #intake: ImageIntake;

  constructor(options: FeatureRoomOptions) {
    this.#options = options;
    const { budgets, emit } = options;
    this.images = new ImageStore(defaultParams().inputSize, budgets.preparedPixels);
    this.disk = new FeatureDisk(options.openScratch, budgets.diskFeatures);
    this.#hub = new HubDownload(options);
    this.#backbones = new BackboneStore({
      readBundled: (path) => options.readBundled(path),
      readKept: (id, taps) => this.#hub.kept(id, taps),
      onProcessor: () => options.gpu.featuresOnProcessor,
    });
    this.settings = this.#newSettings();
    this.store = this.#newStore();
    this.statistics = this.#newStatistics();
    this.#intake = new ImageIntake({
      images: this.images,
      features: this.store,
      emit,
      onChanged: () => this.statistics.forget(),
      onRange: () => this.#featuresChanged(),
    });
  }

  readonly calls: EngineCalls<Offered> = {
    configure: (params) => this.#again(() => this.settings.configure(params)),
    loadBackbone: (file) => this.#again(() => this.settings.loadBackbone(file)),
    downloadBackbone: (request) => this.#again(() => this.settings.downloadBackbone(request)),
    cancelDownload: async () => this.#hub.cancel(),
    backboneOffers: (request) => this.#hub.offers(request, (id, taps) => this.#backbones.has(id, taps)),
    cachedWeights: () => this.#hub.list(),
    clearWeights: () => this.#hub.clear(),
    exportOnnx: async ({ model, ...request }) => {
      // Loaded when somebody takes a model away, and that is seldom.
      const { onnxModel } = await import('../models/onnxModel');
      const made = await onnxModel(model, (id, taps) => this.#backbones.weights(id, taps), request);
      // Piece by piece: a browser may hold them elsewhere than in memory.
      const parts: Blob[] = [];
      for (const piece of made.pieces()) parts.push(new Blob([piece]));
      const file = new Blob(parts, { type: 'application/octet-stream' });
      return { file, metadata: made.metadata };
    },
    addImages: (files) => this.#intake.add(files),
    removeImages: async (ids) => this.#intake.remove(ids),
    labelImages: async (change) => this.#intake.label(change),
    setMask: (request) => this.#intake.setMask(request),
    picture: async (id) => {
      // Packed only for the page, and seldom.
      const { encodePng } = await import('../../lib/formats/png');
      const png = encodePng(await this.images.picture(id, PICTURE_SIDE));
      return new Blob([new Uint8Array(png)], { type: 'image/png' });
    },
    features: () => this.#again(() => this.#report()),
  };

  /** Where weights come from from now on. */
  useHub(hub: string | undefined): void {
    this.#hub.useHub(hub);
  }

  /** phi [1, H, W, C] of an image that is here or on its way; the caller disposes it. @throws UnknownImage */
  arrived(part: PartId): Promise<tf.Tensor4D> {
    return this.#intake.arrived(part);
  }

  /** The parts of an image that is here or on its way. @throws UnknownImage */
  parts(id: ImageId): Promise<ImageParts> {
    return this.#intake.parts(id);
  }

  /** Pixels -> phi, or pixels as they are. Waits for the GPU: a fault must not be kept as a map, and others want their turn. */
  async extract(images: InputImage[]): Promise<tf.Tensor4D[]> {
    const maps = this.#maps(images, this.settings.pixels, this.settings.params.project);
    try {
      await settle();
      return maps;
    } catch (error) {
      tf.dispose(maps);
      throw error;
    }
  }

  /** What a model of this kind looks at of a part; null when the settings in force cannot give it. @throws UnknownImage */
  async inputOf(part: PartId, kind: FeatureKind): Promise<tf.Tensor4D | null> {
    const { images, settings } = this;
    if (sameKind(kind, settings.kind)) return this.arrived(part);
    const id = ownerOf(part);
    if (!images.get(id)) throw new UnknownImage(id);
    if (!sameFrame(kind, settings.kind)) return null;
    const pixels = kind.backbone === PIXELS;
    if (!pixels && !sameKind(kind, settings.backboneKind)) return null;
    return this.#maps([await images.prepared(part)], pixels, kind.project)[0]!;
  }

  #maps(images: InputImage[], pixels: boolean, project: boolean): tf.Tensor4D[] {
    const maps = pixels ? pixelMaps(images) : extractFeatures(this.#backbones.current, images, project);
    return maps.map((map, i) => withoutPadding(map, images[i]!));
  }

  /** The device is lost and every map with it. */
  suspend(): void {
    this.store.suspend();
    this.statistics.forget();
  }

  /** A new device is there: the backbone is uploaded, and maps are computed anew. */
  async refill(): Promise<void> {
    await this.#backbones.refill();
    this.store.resume();
  }

  /** A training begins on what is there: the range of pixel values is that of its images from here on. */
  settleRange(): void {
    if (this.images.settleRange()) this.#featuresChanged();
  }

  /** A model is there that knows this range. */
  adoptRange(range: PixelRange | null): void {
    if (this.images.adoptRange(range)) this.#featuresChanged();
  }

  #featuresChanged(): void {
    this.statistics.forget();
    this.#options.onRestart();
    this.store.restart(this.images.allParts());
  }

  /** Done again after a lost device: each of these leads to the same wherever it began. */
  #again<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.gpu.throughLosses(work);
  }

  async #report(): Promise<FeatureReport> {
    await this.store.idle();
    const hasTraining = this.images.training().length > 0;
    const report = this.settings.report(hasTraining ? (await this.statistics.current()).sigma : null);
    return { ...report, weights: await this.#backbones.sha256() };
  }

  #newSettings(): Settings {
    return new Settings({
      backbones: this.#backbones,
      hub: this.#hub,
      images: this.images,
      onFeaturesChanged: () => this.#featuresChanged(),
      onStatisticsChanged: () => this.statistics.forget(),
      onNotice: (notice) => this.#options.emit({ kind: 'notice', error: toReport(notice) }),
      tooMuch: (params) => this.#memoryProblem(params)?.error ?? null,
    });
  }

  /** @throws NotEnoughMemory where it is sure that a training by the present settings cannot end well */
  mustFitMemory(): void {
    const problem = this.#memoryProblem(this.settings.params);
    if (problem?.sure) throw problem.error;
  }

  #memoryProblem(params: Params): ReturnType<typeof memoryProblem> {
    const { gpu, mainMemory = browserMemory } = this.#options;
    if (!gpu.isOpen) return null;
    const how = { batch: gpu.batch, wasm: gpu.gpu.device === null };
    return memoryProblem(params, ceilingsOf(gpu.gpu, mainMemory()), how);
  }

  #newStore(): FeatureStore {
    const { budgets, gpu, emit } = this.#options;
    return new FeatureStore({
      prepared: (id) => this.images.prepared(id),
      extract: (images) => this.extract(images),
      batch: () => gpu.batch,
      onProgress: (done, total) => emit({ kind: 'features', done, total }),
      onComputed: (id) => this.images.used(id),
      cache: {
        gpu: budgets.gpuFeatures,
        memory: budgets.memoryFeatures,
        disk: this.disk,
        beyond: 'recompute',
      },
    });
  }

  #newStatistics(): TrainingStatistics {
    const { gpu } = this.#options;
    return new TrainingStatistics({
      hold: async () => {
        await this.store.idle();
        return this.store.hold(this.images.trainingParts());
      },
      normalise: () => this.settings.params.normalise && !this.settings.pixels,
      batch: () => gpu.batch,
      losses: () => gpu.losses,
    });
  }
}
