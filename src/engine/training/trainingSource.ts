// What one run learns from: the features of its training images as they were when it began, and, for anomalies that are
// drawn on images, the pool of drawn copies; for real ones, the images that have them. Opened anew after a device was lost. The run itself: training.ts.
import type { InputImage } from '../../lib/images/cut';
import { adaptFeatures } from '../../lib/backbones/features';
import { tf } from '../../lib/gpu/tf';
import { turnedInside } from '../../lib/images/turn';
import type { FeatureSource } from '../../lib/methods/grad/anomalies';
import { AnomalyPool, type Drawing } from './anomalyPool';
import { CheckpointMisfit, FeaturesChanged } from '../api/errors';
import type { CacheOptions } from '../features/featureCache';
import type { FeatureStore } from '../features/featureStore';
import type { GpuSession } from '../adapter/gpuSession';
import type { HeldFeatures } from '../features/heldFeatures';
import type { ImageStore } from '../features/imageStore';
import type { AnomalousImages } from '../features/maskedFeatures';
import { sameKind, type FeatureKind, type Statistics } from '../models/modelState';
import {
  checksumOf,
  readCellMasks,
  RealAnomalies,
  type CellMasks,
  type RealAnomalyList,
} from './realAnomalies';
import type { Settings } from '../features/featureSettings';
import { adaptedBatch } from '../features/trainingStatistics';
import type { EngineEvent, ImageId } from '../api/types';

export interface SourceOptions {
  settings: Settings;
  images: ImageStore;
  features: FeatureStore;
  gpu: GpuSession;
  /** Feature maps phi, each [1, H, W, C], of some images. */
  extract(images: InputImage[]): Promise<tf.Tensor4D[]>;
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
  /** Anomalies to draw on images, or images that have them; null when none are needed. */
  anomalies: Drawing | RealAnomalyList | null;
}

export class TrainingSource implements FeatureSource {
  #held: HeldFeatures | null = null;
  #anomalous: AnomalousImages | null = null;
  /** Of real anomalies; read once, so that a run goes on with the same after a lost device. */
  #masks: CellMasks | null = null;
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
   * @returns false when it is no longer wanted
   * @throws FeaturesChanged, NoRealAnomalies, CheckpointMisfit, DeviceLost, GpuFault
   */
  async open(wanted: () => boolean): Promise<boolean> {
    this.#losses = this.options.gpu.losses;
    this.#giveUp({ lost: true });
    this.#held = this.options.features.hold(this.wish.ids);
    const { anomalies } = this.wish;
    if (!anomalies) return true;
    this.#anomalous =
      anomalies.kind === 'masks' ? await this.#real(anomalies) : await this.#draw(anomalies, wanted);
    return this.#anomalous !== null;
  }

  /** The real anomalies that the run learns from, for its checkpoint; null when it learns from others. */
  get realAnomalies(): Required<RealAnomalyList> | null {
    if (!this.#masks) return null;
    return { kind: 'masks', ids: this.#masks.ids, masks: checksumOf(this.#masks.masks) };
  }

  ready(indices: readonly number[]): Promise<void> {
    return this.#held!.ready(indices);
  }

  batch(indices: readonly number[]): tf.Tensor4D {
    return adaptedBatch(this.#held!, indices, this.wish.statistics);
  }

  /** @throws FeaturesChanged, GpuFault */
  async turned(index: number, eighths: readonly number[]): Promise<tf.Tensor4D> {
    const { images, extract, batch, settings } = this.options;
    const { ids, features, statistics } = this.wish;
    const maps: tf.Tensor4D[] = [];
    try {
      const image = await images.prepared(ids[index]!);
      for (let at = 0; at < eighths.length; at += batch()) {
        if (!sameKind(features, settings.kind)) throw new FeaturesChanged();
        const some = eighths.slice(at, at + batch()).map((turn) => turnedInside(image, turn));
        maps.push(...(await extract(some)));
      }
      return tf.tidy(() => adaptFeatures(tf.concat(maps, 0), statistics));
    } finally {
      tf.dispose(maps);
    }
  }

  /** Runs in the trainer's tidy. */
  readonly anomalous: FeatureSource['anomalous'] = (indices, random) => {
    const { phi, mask } = this.#anomalous!.anomalous(indices, random);
    return { phi: adaptFeatures(phi, this.wish.statistics), mask };
  };

  /** Gives up what is still there. */
  release(): void {
    this.#giveUp({ lost: !this.onDevice });
  }

  #giveUp(how: { lost: boolean }): void {
    this.#held?.release(how);
    this.#anomalous?.release(how);
    [this.#held, this.#anomalous] = [null, null];
  }

  async #real({ ids, masks }: RealAnomalyList): Promise<RealAnomalies> {
    const { images, features, settings } = this.options;
    const cells = (this.#masks ??= await readCellMasks(images, ids, settings.shape));
    if (masks !== undefined && checksumOf(cells.masks) !== masks)
      throw new CheckpointMisfit('the masks of its anomalous images are others');
    const held = features.hold(cells.ids);
    const real = (this.#anomalous = new RealAnomalies(held, cells.masks));
    // There are few of them, and any batch may draw any.
    await held.ready(cells.ids.map((_, i) => i));
    return real;
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
