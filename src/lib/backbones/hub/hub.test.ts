// The loader against a local server that speaks the Hub's protocol, with every fault it must survive or name.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors, type StoredTensor } from '../../formats/safetensors';
import { startHubServer, type HubServer } from '../../../testing/hubServer';
import { PUBLISHED_ID, publishedFile, stored } from '../../../testing/publishedFile';
import { MissingTensor, UnknownTag, UnknownTap, WrongArchitecture, WrongShape } from '../errors';
import { cacheKey, hubUrl, keptFromHub, loadFromHub, type HubOptions, type HubProgress } from '.';
import { MemoryCache, type KeptEntry, type WeightCache } from './cache';
import { readKey } from './keptWeights';
import { CacheFull, ConnectionCut, DownloadCancelled, FileChanged, HubBusy, HubForbidden, HubNotFound, HubUnreachable, NotPublished, Offline, WrongHash, WrongRange } from './errors'; // prettier-ignore
import { FolderCache } from './folderCache';
import { neededTensors } from '../plan';
import { wholePlan } from '../table';
import { planForTaps } from '../taps';

const ID = PUBLISHED_ID;
const KEY = cacheKey(ID);
// A loaded machine may pause for seconds; only the test of silent connections waits for less.
const RETRY = { attempts: 3, baseMs: 1, stallMs: 20_000 };

const FILE = publishedFile();
const PUBLISHED = readSafetensors(FILE).tensors;
/** Names of kept weights. */
const namesIn = (entries: KeptEntry[]) =>
  entries.flatMap(({ key }) => {
    const read = readKey(key);
    return read && 'sha256' in read ? [read.name] : [];
  });
/** The key of the only kept weights. */
const weightsKey = async (cache: WeightCache) =>
  (await cache.list()).map(({ key }) => key).find((key) => key.includes('#'))!;

