// Kept weights in the browser's Cache API. `put` stores a response only once its body has come in whole.
import { byKey, CACHE_VERSION, type KeptEntry, type WeightCache } from './cache';
import { CacheFull } from './errors';

const PREFIX = 'grad-weights-v';
const NAME = `${PREFIX}${CACHE_VERSION}`;
/** The Cache API wants URLs as keys; this host can never exist (RFC 2606). */
const ORIGIN = 'https://weights.invalid/';

/** Opens the store and deletes those of older versions. */
export async function openBrowserCache(storage: CacheStorage = caches): Promise<WeightCache> {
  for (const name of await storage.keys()) {
    if (name.startsWith(PREFIX) && name !== NAME) await storage.delete(name);
  }
  return new BrowserCache(storage);
}

class BrowserCache implements WeightCache {
  constructor(private readonly storage: CacheStorage) {}

  async get(key: string): Promise<Uint8Array | null> {
    // A browser that refuses its storage, from now on or always, has kept nothing.
    const response = await this.#open().then((cache) => cache.match(urlOf(key))).catch(() => undefined); // prettier-ignore
    return response ? new Uint8Array(await response.arrayBuffer()) : null;
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { 'content-length': String(bytes.byteLength) };
    try {
      await (await this.#open()).put(urlOf(key), new Response(bytes, { headers }));
    } catch (cause) {
      throw new CacheFull(bytes.byteLength, { cause });
    }
  }

  async remove(key: string): Promise<void> {
    await (await this.#open()).delete(urlOf(key));
  }

  async list(): Promise<KeptEntry[]> {
    const cache = await this.#open().catch(() => null);
    if (!cache) return [];
    const entries = (await cache.keys()).map(async (request): Promise<KeptEntry> => {
      const length = (await cache.match(request))?.headers.get('content-length');
      return { key: decodeURIComponent(request.url.slice(ORIGIN.length)), bytes: Number(length ?? 0) };
    });
    return (await Promise.all(entries)).sort(byKey);
  }

  async clear(): Promise<void> {
    await this.storage.delete(NAME);
  }

  async #open(): Promise<Cache> {
    return this.storage.open(NAME);
  }
}

const urlOf = (key: string) => ORIGIN + encodeURIComponent(key);
