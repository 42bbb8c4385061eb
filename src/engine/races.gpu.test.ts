// What happens when calls meet: the page sends the next one before the last has been answered.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GpuFault } from '../lib/gpu/errors';
import { faults } from '../lib/gpu/faults';
import { installDawn } from '../lib/gpu/node';
import { createLocalEngine } from './local';
import { nextEvent, picture, readPublic, SCORING, SETTINGS, VIEW } from './testing/tiny';
import type { Engine, EngineEvent } from './api/types';

describe('the local engine, asked for two things at once,', () => {
  let engine: Engine;
  const train = () => ['a', 'bb', 'ccc'].map((id) => picture(id, 'train'));
  const next = (kind: EngineEvent['kind']) => nextEvent(engine, kind);

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    await engine.open({ probe: false });
    await engine.configure(SETTINGS);
    await engine.addImages([...train(), picture('x', 'test', true)]);
  });
  afterAll(() => engine.close());

  it('cancels a run whose features are still being computed', async () => {
    await engine.configure({ ...SETTINGS, inputSize: 48 });
    const run = engine.train();
    await engine.cancel();
    expect(await run).toMatchObject({ outcome: 'cancelled', losses: { 1: [], 2: [] } });
    await expect(engine.saveModel()).rejects.toMatchObject({ name: 'NoModel' });
    await engine.configure(SETTINGS);
  });

  it('holds a run that is paused before its first step', async () => {
    const run = engine.train();
    await engine.pause();
    await engine.features();
    await engine.resume();
    expect(await run).toMatchObject({ outcome: 'finished' });
  });

  it('keeps out images that were removed while they were being decoded', async () => {
    const late = [picture('late', 'train'), picture('later', 'train')];
    const adding = engine.addImages(late);
    await engine.removeImages(late.map(({ id }) => id));
    expect((await adding).added).toEqual([]);
    const { images } = await engine.scoreAll(SCORING);
    expect(images.map(({ id }) => id)).toEqual(['x', 'a', 'bb', 'ccc']);
  });

  it('finishes a run on the features it began with, whatever changes meanwhile', async () => {
    const undisturbed = new Uint8Array(await engine.saveModel());
    await engine.step();
    const ended = next('trained');
    await engine.removeImages(['bb']);
    await engine.configure({ ...SETTINGS, inputSize: 48 });
    await engine.resume();
    expect(await ended).toMatchObject({ report: { outcome: 'finished' } });
    await engine.addImages([picture('bb', 'train')]);
    await engine.configure(SETTINGS);
    expect(new Uint8Array(await engine.saveModel())).toEqual(undisturbed);
  });

  it('trains on what is there when the features are', async () => {
    const undisturbed = new Uint8Array(await engine.saveModel());
    await engine.addImages([picture('extra', 'train')]);
    const run = engine.train();
    await engine.configure({ ...SETTINGS, inputSize: 48 });
    await engine.removeImages(['extra']);
    await engine.configure(SETTINGS);
    expect(await run).toMatchObject({ outcome: 'finished' });
    expect(new Uint8Array(await engine.saveModel())).toEqual(undisturbed);
  });

  it('stops scoring, and leaves no tensors, when the settings or the images change', async () => {
    await engine.show({ ...VIEW, image: 'x' });
    await engine.scoreAll(SCORING);
    const before = await engine.memory();
    const scoring = engine.scoreAll(SCORING);
    await engine.configure({ ...SETTINGS, inputSize: 48 });
    await expect(scoring).rejects.toMatchObject({ name: 'ScoringOutdated' });
    await engine.configure(SETTINGS);
    await engine.features();
    const again = engine.scoreAll(SCORING);
    await engine.removeImages(['x']);
    await expect(again).rejects.toMatchObject({ name: 'ScoringOutdated' });
    await engine.addImages([picture('x', 'test', true)]);
    await engine.show({ ...VIEW, image: 'x' });
    await engine.features();
    expect((await engine.memory()).tensors).toBe(before.tensors);
  });

  it('takes settings in the order in which they were given', async () => {
    const slow = createLocalEngine({
      adapter: 'gpu',
      readBundled: async (path) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return readPublic(path);
      },
    });
    const first = slow.configure(SETTINGS);
    const second = slow.configure({ ...SETTINGS, inputSize: 64 });
    expect([(await first).height, (await second).height]).toEqual([4, 8]);
  });

  it('fails a held run that the GPU reports a fault to, though another reader empties the sink', async () => {
    await engine.step();
    const failed = next('fault').then(() => next('fault'));
    faults.report(new GpuFault('out of memory'));
    faults.drain();
    expect(await failed).toMatchObject({ error: { message: 'out of memory' } });
    expect(await engine.train()).toMatchObject({ outcome: 'finished' });
  });

  it('says at once that there is nothing to learn from, also for a single step', async () => {
    await engine.removeImages(['a', 'bb', 'ccc']);
    await expect(engine.step()).rejects.toMatchObject({ name: 'NothingToTrain' });
    await expect(engine.train()).rejects.toMatchObject({ name: 'NothingToTrain' });
    await engine.addImages(train());
  });
});