describe('loadFromHub', () => {
  let server: HubServer;
  let cache: WeightCache;
  const load = (more: Partial<HubOptions> = {}) =>
    loadFromHub(ID, { cache, baseUrl: server.url, retry: RETRY, ...more });

  beforeAll(async () => void (server = await startHubServer(FILE)));
  afterAll(() => server.close());
  beforeEach(() => {
    cache = new MemoryCache();
    server.serve(FILE, '"first"');
    server.requests.length = 0;
  });
  afterEach(() => server.failAlways({ fine: true }));

  it('fetches the needed tensors alone, in few requests, byte for byte', async () => {
    const { tensors, received, fileBytes, id } = await load();
    expect(id).toBe('mobilenetv2_100.ra_in1k');
    expect([...tensors.keys()]).toEqual([...neededTensors(wholePlan(ID)).keys()]);
    for (const [name, { bytes }] of tensors)
      expect(Buffer.compare(bytes, PUBLISHED.get(name)!.bytes)).toBe(0);
    expect(fileBytes).toBe(FILE.byteLength);
    expect(received).toBeLessThan(FILE.byteLength / 2);
    expect(server.requests.length).toBe(4);
    expect(server.requests[0]!.path).toBe('/timm/mobilenetv2_100.ra_in1k/resolve/main/model.safetensors');
  });

  it('fetches for shallower taps what they need alone, and keeps it apart', async () => {
    const taps = 'blocks.1,blocks.2';
    const shallow = await load({ taps });
    expect([...shallow.tensors.keys()]).toEqual([...neededTensors(planForTaps(ID, taps)).keys()]);
    expect((await load({ taps })).received).toBe(0);
    const whole = await load();
    expect(whole.received).toBeGreaterThan(shallow.received);
    expect([...whole.tensors.keys()]).toEqual([...neededTensors(wholePlan(ID)).keys()]);
    expect(namesIn(await cache.list())).toEqual([KEY, `${KEY}:blocks.2.2`]);
  });

  it('takes weights that were kept for deeper taps where fewer are needed', async () => {
    await load();
    await expect(load({ taps: 'blocks.2' })).resolves.toMatchObject({ received: 0 });
  });

  it('never uses half of what is needed: an entry that ends too early is as good as none', async () => {
    const shallow = await load({ taps: 'blocks.2' });
    const bytes = (await cache.get(`${KEY}:blocks.2.2#${shallow.sha256}`))! as Uint8Array<ArrayBuffer>;
    await cache.put(`${KEY}#${shallow.sha256}`, bytes);
    await cache.put(`${KEY}!hub`, new TextEncoder().encode(shallow.sha256));
    expect(await keptFromHub(ID, { cache })).toBeNull();
  });

  it('refuses taps that the architecture does not have, before anything is asked for', async () => {
    await expect(load({ taps: 'layer2' })).rejects.toThrow(UnknownTap);
    await expect(load({ taps: 'blocks.2.7' })).rejects.toThrow(UnknownTap);
    expect(server.requests).toEqual([]);
  });

  it('tells how far it is: bytes that never shrink, up to the announced total', async () => {
    const seen: HubProgress[] = [];
    const { received } = await load({ onProgress: (progress) => seen.push(progress) });
    const bytes = seen.map((progress) => progress.received);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
    expect([...new Set(seen.map((progress) => progress.phase))]).toEqual(['header', 'tensors', 'check']);
    expect(seen.at(-1)).toEqual({ phase: 'check', received, total: received });
  });

  it('takes kept weights without the network', async () => {
    const first = await load();
    server.requests.length = 0;
    const second = await load();
    expect(server.requests).toEqual([]);
    expect(second).toMatchObject({ id: first.id, sha256: first.sha256, received: 0 });
    expect([...second.tensors.keys()]).toEqual([...first.tensors.keys()]);
  });

  it('resumes where a connection broke, without fetching anything twice', async () => {
    const { received: whole } = await load();
    cache = new MemoryCache();
    server.requests.length = 0;
    server.fail({ fine: true }, { cutAt: 0.5 }, { cutAt: 0.5 }, { cutAt: 0.5 }, { cutAt: 0.5 });
    const { tensors, received } = await load();
    expect(received).toBe(whole);
    expect(tensors.get('conv_stem.weight')!.bytes).toEqual(PUBLISHED.get('conv_stem.weight')!.bytes);
  });

  it('takes the whole file from a server that ignores Range', async () => {
    server.failAlways({ ignoreRange: true });
    const { tensors, received } = await load();
    expect(received).toBe(FILE.byteLength);
    expect(tensors.get('conv_stem.weight')!.bytes).toEqual(PUBLISHED.get('conv_stem.weight')!.bytes);
    expect(server.requests).toHaveLength(1);
  });

  it('tries again when the server is busy, as long as it asks to wait', async () => {
    server.fail({ status: 429, retryAfter: 0 }, { status: 503 });
    await expect(load()).resolves.toBeDefined();
  });

  it.each([
    ['a missing file', { status: 404 }, HubNotFound],
    ['a gated file', { status: 403 }, HubForbidden],
    ['a missing or gated repository', { status: 401 }, HubForbidden],
    ['a server that stays busy', { status: 503 }, HubBusy],
    ['bytes of another place', { contentRange: 'bytes 5-9/100' }, WrongRange],
    ['a range without its place', { contentRange: '' }, WrongRange],
    ['connections that break at once', { cutAt: 0 }, ConnectionCut],
    ['connections that fall silent', { silent: true }, ConnectionCut],
  ] as const)('names %s and keeps nothing', async (_, fault, error) => {
    server.failAlways(fault);
    const stallMs = 'silent' in fault ? 200 : RETRY.stallMs;
    await expect(load({ retry: { ...RETRY, stallMs } })).rejects.toThrow(error);
    expect(await cache.list()).toEqual([]);
  });

  it.each(['EAI_AGAIN', 'ENETUNREACH'])('names a device without a network (%s)', async (code) => {
    const failing = () => Promise.reject(new TypeError('fetch failed', { cause: { code } }));
    await expect(load({ fetch: failing })).rejects.toThrow(Offline);
    expect(await cache.list()).toEqual([]);
  });

  it('names a server that is not there', async () => {
    await expect(load({ baseUrl: 'http://127.0.0.1:9' })).rejects.toThrow(HubUnreachable);
  });

  it('does not mix two versions of a file', async () => {
    let requests = 0;
    const swapping: typeof fetch = (...request) => {
      if (++requests === 2) server.serve(publishedFile(2));
      return fetch(...request);
    };
    await expect(load({ fetch: swapping })).rejects.toThrow(FileChanged);
    expect(await cache.list()).toEqual([]);
  });

  it('can be cancelled while bytes come in', async () => {
    const cancel = new AbortController();
    const onProgress = ({ received }: HubProgress) => received > 0 && cancel.abort();
    await expect(load({ signal: cancel.signal, onProgress })).rejects.toThrow(DownloadCancelled);
    expect(await cache.list()).toEqual([]);
  });

  it('can be cancelled while it waits to try again', async () => {
    server.failAlways({ status: 503 });
    const signal = AbortSignal.timeout(20);
    await expect(load({ signal, retry: { ...RETRY, baseMs: 60_000 } })).rejects.toThrow(DownloadCancelled);
  });

  it.each([
    ['cut short', (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, bytes.length / 2)],
    [
      'with a flipped bit',
      (bytes: Uint8Array<ArrayBuffer>) => bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1),
    ],
  ])('never uses a kept file %s, but fetches it again', async (_, damage) => {
    await load();
    const key = await weightsKey(cache);
    await cache.put(key, damage(new Uint8Array((await cache.get(key))!)) as Uint8Array<ArrayBuffer>);
    const { received, tensors } = await load();
    expect(received).toBeGreaterThan(0);
    expect(tensors.get('conv_stem.weight')!.bytes).toEqual(PUBLISHED.get('conv_stem.weight')!.bytes);
  });

  it('remembers the hash of the first use and refuses another file later', async () => {
    await load();
    await cache.remove(await weightsKey(cache));
    server.serve(publishedFile(3));
    await expect(load()).rejects.toThrow(WrongHash);
    await cache.clear();
    await expect(load()).resolves.toBeDefined();
  });

  it('never takes a mirror’s file for the Hub’s, nor the Hub’s hash for the mirror’s', async () => {
    const hubFetch: typeof fetch = (address, init) =>
      fetch(String(address).replace('https://huggingface.co', server.url), init);
    const fromHub = () => loadFromHub(ID, { cache, retry: RETRY, fetch: hubFetch });
    server.serve(publishedFile(7), '"mirrored"');
    const mirrored = await load();
    server.serve(FILE, '"first"');
    expect(await keptFromHub(ID, { cache })).toBeNull();
    const published = await fromHub();
    expect(published.received).toBeGreaterThan(0);
    expect(published.sha256).not.toBe(mirrored.sha256);
    expect((await load()).sha256).toBe(mirrored.sha256);
    expect((await fromHub()).received).toBe(0);
    expect((await keptFromHub(ID, { cache }))!.sha256).toBe(published.sha256);
  });

  it('keeps the same bytes from two sources once', async () => {
    await load();
    await load({ baseUrl: server.url.replace('127.0.0.1', 'localhost') });
    expect(namesIn(await cache.list())).toEqual([KEY]);
  });

  describe('where the digest of the file is known', () => {
    const pinned = createHash('sha256').update(FILE).digest('hex');

    it('fetches all of it, checks it, and takes it from anywhere after that', async () => {
      const first = await load({ pinned });
      expect(first).toMatchObject({ verified: true, sha256: (await load()).sha256 });
      expect(first.received).toBeGreaterThanOrEqual(FILE.byteLength);
      expect(first.tensors.get('conv_stem.weight')!.bytes).toEqual(PUBLISHED.get('conv_stem.weight')!.bytes);
      server.requests.length = 0;
      expect(await load({ pinned, baseUrl: 'https://another.example' })).toMatchObject({
        verified: true,
        received: 0,
      });
      expect(server.requests).toEqual([]);
    });

    it.each([
      ['one bit of a tensor that is not needed', (bytes: Uint8Array) => (bytes[bytes.length - 1]! ^= 1)],
      ['one bit of a tensor that is', (bytes: Uint8Array) => (bytes[bytes.length >> 1]! ^= 1)],
    ])('refuses the first download already when it differs in %s', async (_, change) => {
      const other = FILE.slice();
      change(other);
      server.serve(other, '"forged"');
      await expect(load({ pinned })).rejects.toThrow(WrongHash);
      expect(await cache.list()).toEqual([]);
      await expect(load()).resolves.toMatchObject({ verified: false });
    });

    it('checks the whole file where ranges are ignored, and resumes a cut connection', async () => {
      server.failAlways({ ignoreRange: true });
      expect(await load({ pinned })).toMatchObject({ verified: true, received: FILE.byteLength });
      server.failAlways({ fine: true });
      cache = new MemoryCache();
      server.fail({ fine: true }, { cutAt: 0.3 }, { cutAt: 0.5 });
      expect((await load({ pinned })).verified).toBe(true);
    });
  });

  it('works without room to keep the weights, and says so', async () => {
    const full = new MemoryCache();
    full.put = (_, { byteLength }) => Promise.reject(new CacheFull(byteLength));
    const { notKept, tensors } = await load({ cache: full });
    expect(notKept).toBeInstanceOf(CacheFull);
    expect(tensors.size).toBeGreaterThan(0);
  });

  it('reads nothing but the header of a file that is not what it should be', async () => {
    server.serve(publishedFile(1, (tensors) => tensors.delete('blocks.3.1.bn2.bias')));
    await expect(load()).rejects.toThrow(MissingTensor);
    expect(server.requests).toHaveLength(1);
    server.serve(new Uint8Array(writeSafetensors(new Map([['vit', stored('F32', [1], 4)]]))), '"third"');
    await expect(load()).rejects.toThrow(WrongArchitecture);
  });

  it.each([
    ['half', 'F16'],
    ['brain', 'BF16'],
  ] as const)('takes a file of %s floats (%s) and gives its numbers as float32', async (_, dtype) => {
    server.serve(publishedFile(1, (tensors) => tensors.forEach((tensor, name) => tensors.set(name, halved(tensor, dtype)))), '"half"'); // prettier-ignore
    const { tensors, received } = await load();
    expect(received).toBeLessThan(FILE.byteLength / 3);
    const values = tensors.get('conv_stem.weight')!.data as Float32Array;
    const originals = PUBLISHED.get('conv_stem.weight')!.data as Float32Array;
    const worst = Math.max(...values.map((value, i) => Math.abs(value / originals[i]! - 1)));
    // Eleven and eight significant bits; subnormal halves have fewer, and this layer's weights are larger.
    expect(worst).toBeLessThan(dtype === 'F16' ? 2 ** -9 : 2 ** -6);
    expect((await load()).tensors.get('conv_stem.weight')!.dtype).toBe(dtype);
  });

  it('names a transposed tensor with both shapes', async () => {
    server.serve(
      publishedFile(1, (tensors) => {
        const stem = tensors.get('conv_stem.weight')!;
        tensors.set('conv_stem.weight', { ...stem, shape: [...stem.shape].reverse() });
      }),
      '"transposed"',
    );
    await expect(load()).rejects.toThrow(WrongShape);
    expect(await cache.list()).toEqual([]);
  });

  it('keeps weights in a folder, where a half-written file is not found', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weights-'));
    cache = new FolderCache(folder);
    await load();
    expect(namesIn(await cache.list())).toEqual([KEY]);
    const [store] = await readdir(folder);
    await truncate(join(folder, store!, encodeURIComponent(await weightsKey(cache))), 1000);
    expect((await load()).received).toBeGreaterThan(0);
    expect((await load()).received).toBe(0);
    await cache.clear();
    expect(await cache.list()).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

/** The upper half of every float's bits: brain floats; or rounded towards zero to half floats. */
function halved({ dtype, shape, bytes }: StoredTensor, to: 'F16' | 'BF16'): StoredTensor {
  if (dtype !== 'F32') return { ...stored(dtype, shape, 0), bytes };
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const halves = Uint16Array.from(words, (word) => (to === 'BF16' ? word >>> 16 : asHalf(word)));
  return { ...stored(to, shape, 0), bytes: new Uint8Array(halves.buffer) };
}

/** A float32's bits as a half float's, the rest cut off; values too small for a normal half become zero. */
function asHalf(word: number): number {
  const exponent = ((word >>> 23) & 0xff) - 127 + 15;
  const sign = (word >>> 16) & 0x8000;
  return exponent <= 0 ? sign : sign | (exponent << 10) | ((word >>> 13) & 0x3ff);
}

describe('hubUrl', () => {
  it('names the published file, at a mirror and a revision too', () => {
    expect(hubUrl('tf_efficientnet_b6')).toBe(
      'https://huggingface.co/timm/tf_efficientnet_b6.aa_in1k/resolve/main/model.safetensors',
    );
    expect(hubUrl('resnet18.tv_in1k', { baseUrl: 'https://mirror.example/hf', revision: 'abc' })).toBe(
      'https://mirror.example/hf/timm/resnet18.tv_in1k/resolve/abc/model.safetensors',
    );
  });

  it('says where nothing is published what is', () => {
    expect(() => hubUrl('efficientnet_b6')).toThrow(NotPublished);
    expect(() => hubUrl('mini_resnet')).toThrow(NotPublished);
    expect(() => hubUrl('resnet18.mine')).toThrow(UnknownTag);
  });
});
