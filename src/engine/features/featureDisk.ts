// Feature maps in one packed scratch file, as float32, bit for bit: the tier below main memory. Reading is synchronous,
// so that a training step takes its batch as if it lay in memory. Knows slots, not images; who lives in which tier is
// decided in featureCache.ts. The file itself: opfsScratch.ts in a browser.

/** One file for bytes that nobody needs after this visit. */
export interface ScratchFile {
  /** Bytes it may grow to. */
  readonly capacity: number;
  /** @throws when the disk is full */
  write(at: number, bytes: Uint8Array): void;
  /** Fills `into`. @throws when the file is gone */
  read(at: number, into: Uint8Array): void;
  close(): void;
}

/** Null where there is no such file. */
export type OpenScratch = () => Promise<ScratchFile | null>;

export type MapShape = [number, number, number, number];

/** A feature map outside the GPU. Whoever holds it frees it once. */
export interface StoredMap {
  readonly shape: MapShape;
  values(): Float32Array;
  /** The same map for another holder. */
  share(): StoredMap;
  free(): void;
}

export class FeatureDisk {
  readonly #open: OpenScratch;
  readonly #budget: number;
  #file: Promise<ScratchFile | null> | null = null;
  /** Offsets of freed slots, by their size. */
  readonly #free = new Map<number, number[]>();
  #end = 0;
  #used = 0;

  constructor(open: OpenScratch, budget: number) {
    this.#open = open;
    this.#budget = budget;
  }

  /** Bytes of maps that someone holds. */
  get used(): number {
    return this.#used;
  }

  /** Keeps a map; null when there is no file or no room in it, so that it has to be computed again. */
  async put(shape: MapShape, values: Float32Array): Promise<StoredMap | null> {
    this.#file ??= this.#open().catch(() => null);
    const file = await this.#file;
    if (!file) return null;
    const at = this.#takeSlot(values.byteLength, Math.min(this.#budget, file.capacity));
    if (at === null) return null;
    try {
      file.write(at, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    } catch {
      // The browser's promise of room was not kept.
      this.#giveBack(at, values.byteLength);
      return null;
    }
    return this.#slot(file, at, shape, values.length);
  }

  /** Nothing is kept or read after this. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = Promise.resolve(null);
    (await file)?.close();
  }

  #slot(file: ScratchFile, at: number, shape: MapShape, length: number): StoredMap {
    let holders = 1;
    const map: StoredMap = {
      shape,
      values: () => {
        const values = new Float32Array(length);
        file.read(at, new Uint8Array(values.buffer));
        return values;
      },
      share: () => {
        holders++;
        return map;
      },
      free: () => {
        if (--holders === 0) this.#giveBack(at, length * Float32Array.BYTES_PER_ELEMENT);
      },
    };
    return map;
  }

  #takeSlot(bytes: number, capacity: number): number | null {
    const reused = this.#free.get(bytes)?.pop();
    if (reused === undefined && this.#end + bytes > capacity) return null;
    this.#used += bytes;
    if (reused !== undefined) return reused;
    this.#end += bytes;
    return this.#end - bytes;
  }

  #giveBack(at: number, bytes: number): void {
    this.#used -= bytes;
    // Maps of another size will follow those of this one.
    if (this.#used === 0) {
      this.#free.clear();
      this.#end = 0;
      return;
    }
    const free = this.#free.get(bytes);
    if (free) free.push(at);
    else this.#free.set(bytes, [at]);
  }
}
