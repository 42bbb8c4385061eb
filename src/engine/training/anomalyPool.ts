// Synthetic anomalies drawn on training images, as stage 1 learns from them: a few pasted copies of every image, seen by
// the backbone once before the run begins and drawn from while it goes on. Seeded: the same images and seed give the
// same pool, so that a run goes on after a lost device or from its checkpoint. How they are drawn: data/anomalies.
import { cutPaste } from '../../lib/images/synthetic/cutPaste';
import { maskOnCells } from '../../lib/images/synthetic/drawing';
import { perlinPaste } from '../../lib/images/synthetic/perlin';
import { drawInside, insideOf, type InputImage } from '../../lib/images/cut';
import type { Mask } from '../../lib/images/image';
import { resample } from '../../lib/images/resize';
import type { tf } from '../../lib/gpu/tf';
import type { Anomalies } from '../../lib/methods/grad/anomalies';
import { Random } from '../../lib/nn/random';
import { FeatureCache, type CacheOptions } from '../features/featureCache';
import type { HeldFeatures } from '../features/heldFeatures';
import { anomaliesAt, type AnomalousImages } from '../features/maskedFeatures';
import type { PartId } from '../features/imageParts';

/** Pasted copies of an image, as long as the pool stays within the budget. */
const COPIES = 4;
const BUDGET_BYTES = 2 ** 30;
const FLOAT_BYTES = 4;

/** What is drawn, and under which seed. */
export interface Drawing {
  kind: 'cutpaste' | 'perlin';
  seed: number;
}

export interface PoolSources {
  /** Pixels of an image, or a tile of one, at the input size. */
  prepared(id: PartId): Promise<InputImage>;
  /** Feature maps phi, each [1, H, W, C], of some images. */
  extract(images: InputImage[]): Promise<tf.Tensor4D[]>;
  /** Images a pass. */
  batch: number;
  cache: CacheOptions;
  /** Looked at before every pass; throws, or says whether to go on. */
  wanted(): boolean;
  onProgress(done: number, total: number): void;
}

/** Which copy of which image. */
interface Entry {
  image: number;
  copy: number;
}

export class AnomalyPool implements AnomalousImages {
  private constructor(
    readonly copies: number,
    private readonly held: HeldFeatures,
    /** Of each copy, on the cells of the feature map. */
    private readonly masks: readonly Float32Array[],
  ) {}

  /** Draws and computes the whole pool. @returns null when it is no longer wanted */
  static async compute(
    ids: readonly PartId[],
    drawing: Drawing,
    shape: { height: number; width: number; channels: number },
    sources: PoolSources,
  ): Promise<AnomalyPool | null> {
    const copies = copiesFor(ids.length, shape);
    const entries = ids.flatMap((_, image) => Array.from({ length: copies }, (_, copy) => ({ image, copy })));
    const cache = new FeatureCache(sources.cache);
    const masks: Float32Array[] = [];
    try {
      for (let at = 0; at < entries.length; at += sources.batch) {
        if (!sources.wanted()) return null;
        const part = entries.slice(at, at + sources.batch);
        const pasted = await Promise.all(part.map((entry) => draw(ids, entry, drawing, sources)));
        const maps = await sources.extract(pasted.map(({ image }) => image));
        for (const [i, map] of maps.entries()) await cache.put(String(at + i), map);
        masks.push(...pasted.map(({ mask }) => maskOnCells(mask, shape.height, shape.width)));
        sources.onProgress(masks.length, entries.length);
      }
      const names = entries.map((_, i) => String(i));
      return new AnomalyPool(copies, cache.hold(names, neverAgain), masks);
    } finally {
      cache.clear();
    }
  }

  /** A random copy of each image: phi [n, H, W, C] as the backbone gives it, and where it was pasted over. */
  anomalous(indices: readonly number[], random: Random): Anomalies {
    const entries = indices.map((index) => index * this.copies + random.int(0, this.copies - 1));
    return anomaliesAt(this.held, this.masks, entries);
  }

  /** @param how whether the device was lost, and what was on it */
  release(how: { lost: boolean }): void {
    this.held.release(how);
  }
}

/** The pool's cache keeps all it is given. */
const neverAgain = () => Promise.reject(new RangeError('a drawn copy was not kept'));

/** As many as the budget allows, at least one. */
function copiesFor(count: number, shape: { height: number; width: number; channels: number }): number {
  const bytes = count * shape.height * shape.width * shape.channels * FLOAT_BYTES;
  return Math.max(1, Math.min(COPIES, Math.floor(BUDGET_BYTES / bytes)));
}

/** One pasted copy; its stream depends on its place alone, not on how many others there are. */
async function draw(
  ids: readonly PartId[],
  { image, copy }: Entry,
  { kind, seed }: Drawing,
  { prepared }: PoolSources,
): Promise<{ image: InputImage; mask: Mask }> {
  const random = Random.stream(seed, `${kind} ${copy} on image ${image}`);
  const pixels = await prepared(ids[image]!);
  if (kind === 'cutpaste') return drawInside(pixels, (inside) => cutPaste(inside, random));
  const texture = insideOf(await prepared(ids[another(image, ids.length, random)]!));
  return drawInside(pixels, (inside) =>
    perlinPaste(inside, resample(texture, inside.width, inside.height), random),
  );
}

/** Another image than this one, where there is another. */
function another(image: number, count: number, random: Random): number {
  if (count === 1) return image;
  const drawn = random.int(0, count - 2);
  return drawn < image ? drawn : drawn + 1;
}
