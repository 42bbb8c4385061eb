// Every real method through the engine once: fitted on the processor, saved, read by another engine, the same map there; and
// by one on the GPU. What a method computes on either is tested beside it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../lib/gpu/faults';
import { installDawn } from '../lib/gpu/node';
import { BASELINES, type MethodName } from '../settings/methods';
import { createLocalEngine } from './local';
import { picture, readPublic, SCORING, SETTINGS } from './testing/tiny';
import type { AdapterChoice } from './adapter/gpuSession';
import type { Engine } from './api/types';

const MAP = { map: 'fused', smooth: 'none', refine: true } as const;
const engines: Engine[] = [];

/** Of the largest value of a map: what sums in another order may differ by. */
const TOLERANCE = 1e-3;

async function engineFor(method: MethodName, adapter: AdapterChoice): Promise<Engine> {
  const engine = createLocalEngine({ adapter, readBundled: readPublic });
  engines.push(engine);
  await engine.open({ probe: false });
  await engine.configure({ ...SETTINGS, method, methodEpochs: 1, padimFeatures: 4 });
  return engine;
}

const training = () => ['a', 'bb', 'ccc'].map((id) => picture(id, 'train'));

beforeAll(() => installDawn({ software: true }));
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => void faults.drain());

/** What the inside view shows of a method is what its map comes from. */
async function looksInside(engine: Engine, method: MethodName): Promise<void> {
  const look = { image: 'x', block: null, fusionValue: null, refine: true, part: 0, cell: 3 } as const;
  const { grids, comparison, map, cell, channels } = await engine.showInside(look);
  const { width, height, rgb } = comparison!.expected;
  expect({ grids, bytes: rgb.length }).toEqual({ grids: null, bytes: 3 * width * height });
  expect(comparison!.expected).not.toEqual(comparison!.seen);
  const { seen, expected } = cell!.vectors;
  expect([seen!.length, expected!.length]).toEqual([channels, channels]);
  const square = seen!.reduce((sum, value, i) => sum + (value - expected![i]!) ** 2, 0);
  if (method === 'patchcore' || method === 'uniad') expect(cell!.value).toBeCloseTo(Math.sqrt(square), 3);
  if (method === 'dfr') expect(cell!.value).toBeCloseTo(square / channels, 3);
  const { axes, nearest } = cell!;
  if (method === 'patchcore') expect(['a', 'bb', 'ccc']).toContain(nearest!.image);
  if (method === 'padim') expect(Math.hypot(...axes!.deviations)).toBeCloseTo(map!.values[3]!, 2);
}

describe.each(BASELINES)('%s through the engine', (method) => {
  it('gives the same map from its file in another engine, and nearly so on the GPU', async () => {
    const trained = await engineFor(method, 'cpu');
    await trained.addImages([...training(), picture('x', 'test', true)]);
    expect(await trained.train()).toMatchObject({ outcome: 'finished', fusionValue: null });
    const file = await trained.saveModel();
    const map = await trained.readMap({ image: 'x', ...MAP });
    const { images } = await trained.scoreAll(SCORING);
    const score = images.find(({ id }) => id === 'x')!.score;
    expect(map.values.every(Number.isFinite)).toBe(true);
    expect(new Set(map.values).size).toBeGreaterThan(1);
    await looksInside(trained, method);
    await trained.close();

    const read = async (adapter: AdapterChoice) => {
      const engine = await engineFor(method, adapter);
      await engine.addImages([picture('x', 'test', true)]);
      await engine.loadModel(file.slice(0));
      const { values } = await engine.readMap({ image: 'x', ...MAP });
      const found = (await engine.scoreAll(SCORING)).images[0]!.score;
      await engine.close();
      return { values, score: found };
    };
    const again = await read('cpu');
    expect(again.values).toEqual(map.values);
    // In other company, a batch of one instead of four, sums may end in another bit.
    expect(again.score / score).toBeCloseTo(1, 4);

    const there = await read('gpu');
    const largest = Math.max(...map.values.map(Math.abs));
    const off = Math.max(...there.values.map((value, i) => Math.abs(value - map.values[i]!)));
    expect(off / largest).toBeLessThan(TOLERANCE);
    expect(there.score / score).toBeCloseTo(1, 2);
  });
});
