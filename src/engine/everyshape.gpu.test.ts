import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../lib/gpu/faults';
import { installDawn } from '../lib/gpu/node';
import { BASELINES } from '../settings/methods';
import { createLocalEngine } from './local';
import { picture, readPublic, SCORING, SETTINGS } from './testing/tiny';
import type { Engine } from './api/types';

const engines: Engine[] = [];
beforeAll(() => installDawn({ software: true }));
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => void faults.drain());
describe.each(BASELINES)('%s', (method) => {
  it('non-square', async () => {
    const engine = createLocalEngine({ readBundled: readPublic });
    engines.push(engine);
    await engine.open({ probe: false });
    await engine.configure({ ...SETTINGS, method, methodEpochs: 1, padimFeatures: 4, inputSize: 64, inputHeight: 32 });
    await engine.addImages([...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')), picture('x', 'test', true)]);
    if (method === 'riad') return void (await expect(engine.train()).rejects.toMatchObject({ name: 'SquareInputsOnly' }));
    await engine.train();
    const file = await engine.saveModel();
    await engine.loadModel(file);
    const map = await engine.readMap({ image: 'x', map: 'fused', ...SCORING });
    expect([map.width, map.height, map.values.every(Number.isFinite)]).toEqual([64, 32, true]);
    await engine.configure({ ...SETTINGS, method, methodEpochs: 1, padimFeatures: 4, fit: 'tile', tile: 32 });
    await engine.train();
    expect((await engine.readMap({ image: 'x', map: 'fused', ...SCORING })).values.every(Number.isFinite)).toBe(true);
  });
});
