// How much of a published file is fetched, on files of the real layout.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenJson } from '../../testing/golden';
import { startHubServer, type HubServer } from '../../testing/hubServer';
import { B6, fileOf, wholeFile, wholeLayout, type Scale } from '../../testing/wholeFile';
import { loadFromHub } from './hub';
import { MemoryCache } from './hub/cache';
import { backboneCost } from './offers';
import { neededTensors } from './plan';
import { planOf, wholePlan } from './table';

const SCALES: [string, Scale][] = [
  ['efficientnet_b0', { width: 1, depth: 1 }],
  ['tf_efficientnet_b4', { width: 1.4, depth: 1.8 }],
  ['tf_efficientnet_b6', B6],
];

describe('whole files', () => {
  const layouts = goldenJson('timm_layouts') as Record<string, { all_tensors: number }>;

  it.each(SCALES)('of %s have as many tensors as timm’s', (id, scale) => {
    const names = [...wholeLayout(scale).keys()];
    const counters = names.filter((name) => name.endsWith('.running_mean')).length;
    expect(names.length + counters).toBe(layouts[id]!.all_tensors);
  });
});

describe('the table of whole sizes', () => {
  it.each(SCALES)('knows that of %s to a percent', (id, scale) => {
    const numbers = [...wholeLayout(scale).values()].reduce(
      (sum, shape) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    );
    expect(backboneCost(id, 256).fileBytes! / (4 * numbers)).toBeCloseTo(1, 1.7);
  });
});

describe('of B6', () => {
  const file = wholeFile(B6);
  let server: HubServer;
  beforeAll(async () => void (server = await startHubServer(file)));
  afterAll(() => server.close());

  it('less than a fifth is fetched, in few requests', async () => {
    const options = { cache: new MemoryCache(), baseUrl: server.url };
    const { received, fileBytes } = await loadFromHub('tf_efficientnet_b6', options);
    expect(fileBytes).toBe(file.byteLength);
    expect(received / file.byteLength).toBeLessThan(0.2);
    // Header, stem, and the five stages in one or two pieces: the alphabet puts deeper layers between.
    expect(server.requests.length).toBeLessThanOrEqual(5);
    const shallow = await loadFromHub('tf_efficientnet_b6', {
      ...options,
      cache: new MemoryCache(),
      taps: 'blocks.2',
    });
    expect(shallow.received).toBeLessThan(received / 4);
  }, 60_000);
});

describe('of a vision transformer', () => {
  it('nothing beyond the last tap is fetched', async () => {
    const id = 'vit_small_patch14_dinov2';
    const file = fileOf(neededTensors(wholePlan(id)));
    const server = await startHubServer(file);
    const options = { cache: new MemoryCache(), baseUrl: server.url, taps: 'blocks.2,blocks.5' };
    const { tensors, received } = await loadFromHub(id, options);
    expect([...tensors.keys()]).toEqual([...neededTensors(planOf(id, ['blocks.5'])).keys()]);
    expect(received / file.byteLength).toBeLessThan(0.53);
    expect(backboneCost(id, 224).fileBytes! / file.byteLength).toBeCloseTo(1, 2);
    await server.close();
  });
});
