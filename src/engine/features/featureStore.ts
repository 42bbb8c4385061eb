// Computes feature maps in the background, a few images at a time, and hands them out. An image that someone waits
// for jumps the queue, so the picture on screen answers long before the last one is done. What is an image here may be a
// tile of one.
import type { InputImage } from '../../lib/images/cut';
import type { tf } from '../../lib/gpu/tf';
import { FeaturesOutgrown } from '../api/errors';
import { FeatureCache, type CacheOptions, type FeatureTiers } from './featureCache';
import type { HeldFeatures } from './heldFeatures';
import type { PartId } from './imageParts';

export interface FeatureStoreOptions {
  /** Pixels of an image at the input size. */
  prepared(id: PartId): Promise<InputImage>;
  /** Feature maps phi, each [1, H, W, C], of some images. */
  extract(images: InputImage[]): Promise<tf.Tensor4D[]>;
  /** Images a pass: few on a slow adapter, so that others get their turn. */
  batch(): number;
  onProgress(done: number, total: number): void;
  /** An image's features are there: its pixels are not needed for them any more. */
  onComputed(id: PartId): void;
  cache: CacheOptions;
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

export class FeatureStore {
  readonly #options: FeatureStoreOptions;
  readonly #cache: FeatureCache;
  readonly #waiters = new Map<PartId, Waiter[]>();
  #queue: PartId[] = [];
  #known = new Set<PartId>();
  #running: Promise<void> | null = null;
  #generation = 0;
  #suspended = false;

  constructor(options: FeatureStoreOptions) {
    this.#options = options;
    this.#cache = new FeatureCache(options.cache);
  }

  /** Where the maps are. */
  get tiers(): FeatureTiers {
    return this.#cache.tiers;
  }

  /** Puts images at the end of the queue. */
  add(ids: readonly PartId[]): void {
    for (const id of ids) this.#known.add(id);
    this.#queue.push(...ids.filter((id) => !this.#cache.has(id)));
    this.#start();
  }

  remove(ids: readonly PartId[]): void {
    const gone = new Set(ids);
    this.#queue = this.#queue.filter((id) => !gone.has(id));
    for (const id of ids) {
      this.#known.delete(id);
      this.#cache.delete(id);
      this.#settle(id, new RangeError('the image was removed'));
    }
  }

