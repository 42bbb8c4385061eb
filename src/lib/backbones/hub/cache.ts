// Where fetched weights are kept: one small interface, in the browser the Cache API (browserCache.ts), in Node a
// folder (folderCache.ts). A store only keeps bytes under keys; what is in them is checked where they are read
// (keptWeights.ts), so a half-written entry is never used.

export interface KeptEntry {
  key: string;
  bytes: number;
}

export interface WeightCache {
  /** The bytes kept under a key, or null. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keeps bytes, all or nothing. @throws CacheFull. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(key: string): Promise<void>;
  /** Every key with its size, sorted by key. */
  list(): Promise<KeptEntry[]>;
  clear(): Promise<void>;
}

/** Part of every store's name: raise it when what is kept changes its meaning; older stores are then deleted. */
export const CACHE_VERSION = 2;

/** Keeps nothing beyond the page's life: where storage is forbidden (private windows), and in tests. */
export class MemoryCache implements WeightCache {
  readonly #entries = new Map<string, Uint8Array>();

  async get(key: string): Promise<Uint8Array | null> {
    return this.#entries.get(key) ?? null;
  }
  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#entries.set(key, bytes.slice());
  }
  async remove(key: string): Promise<void> {
    this.#entries.delete(key);
  }
  async list(): Promise<KeptEntry[]> {
    return [...this.#entries].map(([key, { byteLength: bytes }]) => ({ key, bytes })).sort(byKey);
  }
  async clear(): Promise<void> {
    this.#entries.clear();
  }
}

export const byKey = (a: KeptEntry, b: KeptEntry): number => (a.key < b.key ? -1 : 1);
