// Weights from the Hub as the engine uses them: asked for by name, kept, listed, cleared, cancelled. One download at
// a time; a second one ends the first. It knows no GPU: what is fetched is handed over to be adopted.
import {
  cacheKey,
  keptFromHub,
  loadFromHub,
  keptFor,
  sufficientKeys,
  type HubProgress,
  type HubWeights,
} from '../../lib/backbones/hub';
import { openBrowserCache } from '../../lib/backbones/hub/browserCache';
import { MemoryCache, type WeightCache } from '../../lib/backbones/hub/cache';
import type { TransferOptions } from '../../lib/backbones/hub/connection';
import { DownloadCancelled } from '../../lib/backbones/hub/errors';
import { forget, readKey } from '../../lib/backbones/hub/keptWeights';
import { NanWeights } from '../../lib/backbones/errors';
import { backboneCost, familyIds } from '../../lib/backbones/offers';
import { toReport } from '../../lib/errors';
import type { NamedWeights } from './backboneStore';
import type { BackboneOffer, Calls, EngineEvent, KeptWeights } from '../api/types';

export interface HubDownloadOptions extends Pick<TransferOptions, 'fetch' | 'retry'> {
  /** Default: the browser's Cache API, or memory where that is not to be had. */
  openCache?: () => Promise<WeightCache>;
  emit(event: EngineEvent): void;
}

export class HubDownload {
  readonly #options: HubDownloadOptions;
  #cache: Promise<WeightCache> | null = null;
  /** The Hub or mirror last named: kept weights of others are not taken, unless their digest is known. */
  #baseUrl: string | undefined;
  #running: AbortController | null = null;

  constructor(options: HubDownloadOptions) {
    this.#options = options;
  }

  /** Names where weights come from from now on; nothing: from where they came so far, the Hub at first. */
  useHub(hub: string | undefined): void {
    if (hub) this.#baseUrl = hub.replace(/\/+$/, '');
  }

  /**
   * Fetches weights, or takes the kept ones, and hands them over; they are kept unless `adopt` finds them unusable.
   * @param hub base URL of a mirror. @throws what loadFromHub and `adopt` throw
   */
  async download<T>(
    { id, hub, taps }: Calls['downloadBackbone']['in'],
    adopt: (weights: HubWeights, report: (phase: 'upload' | 'warm-up') => void) => Promise<T>,
  ): Promise<T> {
    this.cancel();
    const running = (this.#running = new AbortController());
    const cache = await this.#open();
    let last: HubProgress = { phase: 'header', received: 0, total: null };
    const onProgress = (progress: HubProgress) => {
      last = progress;
      this.#emit(id, progress.phase, progress);
    };
    const { fetch, retry } = this.#options;
    this.useHub(hub);
    const baseUrl = this.#baseUrl;
    try {
      const { signal } = running;
      const weights = await loadFromHub(id, {
        cache,
        signal,
        onProgress,
        ...(fetch && { fetch }),
        ...(retry && { retry }),
        ...(baseUrl && { baseUrl }),
        ...(taps && { taps }),
      });
      if (signal.aborted) throw new DownloadCancelled(id);
      if (weights.notKept) this.#options.emit({ kind: 'notice', error: toReport(weights.notKept) });
      return await adopt(weights, (phase) => this.#emit(id, phase, last));
    } catch (error) {
      // Weights that can never work must not come back at the next visit.
      if (error instanceof NanWeights) await forget(cache, cacheKey(id, undefined, taps));
      throw error;
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /** Ends the running download, if there is one; it rejects with DownloadCancelled. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Weights of an earlier download, without the network; a cache that cannot be read is as good as empty. */
  async kept(id: string, taps?: string): Promise<NamedWeights | null> {
    const baseUrl = this.#baseUrl;
    const from = { cache: await this.#open(), ...(baseUrl && { baseUrl }), ...(taps && { taps }) };
    return keptFromHub(id, from).catch(() => null);
  }

  /** The family with its costs. @param here whether weights are at hand without the cache */
  async offers(
    { inputSize, wanted, taps, hub }: Calls['backboneOffers']['in'],
    here: (id: string, taps: string) => boolean,
  ): Promise<BackboneOffer[]> {
    this.useHub(hub);
    const entries = keptFor(await (await this.#open()).list(), this.#baseUrl);
    return familyIds(wanted).map((id): BackboneOffer => {
      const cost = backboneCost(id, inputSize, taps);
      if (here(id, cost.taps)) return { ...cost, source: 'here' };
      if (cost.published === null) return { ...cost, source: 'file' };
      const kept = sufficientKeys(cost.published, entries, { taps: cost.taps });
      return { ...cost, source: kept.length > 0 ? 'kept' : 'hub' };
    });
  }

  /** What is kept, one line an id: the same weights may be there up to different blocks. */
  async list(): Promise<KeptWeights[]> {
    const kept = new Map<string, KeptWeights>();
    for (const { key, bytes } of await (await this.#open()).list()) {
      const read = readKey(key);
      if (!read) continue;
      const id = read.name.slice(0, read.name.lastIndexOf('@'));
      const before = kept.get(id) ?? { id, bytes: 0, from: [] };
      const from = 'source' in read ? [...new Set([...before.from, read.source])] : before.from;
      kept.set(id, { id, bytes: before.bytes + ('sha256' in read ? bytes : 0), from });
    }
    return [...kept.values()].filter(({ bytes }) => bytes > 0);
  }

  async clear(): Promise<void> {
    await (await this.#open()).clear();
  }

  #open(): Promise<WeightCache> {
    return (this.#cache ??= (this.#options.openCache ?? openDefaultCache)());
  }

  #emit(id: string, phase: Extract<EngineEvent, { kind: 'download' }>['phase'], progress: HubProgress): void {
    this.#options.emit({
      kind: 'download',
      id,
      phase,
      doneBytes: progress.received,
      totalBytes: progress.total,
    });
  }
}

/** Private windows and pages without a secure context have no lasting storage. */
async function openDefaultCache(): Promise<WeightCache> {
  try {
    // Where storage is refused, the very name throws.
    if (typeof caches === 'undefined') return new MemoryCache();
    return await openBrowserCache();
  } catch {
    return new MemoryCache();
  }
}