  /**
   * Drops every map and computes all anew: the backbone or the input size changed.
   * @param ids the images that there are now; who waits for another hears that it has gone
   */
  restart(ids: readonly PartId[] = [...this.#known]): void {
    this.#generation++;
    this.#cache.clear();
    this.#known = new Set(ids);
    for (const id of [...this.#waiters.keys()])
      if (!this.#known.has(id)) this.#settle(id, new FeaturesOutgrown());
    this.#queue = [...ids];
    this.#start();
  }

  /** The device is lost and every map with it. Nothing is computed until `resume`; who waits goes on waiting. */
  suspend(): void {
    this.#generation++;
    this.#suspended = true;
    this.#cache.abandon();
  }

  /** A new device is there: all is computed anew. */
  resume(): void {
    this.#suspended = false;
    this.#queue = [...this.#known];
    this.#start();
  }

  /** Nothing more will be computed: who waits hears why. */
  giveUp(error: unknown): void {
    this.#queue = [];
    for (const id of [...this.#waiters.keys()]) this.#settle(id, error);
  }

  /** phi [1, H, W, C] of an image, next in line if it is not there yet. The caller disposes it. */
  async get(id: PartId): Promise<tf.Tensor4D> {
    for (;;) {
      if (!this.#cache.has(id)) await this.#next(id);
      const kept = this.#cache.get(id);
      if (kept) return kept;
      const generation = this.#generation;
      const [again] = await this.#extract([id]);
      if (generation === this.#generation) return again!;
      again!.dispose();
    }
  }

  /** Features of images that are surely there (after `idle`), to be released by the caller. @throws RangeError */
  hold(ids: readonly PartId[]): HeldFeatures {
    const generation = this.#generation;
    return this.#cache.hold(ids, (missing) => this.#again(missing, generation));
  }

  /** Maps that are kept nowhere, as they were at that time. @throws FeaturesOutgrown when that cannot be had any more */
  async #again(ids: readonly PartId[], generation: number): Promise<tf.Tensor4D[]> {
    const same = () => generation === this.#generation && ids.every((id) => this.#known.has(id));
    if (!same()) throw new FeaturesOutgrown();
    const maps: tf.Tensor4D[] = [];
    const batch = this.#options.batch();
    for (let at = 0; at < ids.length; at += batch)
      maps.push(...(await this.#extract(ids.slice(at, at + batch))));
    if (same()) return maps;
    maps.forEach((map) => map.dispose());
    throw new FeaturesOutgrown();
  }

  async #extract(ids: readonly PartId[]): Promise<tf.Tensor4D[]> {
    return this.#options.extract(await Promise.all(ids.map((id) => this.#options.prepared(id))));
  }

  /** Whether the features of all these images are there. */
  has(ids: readonly PartId[]): boolean {
    return ids.every((id) => this.#cache.has(id));
  }

  /** Resolves when features of all images are there; rejects with what stopped it. Tries again what failed before. */
  async idle(): Promise<void> {
    if (!this.#running) this.#queue = [...this.#known].filter((id) => !this.#cache.has(id));
    this.#start();
    while (this.#running) await this.#running;
  }

  #next(id: PartId): Promise<void> {
    if (!this.#known.has(id)) return Promise.reject(new RangeError(`no image ${id}`));
    this.#queue = [id, ...this.#queue.filter((other) => other !== id)];
    const done = new Promise<void>((resolve, reject) => {
      this.#waiters.set(id, [...(this.#waiters.get(id) ?? []), { resolve, reject }]);
    });
    this.#start();
    return done;
  }

  #start(): void {
    if (this.#running || this.#suspended || this.#queue.length === 0) return;
    this.#running = this.#drain()
      .catch((error: unknown) => {
        // Starting again with the same queue would fail again, for ever.
        this.giveUp(error);
        throw error;
      })
      .finally(() => {
        this.#running = null;
        // Someone may have asked between the last look at the queue and this.
        this.#start();
      });
    // Whoever waits hears of the failure; without waiters `idle` tells.
    this.#running.catch(() => undefined);
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0 && !this.#suspended) {
      const urgent = this.#waiters.has(this.#queue[0]!);
      const ids = this.#queue.splice(0, urgent ? 1 : this.#options.batch());
      await this.#compute(ids);
      this.#options.onProgress(this.#done(), this.#known.size);
    }
  }

  async #compute(ids: PartId[]): Promise<void> {
    const generation = this.#generation;
    try {
      const maps = await this.#extract(ids);
      for (const [i, id] of ids.entries()) await this.#keep(id, maps[i]!, generation);
    } catch (error) {
      // A restart meanwhile made this work moot, its failure too; the ids are queued again.
      if (generation !== this.#generation) return;
      ids.forEach((id) => this.#settle(id, error));
      throw error;
    }
  }

  async #keep(id: PartId, phi: tf.Tensor4D, generation: number): Promise<void> {
    if (generation !== this.#generation || !this.#known.has(id)) return void phi.dispose();
    await this.#cache.put(id, phi);
    // Keeping one in main memory takes time.
    if (generation !== this.#generation || !this.#known.has(id)) return this.#cache.delete(id);
    this.#options.onComputed(id);
    this.#settle(id);
  }

  #done(): number {
    return [...this.#known].filter((id) => this.#cache.has(id)).length;
  }

  #settle(id: PartId, error?: unknown): void {
    for (const waiter of this.#waiters.get(id) ?? []) {
      if (error === undefined) waiter.resolve();
      else waiter.reject(error);
    }
    this.#waiters.delete(id);
  }
}
