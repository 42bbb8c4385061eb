// The store over a stand-in for the browser's CacheStorage; the real one is met by the browser tests.
import { beforeEach, describe, expect, it } from 'vitest';
import { openBrowserCache } from './browserCache';
import type { WeightCache } from './cache';
import { CacheFull } from './errors';

class FakeCache {
  readonly entries = new Map<string, Response>();
  quota = Infinity;

  async match(request: string | Request): Promise<Response | undefined> {
    return this.entries.get(typeof request === 'string' ? request : request.url)?.clone();
  }
  async put(url: string, response: Response): Promise<void> {
    const { byteLength } = await response.clone().arrayBuffer();
    if (byteLength > this.quota) throw new DOMException('no room', 'QuotaExceededError');
    this.entries.set(url, response);
  }
  async delete(url: string): Promise<boolean> {
    return this.entries.delete(url);
  }
  async keys(): Promise<Request[]> {
    return [...this.entries.keys()].map((url) => new Request(url));
  }
}

class FakeStorage {
  readonly stores = new Map<string, FakeCache>();

  async open(name: string): Promise<FakeCache> {
    const store = this.stores.get(name) ?? new FakeCache();
    this.stores.set(name, store);
    return store;
  }
  async keys(): Promise<string[]> {
    return [...this.stores.keys()];
  }
  async delete(name: string): Promise<boolean> {
    return this.stores.delete(name);
  }
}

describe('the browser’s weight cache', () => {
  let storage: FakeStorage;
  let cache: WeightCache;
  beforeEach(async () => {
    storage = new FakeStorage();
    cache = await openBrowserCache(storage as unknown as CacheStorage);
  });

  it('gives back what it keeps, and lists it with its size', async () => {
    await cache.put('b/6.aa@main', Uint8Array.of(1, 2, 3));
    await cache.put('a', Uint8Array.of(4));
    expect(await cache.get('b/6.aa@main')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await cache.get('c')).toBeNull();
    expect(await cache.list()).toEqual([
      { key: 'a', bytes: 1 },
      { key: 'b/6.aa@main', bytes: 3 },
    ]);
  });

  it('forgets one entry or all', async () => {
    await cache.put('a', Uint8Array.of(1));
    await cache.put('b', Uint8Array.of(2));
    await cache.remove('a');
    expect(await cache.get('a')).toBeNull();
    await cache.clear();
    expect(await cache.list()).toEqual([]);
  });

  it('says when there is no room', async () => {
    await cache.put('a', Uint8Array.of(1));
    for (const store of storage.stores.values()) store.quota = 2;
    await expect(cache.put('b', Uint8Array.of(1, 2, 3))).rejects.toThrow(CacheFull);
  });

  it('deletes stores of older versions and leaves others alone', async () => {
    await storage.open('grad-weights-v0');
    await storage.open('somebody-else');
    await openBrowserCache(storage as unknown as CacheStorage);
    expect(await storage.keys()).not.toContain('grad-weights-v0');
    expect(await storage.keys()).toContain('somebody-else');
  });
});
