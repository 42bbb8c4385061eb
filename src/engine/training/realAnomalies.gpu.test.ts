// The supervised variant: stage 1 learns from anomalous training images with masks. Repeats itself, goes on after a lost
// device and from a checkpoint to the same model, refuses what it cannot learn from, and leaves the figures honest.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../../lib/formats/png';
import { backendDevice } from '../../lib/gpu/backend';
import { installDawn } from '../../lib/gpu/node';
import { createLocalEngine } from '../local';
import { picture, readPublic, SCORING, SETTINGS } from '../testing/tiny';
import type { Engine, EngineEvent, ImageFile } from '../api/types';

const SIDE = 32;

/** A picture with a bright square, and a mask of some of its rows. */
function defect(id: string, rows: [number, number] = [10, 22]): ImageFile {
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return x > 10 && x < 22 && y > rows[0] && y < rows[1] ? 255 : 0;
  });
  const mask = new Uint8Array(encodePng({ width: SIDE, height: SIDE, data })).buffer;
  return { ...picture(id, 'train', true), type: 'crack', mask };
}

describe('training on real anomalies', () => {
  let engine: Engine;
  const ended = () =>
    new Promise<EngineEvent>((resolve) => {
      const stop = engine.subscribe((event) => {
        if (event.kind === 'trained') resolve((stop(), event));
      });
    });
  const model = async () => new Uint8Array(await engine.saveModel());
  const configure = (change: object = {}) =>
    engine.configure({ ...SETTINGS, anomalySource: 'masks', ...change });
  /** A run held after its first step. */
  const heldCheckpoint = async () => {
    const end = ended();
    await engine.step();
    const { file } = (await engine.checkpoint())!;
    await engine.cancel();
    await end;
    return file;
  };

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    await engine.open({ probe: false });
    await configure();
    await engine.addImages([
      ...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')),
      ...[picture('good', 'test'), picture('bad', 'test', true)],
    ]);
  });
  afterAll(() => engine.close());

  describe('without any', () => {
    it('refuses at once with a remedy, and does not while stage 1 learns from something else', async () => {
      await expect(engine.train()).rejects.toMatchObject({ name: 'NoRealAnomalies' });
      await engine.addImages([picture('unmasked', 'train', true), defect('empty', [0, 0])]);
      await expect(engine.train()).rejects.toMatchObject({ name: 'NoRealAnomalies' });
      await engine.removeImages(['unmasked', 'empty']);
      await configure({ method: 'normal-grid' });
      expect(await engine.train()).toMatchObject({ outcome: 'finished' });
    });
  });

  describe('with some', () => {
    beforeEach(async () => {
      await configure();
      await engine.removeImages(['d', 'ee', 'fff']);
      await engine.addImages([defect('d'), defect('ee')]);
    });

    it('trains to the same model under the same seed, to another beside blocks, and leaves no tensor', async () => {
      await engine.train();
      const [first, { tensors }] = [await model(), await engine.memory()];
      await engine.train();
      expect(await model()).toEqual(first);
      expect((await engine.memory()).tensors).toBe(tensors);
      await configure({ anomalySource: 'masks-fbp' });
      await engine.train();
      expect(await model()).not.toEqual(first);
    });

    it('counts no image that it learned from: figures are of the test side alone', async () => {
      await engine.train();
      const withThem = await engine.scoreAll(SCORING);
      expect(Object.keys(withThem.perType)).toEqual(['spot', 'good']);
      await engine.removeImages(['d', 'ee']);
      const without = await engine.scoreAll(SCORING);
      expect(without.metrics).toEqual(withThem.metrics);
      expect(without.threshold).toEqual(withThem.threshold);
    });

    it('goes on from a checkpoint to the same model', async () => {
      await engine.train();
      const straight = await model();
      await engine.resumeTraining(await heldCheckpoint());
      expect(await model()).toEqual(straight);
    });

    it('does not go on with other masks or without an image it learned from', async () => {
      const file = await heldCheckpoint();
      await engine.removeImages(['ee']);
      await expect(engine.resumeTraining(file.slice(0))).rejects.toMatchObject({ name: 'CheckpointMisfit' });
      await engine.addImages([defect('ee', [10, 14])]);
      await expect(engine.resumeTraining(file)).rejects.toThrow(/masks of its anomalous images/);
    });

    it('goes on after a lost device to the same model', async () => {
      await engine.train();
      const undisturbed = await model();
      await engine.step();
      const end = ended();
      backendDevice().destroy();
      await engine.resume();
      expect(await end).toMatchObject({ report: { outcome: 'finished' } });
      expect(await model()).toEqual(undisturbed);
    });
  });
});
