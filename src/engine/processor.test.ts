// The whole engine without WebGPU: on the processor alone, as a browser without a graphics adapter has it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopProcessor } from '../lib/gpu/processor';
import { tf } from '../lib/gpu/tf';
import { createLocalEngine } from './local';
import { picture, readPublic, SCORING, SETTINGS, VIEW } from './testing/tiny';
import type { Engine } from './api/types';

describe('the engine without WebGPU', () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = createLocalEngine({ readBundled: readPublic });
    const report = await engine.open({ probe: true });
    expect(report).toMatchObject({ tier: 'processor', featuresOnProcessor: false });
    expect(report.reason).toMatch(/no WebGPU/);
    await engine.configure(SETTINGS);
    const files = [
      ...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')),
      picture('dddd', 'test'),
      picture('x', 'test', true),
    ];
    expect((await engine.addImages(files)).added).toHaveLength(5);
  });
  afterAll(async () => {
    await engine.close();
    await tf.setBackend('cpu');
    stopProcessor();
  });

  it('trains, and gives the same model for the same seed', { timeout: 60_000 }, async () => {
    expect(await engine.train()).toMatchObject({ outcome: 'finished' });
    const file = new Uint8Array(await engine.saveModel());
    await engine.train();
    expect(new Uint8Array(await engine.saveModel())).toEqual(file);
  });

  it('shows a pasted block and scores every image, without leaving tensors', async () => {
    const block = { shape: 'square', size: 1, intensity: 10, x: 2, y: 2, seed: 0, steps: 0 } as const;
    const shown = await engine.show({ ...VIEW, image: 'x', block });
    expect(shown).toMatchObject({ superseded: false, trained: true });
    const before = tf.memory().numTensors;
    for (const x of [1, 2, 3]) await engine.show({ ...VIEW, image: 'x', block: { ...block, x } });
    expect(tf.memory().numTensors).toBe(before);
    const table = await engine.scoreAll(SCORING);
    expect(table.images).toHaveLength(5);
    const own = await engine.show({ ...VIEW, image: 'x' });
    if (!own.superseded) expect(own.score).toBeCloseTo(table.images.find(({ id }) => id === 'x')!.score, 4);
  });

  it('hears others while it trains', async () => {
    await engine.configure({ ...SETTINGS, epochs1: 500 });
    const training = engine.train();
    await new Promise((resolve) => setTimeout(resolve));
    await engine.cancel();
    expect(await training).toMatchObject({ outcome: 'cancelled' });
    await engine.configure(SETTINGS);
  });

  it('opens the model it saved', async () => {
    const [before, file] = [await engine.scoreAll(SCORING), await engine.saveModel()];
    await engine.loadModel(file);
    const after = await engine.scoreAll(SCORING);
    expect(after.images).toEqual(before.images);
  });
});

describe('the engine without WebGPU and without WebAssembly', () => {
  const { WebAssembly } = globalThis;
  let engine: Engine;

  afterAll(() => engine.close());

  /** The same on both: a short training, and what it says of an image. */
  async function learn(adapter: Engine): Promise<{ map: Float32Array; score: number }> {
    await adapter.configure(SETTINGS);
    await adapter.addImages([picture('a', 'train'), picture('bb', 'train'), picture('x', 'test', true)]);
    expect(await adapter.train()).toMatchObject({ outcome: 'finished' });
    const { values } = await adapter.readMap({ image: 'x', map: 'fused', ...SCORING });
    const { images } = await adapter.scoreAll(SCORING);
    return { map: values, score: images.find(({ id }) => id === 'x')!.score };
  }

  it('trains in plain loops, says so, and comes to the same map', { timeout: 60_000 }, async () => {
    const fast = createLocalEngine({ readBundled: readPublic });
    await fast.open({ probe: false });
    const expected = await learn(fast);
    await fast.close();
    await tf.setBackend('cpu');
    stopProcessor();

    Reflect.deleteProperty(globalThis, 'WebAssembly');
    try {
      engine = createLocalEngine({ readBundled: readPublic });
      const report = await engine.open({ probe: true });
      expect(report).toMatchObject({ tier: 'processor', description: 'Processor (plain loops)' });
      expect(report.reason).toMatch(/no WebGPU.*no WebAssembly.*Allow WebAssembly/);
      const { map, score } = await learn(engine);
      const largest = Math.max(...expected.map);
      const off = map.map((value, i) => Math.abs(value - expected.map[i]!) / largest);
      expect(Math.max(...off)).toBeLessThan(1e-3);
      expect(score / expected.score).toBeCloseTo(1, 3);
    } finally {
      Object.assign(globalThis, { WebAssembly });
    }
  });
});
