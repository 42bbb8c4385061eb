// What one run learns from: the features of its training images as they were when it began, and, for anomalies that are
// drawn on images, the pool of drawn copies. Opened anew after a device was lost. The run itself: training.ts.
import type { RgbImage } from '../data/image';
import type { tf } from '../gpu/tf';
import type { FeatureSource } from '../model/anomalies';
import { AnomalyPool, type Drawing } from './anomalyPool';
import { FeaturesChanged } from './errors';
import type { CacheOptions } from './featureCache';
import type { FeatureStore } from './featureStore';
import type { GpuSession } from './gpuSession';
import type { HeldFeatures } from './heldFeatures';
import type { ImageStore } from './imageStore';
import { adaptFeatures, sameKind, type FeatureKind, type Statistics } from './modelState';
import type { Settings } from './settings';
import { adaptedBatch } from './trainingStatistics';
import type { EngineEvent, ImageId } from './types';

export interface SourceOptions {
  settings: Settings;
  images: ImageStore;
  features: FeatureStore;
  gpu: GpuSession;
  /** Feature maps phi, each [1, H, W, C], of some images. */
  extract(images: RgbImage[]): Promise<tf.Tensor4D[]>;
  /** Images a pass. */
  batch(): number;
  emit(event: EngineEvent): void;
  /** Of features of images with anomalies drawn on them. */
  drawnCache: CacheOptions;
}

/** What the source gives, the same each time it is opened. */
export interface SourceWish {
  ids: readonly ImageId[];
  features: FeatureKind;
  statistics: Statistics;
  /** Anomalies to draw on images; null when none are needed. */
  drawing: Drawing | null;
}

export class TrainingSource implements FeatureSource {
  #held: HeldFeatures | null = null;
  #pool: AnomalyPool | null = null;
  #losses: number;

  constructor(
    private readonly options: SourceOptions,
    private readonly wish: SourceWish,
  ) {
    this.#losses = options.gpu.losses;
  }

  get count(): number {
    return this.wish.ids.length;
  }

  /** How often the device had been lost when the source was last opened. */
  get losses(): number {
    return this.#losses;
  }

  /** Whether what it holds is still there. */
  get onDevice(): boolean {
    return this.options.gpu.losses === this.#losses;
  }

  /**
   * Takes hold of features that are there and draws anomalies, if any are wished for.
   * @param wanted looked at between passes
   * @returns false when it is no longer wanted @throws FeaturesChanged, DeviceLost, GpuFault
   */
  async open(wanted: () => boolean): Promise<boolean> {
    this.#losses = this.options.gpu.losses;
    this.#giveUp({ lost: true });
    this.#held = this.options.features.hold(this.wish.ids);
    const { drawing } = this.wish;
    if (!drawing) return true;
    this.#pool = await this.#draw(drawing, wanted);
    return this.#pool !== null;
  }

  ready(indices: readonly number[]): Promise<void> {
    return this.#held!.ready(indices);
  }

  batch(indices: readonly number[]): tf.Tensor4D {
    return adaptedBatch(this.#held!, indices, this.wish.statistics);
  }

  /** Runs in the trainer's tidy. */
  readonly anomalous: FeatureSource['anomalous'] = (indices, random) => {
    const { phi, mask } = this.#pool!.anomalous(indices, random);
    return { phi: adaptFeatures(phi, this.wish.statistics), mask };
  };

  /** Gives up what is still there. */
  release(): void {
    this.#giveUp({ lost: !this.onDevice });
  }

  #giveUp(how: { lost: boolean }): void {
    this.#held?.release(how);
    this.#pool?.release(how);
    [this.#held, this.#pool] = [null, null];
  }

  #draw(drawing: Drawing, wanted: () => boolean): Promise<AnomalyPool | null> {
    const { settings, images, extract, batch, emit, drawnCache } = this.options;
    return AnomalyPool.compute(this.wish.ids, drawing, settings.shape, {
      prepared: (id) => images.prepared(id),
      extract,
      batch: batch(),
      cache: drawnCache,
      wanted: () => {
        if (!sameKind(this.wish.features, settings.kind)) throw new FeaturesChanged();
        return wanted();
      },
      onProgress: (done, total) => emit({ kind: 'features', done, total }),
    });
  }
}
