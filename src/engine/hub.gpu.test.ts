// A download from request to feature maps on the GPU, and back when it fails.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryCache } from '../backbones/hub/cache';
import { installDawn } from '../gpu/node';
import { startHubServer, type HubServer } from '../testing/hubServer';
import { PUBLISHED_ID, publishedFile } from '../testing/publishedFile';
import { createLocalEngine } from './local';
import { picture, readPublic, SETTINGS } from './testing/tiny';
import type { Engine, EngineEvent } from './types';

describe('a downloaded backbone', () => {
  const cache = new MemoryCache();
  const events: EngineEvent[] = [];
  let server: HubServer;
  let engine: Engine;
  const start = async () => {
    engine = createLocalEngine({ readBundled: readPublic, openCache: async () => cache });
    engine.subscribe((event) => events.push(event));
    await engine.open({ probe: false });
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
});
