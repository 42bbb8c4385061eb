// What colours mean in the inside view: the principal components of some training images' features, computed once for these
// images and kept, so that pictures of different moments can be compared.
import { tf } from '../../lib/gpu/tf';
import { spread } from '../../lib/datasets/spread';
import { adaptFeatures, type Statistics } from '../../lib/backbones/features';
import { featureColours, PIXEL_COLOURS, type FeatureColours } from '../../lib/scoring/featureColours';
import type { ImageParts, PartId } from '../features/imageParts';
import type { ModelState } from '../models/modelState';
import type { ImageId } from '../api/types';
import { readOut } from './insidePictures';

export interface InsideSources {
  /** How an image is looked at. @throws UnknownImage */
  parts(id: ImageId): Promise<ImageParts>;
  /** Raw phi [1, H, W, C] of a part; disposed here. */
  features(part: PartId): Promise<tf.Tensor4D>;
  /** What is learned from. */
  trainingParts(): PartId[];
  /** The model that answers for these features, or null. */
  model(): ModelState | null;
  /** Whether pixels are looked at in place of features. */
  pixels(): boolean;
}

/** Images whose features are looked at, and places of each. */
const IMAGES = 8;
const PLACES = 64;

type Sources = Pick<InsideSources, 'features' | 'trainingParts' | 'model' | 'pixels'>;

export class ColourKeeper {
  readonly #sources: Sources;
  #kept: { parts: readonly PartId[]; key: string; colours: Promise<FeatureColours> } | null = null;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** The features are others from here on. */
  forget(): void {
    this.#kept = null;
  }

  /** @param otherwise the part to take where there are no training images */
  current(otherwise: PartId): Promise<FeatureColours> {
    if (this.#sources.pixels()) return Promise.resolve(PIXEL_COLOURS);
    const training = this.#sources.trainingParts();
    const statistics = this.#sources.model()?.statistics ?? null;
    const key = statistics?.channels?.mean.join() ?? '';
    if (this.#kept?.key === key && this.#stands(training)) return this.#kept.colours;
    const parts = training.length > 0 ? spread(training, IMAGES) : [otherwise];
    const colours = this.#compute(parts, statistics);
    this.#kept = { parts, key, colours };
    // A failure is not kept: the next look tries again.
    colours.catch(() => {
      if (this.#kept?.colours === colours) this.#kept = null;
    });
    return colours;
  }

  /** Images that come later change no colours, once there were enough; another set does. */
  #stands(training: readonly PartId[]): boolean {
    const { parts } = this.#kept!;
    if (training.length === 0) return true;
    const there = new Set(training);
    return (
      (parts.length >= IMAGES || parts.length >= training.length) && parts.every((part) => there.has(part))
    );
  }

  async #compute(parts: readonly PartId[], statistics: Statistics | null): Promise<FeatureColours> {
    const rows: Float32Array[] = [];
    let channels = 0;
    for (const part of parts) {
      const phi = await this.#sources.features(part);
      channels = phi.shape[3];
      rows.push(await sample(phi, statistics));
    }
    const all = new Float32Array(rows.reduce((length, some) => length + some.length, 0));
    let at = 0;
    for (const some of rows) {
      all.set(some, at);
      at += some.length;
    }
    return featureColours(all, channels);
  }
}

/** Features at some places, evenly over the map. */
async function sample(phi: tf.Tensor4D, statistics: Statistics | null): Promise<Float32Array> {
  const [, height, width, channels] = phi.shape;
  const places = spread(
    Array.from({ length: height * width }, (_, i) => i),
    PLACES,
  );
  const taken = tf.tidy(() => {
    const adapted = statistics ? adaptFeatures(phi, statistics) : phi;
    return tf.gather(adapted.reshape([height * width, channels]), tf.tensor1d(places, 'int32'));
  });
  phi.dispose();
  return readOut(taken);
}
