// A download from request to feature maps on the GPU, and back when it fails.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryCache } from '../../lib/backbones/hub/cache';
import { installDawn } from '../../lib/gpu/node';
import { startHubServer, type HubServer } from '../../testing/hubServer';
import { PUBLISHED_ID, publishedFile } from '../../testing/publishedFile';
import { createLocalEngine } from '../local';
import { picture, readPublic, SETTINGS } from '../testing/tiny';
import type { Engine, EngineEvent } from '../api/types';

describe('a downloaded backbone', () => {
  const cache = new MemoryCache();
  const events: EngineEvent[] = [];
  let server: HubServer;
  let engine: Engine;
  const start = async () => {
    engine = createLocalEngine({ readBundled: readPublic, openCache: async () => cache });
    engine.subscribe((event) => events.push(event));
    await engine.open({ probe: false, hub: server.url });
    await engine.configure(SETTINGS);
    await engine.addImages([picture('a', 'train')]);
  };

  beforeAll(async () => {
    await installDawn({ software: true });
    server = await startHubServer(publishedFile());
    await start();
  });
  afterAll(async () => {
    await engine.close();
    await server.close();
  });

  it('that cannot be had, or holds no numbers, leaves the present one at work and nothing behind', async () => {
    const wish = { id: PUBLISHED_ID, hub: server.url };
    server.fail({ status: 404 });
    await expect(engine.downloadBackbone(wish)).rejects.toMatchObject({ name: 'HubNotFound' });
    const broken = publishedFile(1, (tensors) => tensors.get('conv_stem.weight')!.bytes.fill(0xff));
    server.serve(broken, '"broken"');
    await expect(engine.downloadBackbone(wish)).rejects.toMatchObject({ name: 'NanWeights' });
    expect(await engine.cachedWeights()).toEqual([]);
    expect(await engine.features()).toMatchObject({ backbone: 'mini_resnet' });
  });

  it('gives features, and is there again in the next engine without the network', async () => {
    server.serve(publishedFile());
    const report = await engine.downloadBackbone({ id: PUBLISHED_ID, hub: server.url });
    expect(report).toMatchObject({ backbone: 'mobilenetv2_100.ra_in1k', channels: 32 + 96 });
    expect((await engine.features()).sigma).toBeGreaterThan(0);
    const phases = events.flatMap((event) => (event.kind === 'download' ? event.phase : []));
    expect(phases.slice(-2)).toEqual(['upload', 'warm-up']);
    server.requests.length = 0;
    await engine.close();
    await start();
    expect(await engine.configure({ ...SETTINGS, backbone: PUBLISHED_ID })).toMatchObject({ channels: 128 });
    expect(server.requests).toEqual([]);
  });

  it('gives its features elsewhere too, from the weights that are here; taps it lacks change nothing', async () => {
    const settings = { ...SETTINGS, backbone: PUBLISHED_ID };
    const shallow = await engine.configure({ ...settings, taps: 'blocks.2,blocks.1' });
    expect(shallow).toMatchObject({ taps: 'blocks.1,blocks.2', channels: 24 + 32, height: 8 });
    await expect(engine.configure({ ...settings, taps: 'layer9' })).rejects.toMatchObject({
      name: 'UnknownTap',
    });
    expect(await engine.features()).toMatchObject({ taps: 'blocks.1,blocks.2', channels: 56 });
    expect(server.requests).toEqual([]);
  });

  it('kept for shallower taps alone is asked for again where deeper ones are wanted', async () => {
    await engine.clearWeights();
    await engine.close();
    await start();
    const taps = 'blocks.2';
    const wish = { id: PUBLISHED_ID, hub: server.url };
    expect(await engine.downloadBackbone({ ...wish, taps })).toMatchObject({ taps, channels: 32 });
    const settings = { ...SETTINGS, backbone: PUBLISHED_ID };
    await expect(engine.configure(settings)).rejects.toMatchObject({ name: 'BackboneNotHere' });
    const offer = async (wanted: string) =>
      (await engine.backboneOffers({ inputSize: 32, wanted: null, taps: wanted })).find(
        ({ id }) => id === PUBLISHED_ID,
      );
    expect(await offer(taps)).toMatchObject({ source: 'here', taps });
    expect(await offer('standard')).toMatchObject({ source: 'hub' });
    expect(await engine.downloadBackbone(wish)).toMatchObject({ taps: 'standard', channels: 128 });
  });

  it('of another file than the model’s is not asked for its maps', async () => {
    await engine.configure({ ...SETTINGS, backbone: PUBLISHED_ID, epochs1: 1, epochs2: 1 });
    await engine.train();
    const scoring = { smooth: 'none', refine: false } as const;
    await expect(engine.scoreAll(scoring)).resolves.toBeDefined();
    const other = publishedFile(2).slice().buffer as ArrayBuffer;
    await engine.loadBackbone({ name: `${PUBLISHED_ID}.ra_in1k.safetensors`, bytes: other });
    await engine.configure({ ...SETTINGS, backbone: PUBLISHED_ID });
    await expect(engine.scoreAll(scoring)).rejects.toMatchObject({
      name: 'OtherFeatures',
      message: expect.stringContaining('another weights file'),
    });
  });
});
