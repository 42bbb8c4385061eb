// The engine's side of a download, without a GPU: against a local server that speaks the Hub's protocol.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NanWeights } from '../../lib/backbones/errors';
import { MemoryCache } from '../../lib/backbones/hub/cache';
import { CacheFull } from '../../lib/backbones/hub/errors';
import { startHubServer, type HubServer } from '../../testing/hubServer';
import { PUBLISHED_ID, publishedFile } from '../../testing/publishedFile';
import { BackboneStore, type NamedWeights } from './backboneStore';
import { HubDownload } from './hubDownload';
import type { EngineEvent } from '../api/types';

const TAGGED = 'mobilenetv2_100.ra_in1k';
const FILE = publishedFile();

describe('a download', () => {
  let server: HubServer;
  let cache: MemoryCache;
  let events: EngineEvent[];
  let hub: HubDownload;
  const adopted: NamedWeights[] = [];
  const download = () =>
    hub.download({ id: PUBLISHED_ID, hub: `${server.url}/` }, async (weights) => adopted.push(weights));
  const phases = () => events.map((event) => (event.kind === 'download' ? event.phase : event.kind));

  beforeAll(async () => void (server = await startHubServer(FILE)));
  afterAll(() => server.close());
  beforeEach(() => {
    cache = new MemoryCache();
    events = [];
    adopted.length = 0;
    server.requests.length = 0;
    const retry = { attempts: 2, baseMs: 1, stallMs: 20_000 };
    hub = new HubDownload({ openCache: async () => cache, retry, emit: (event) => events.push(event) });
  });
  afterEach(() => server.failAlways({ fine: true }));

  it('hands the weights over, tells its bytes, and keeps them for the next time without the network', async () => {
    expect(await hub.kept(PUBLISHED_ID)).toBeNull();
    await download();
    expect(adopted[0]!.id).toBe(TAGGED);
    expect([...new Set(phases())]).toEqual(['header', 'tensors', 'check']);
    expect(events.at(-1)).toMatchObject({ id: PUBLISHED_ID });
    const { doneBytes, totalBytes } = events.at(-1) as Extract<EngineEvent, { kind: 'download' }>;
    expect(doneBytes).toBe(totalBytes);
    expect(doneBytes).toBeLessThan(FILE.byteLength / 2);
    server.requests.length = 0;
    expect((await hub.kept(PUBLISHED_ID))!.id).toBe(TAGGED);
    expect((await hub.list()).map(({ id }) => id)).toEqual([TAGGED]);
    expect(server.requests).toEqual([]);
    await hub.clear();
    expect(await hub.kept(PUBLISHED_ID)).toBeNull();
  });

  it('of a mirror is kept for that mirror alone, until another address is named', async () => {
    await download();
    const sourceOf = async (from?: string) => {
      const offers = await hub.offers(
        { inputSize: 128, wanted: PUBLISHED_ID, ...(from && { hub: from }) },
        () => false,
      );
      return [offers.find(({ id }) => id === PUBLISHED_ID)!.source, (await hub.kept(PUBLISHED_ID))?.id];
    };
    expect(await sourceOf()).toEqual(['kept', TAGGED]);
    expect(await sourceOf('https://huggingface.co/')).toEqual(['hub', undefined]);
    expect(await sourceOf(server.url)).toEqual(['kept', TAGGED]);
    hub.useHub('https://huggingface.co');
    expect(await sourceOf()).toEqual(['hub', undefined]);
  });

  it.each([
    ['a missing file', { status: 404 }, 'HubNotFound'],
    ['connections that break', { cutAt: 0 }, 'ConnectionCut'],
  ] as const)('names %s; nothing is handed over or kept', async (_, fault, name) => {
    server.failAlways(fault);
    await expect(download()).rejects.toMatchObject({ name });
    expect(adopted).toEqual([]);
    expect(await cache.list()).toEqual([]);
  });

  it('resumes a connection that was cut half way', async () => {
    server.fail({ fine: true }, { cutAt: 0.5 });
    await download();
    expect(adopted).toHaveLength(1);
  });

  it('takes the whole file where 200 comes for 206', async () => {
    server.failAlways({ ignoreRange: true });
    await download();
    expect(events.at(-1)).toMatchObject({ doneBytes: FILE.byteLength, totalBytes: FILE.byteLength });
  });

  it('can be cancelled, and is when another one starts', async () => {
    server.failAlways({ silent: true });
    const first = download();
    const second = download();
    await expect(first).rejects.toMatchObject({ name: 'DownloadCancelled' });
    hub.cancel();
    await expect(second).rejects.toMatchObject({ name: 'DownloadCancelled' });
  });

  it('says that there was no room to keep the weights, and hands them over all the same', async () => {
    cache.put = (_, { byteLength }) => Promise.reject(new CacheFull(byteLength));
    await download();
    expect(adopted).toHaveLength(1);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'notice', error: expect.objectContaining({ name: 'CacheFull' }) }),
    );
  });

  it('does not keep weights that can never work', async () => {
    const refuse = () => Promise.reject(new NanWeights(PUBLISHED_ID, 'conv_stem.weight'));
    await expect(hub.download({ id: PUBLISHED_ID, hub: server.url }, refuse)).rejects.toThrow(NanWeights);
    expect(await cache.list()).toEqual([]);
  });

  it('offers the family with costs and says where the weights are, without the network', async () => {
    await download();
    server.requests.length = 0;
    const offers = await hub.offers({ inputSize: 256, wanted: 'tf_efficientnet_b6.ap_in1k' }, (id) =>
      id.startsWith('mini'),
    );
    const source = (id: string) => offers.find((offer) => offer.id === id)?.source;
    expect([source('mini_resnet'), source(PUBLISHED_ID)]).toEqual(['here', 'kept']);
    expect([source('tf_efficientnet_b6'), source('efficientnet_b6')]).toEqual(['hub', 'file']);
    const [wanted] = offers;
    expect(wanted).toMatchObject({ published: 'tf_efficientnet_b6.ap_in1k', source: 'hub' });
    expect(wanted!.bytes / 1e6).toBeCloseTo(32, 0);
    expect(wanted!.fileBytes! / 1e6).toBeCloseTo(172, 0);
    expect(server.requests).toEqual([]);
  });

  it('never happens by itself: a backbone that is nowhere is refused without a request', async () => {
    const store = new BackboneStore({
      readBundled: async () => new ArrayBuffer(0),
      readKept: (id) => hub.kept(id),
      onProcessor: () => false,
    });
    for (const id of [PUBLISHED_ID, 'efficientnet_b6', 'resnet18.mine', 'nothing_such']) {
      await expect(store.use(id, 'standard')).rejects.toMatchObject({ name: 'BackboneNotHere' });
    }
    expect(server.requests).toEqual([]);
  });
});
