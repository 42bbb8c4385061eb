// Training on anomalies that are drawn on images: repeats itself, goes on after a lost device and from a checkpoint to the
// same model, and can be cancelled while the drawings are still computed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendDevice } from '../../lib/gpu/backend';
import { installDawn } from '../../lib/gpu/node';
import { createLocalEngine } from '../local';
import { nextEvent, picture, readPublic, SETTINGS } from '../testing/tiny';
import type { Engine, EngineEvent } from '../api/types';

const IMAGES = ['a', 'bb', 'ccc'];

describe('training on anomalies drawn on images', () => {
  let engine: Engine;
  const next = (kind: EngineEvent['kind']) => nextEvent(engine, kind);
  const model = async () => new Uint8Array(await engine.saveModel());
  const configure = (change: object = {}) =>
    engine.configure({ ...SETTINGS, anomalySource: 'perlin', ...change });

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    await engine.open({ probe: false });
    await configure();
    await engine.addImages(IMAGES.map((id) => picture(id, 'train')));
  });
  afterAll(() => engine.close());

  it.each(['cutpaste', 'perlin'])(
    'trains both stages on %s, to the same model under the same seed',
    async (kind) => {
      await configure({ anomalySource: kind });
      expect(await engine.train()).toMatchObject({ outcome: 'finished' });
      const first = await model();
      await engine.train();
      expect(await model()).toEqual(first);
      await configure({ anomalySource: 'fbp' });
      await engine.train();
      expect(await model()).not.toEqual(first);
    },
  );

  it('says how far drawing is, can be cancelled meanwhile, and leaves no tensor', async () => {
    await configure();
    await engine.train();
    const [before, { tensors }] = [await model(), await engine.memory()];
    const training = engine.train();
    expect(await next('features')).toMatchObject({ total: 4 * IMAGES.length });
    await engine.cancel();
    expect(await training).toMatchObject({ outcome: 'cancelled' });
    expect(await model()).toEqual(before);
    expect((await engine.memory()).tensors).toBe(tensors);
  });

  it('draws nothing when no stage learns from it', async () => {
    await configure({ method: 'normal-grid' });
    const seen: string[] = [];
    const stop = engine.subscribe(({ kind }) => seen.push(kind));
    await engine.train();
    stop();
    expect(seen).not.toContain('features');
  });

  it('goes on from a checkpoint to the same model', async () => {
    await configure();
    await engine.train();
    const straight = await model();
    const ended = next('trained');
    await engine.step();
    const checkpoint = await engine.checkpoint();
    await engine.cancel();
    await ended;
    await engine.resumeTraining(checkpoint!.file);
    expect(await model()).toEqual(straight);
  });

  it('goes on after a lost device to the same model', async () => {
    await engine.train();
    const undisturbed = await model();
    await engine.step();
    const ended = next('trained');
    backendDevice().destroy();
    await engine.resume();
    expect(await ended).toMatchObject({ report: { outcome: 'finished' } });
    expect(await model()).toEqual(undisturbed);
  });
});
