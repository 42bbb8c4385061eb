// Models set aside and looked at side by side, and blocks pasted by the dozen, through the engine's own calls.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../../lib/gpu/faults';
import { installDawn } from '../../lib/gpu/node';
import { createLocalEngine } from '../local';
import { picture, readPublic, SCORING, SETTINGS } from '../testing/tiny';
import type { Engine } from '../api/types';

const GRID = { ...SETTINGS, method: 'normal-grid' } as const;
const PADIM = { ...SETTINGS, method: 'padim', padimFeatures: 4 } as const;

describe('models set aside in the engine', () => {
  let engine: Engine;

  let file: Blob;
  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ readBundled: readPublic });
    await engine.open({ probe: false });
    await engine.configure(GRID);
    await engine.addImages([
      ...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')),
      picture('dddd', 'test'),
      picture('x', 'test', true),
    ]);
    await engine.train(undefined);
    await engine.stashModel('grid');
    await engine.configure(PADIM);
    await engine.train(undefined);
    file = await engine.stashModel('padim');
  });
  afterAll(async () => {
    expect(faults.drain()).toEqual([]);
    await engine.close(undefined);
  });

  it('gives each model’s own map, whichever is in use, and leaks nothing', async () => {
    const wish = { image: 'x', models: ['grid', 'padim', 'nobody'], ...SCORING };
    const [grid, padim, nobody] = await engine.readStashed(wish);
    const own = await engine.readMap({ image: 'x', map: 'fused', ...SCORING });
    expect(padim!.map).toEqual(own);
    expect(padim!.score).toBeCloseTo(Math.max(...own.values), 4);
    expect(grid!.map!.values).not.toEqual(own.values);
    expect(nobody).toEqual({ map: null, score: null, missing: 'model' });
    const before = await engine.memory(undefined);
    await engine.readStashed(wish);
    expect(await engine.memory(undefined)).toEqual(before);
  });

  it('is taken from another engine’s file', async () => {
    await engine.keepStashed({ name: 'again', file });
    const wish = { image: 'x', models: ['padim', 'again'], ...SCORING };
    const [padim, again] = await engine.readStashed(wish);
    expect(again).toEqual(padim);
    await engine.dropStashed(['again']);
  });

  it('looks through features while the settings ask for pixels, and says when it cannot', async () => {
    const wish = { image: 'x', models: ['padim'], ...SCORING };
    const [before] = await engine.readStashed(wish);
    await engine.configure({ ...SETTINGS, method: 'riad' });
    const [through] = await engine.readStashed(wish);
    expect(through!.score).toBeCloseTo(before!.score!, 4);
    await engine.configure({ ...PADIM, inputSize: 48 });
    expect(await engine.readStashed(wish)).toEqual([{ map: null, score: null, missing: 'features' }]);
    await engine.configure(PADIM);
    await engine.features(undefined);
  });

  it('scores stronger blocks higher, the same draws at each intensity, the same again', async () => {
    const wish = { sizes: [0, 1, 9], intensities: [1, 20], trials: 3, seed: 5, ...SCORING };
    const before = await engine.memory(undefined);
    const { heldOut, trials } = await engine.pasteBlocks(wish);
    expect((await engine.memory(undefined)).tensors).toBe(before.tensors);
    expect(heldOut).toBe(true);
    // A block of half width 9 does not fit on a map of four cells.
    expect(trials).toHaveLength(2 * 2 * 3);
    const of = (intensity: number) => trials.filter(({ block }) => block.intensity === intensity);
    of(1).forEach((weak, i) => {
      const strong = of(20)[i]!;
      expect({ ...strong.block, intensity: 1 }).toEqual(weak.block);
      expect(strong.score).toBeGreaterThan(weak.score);
    });
    expect((await engine.pasteBlocks(wish)).trials).toEqual(trials);
  });
});
