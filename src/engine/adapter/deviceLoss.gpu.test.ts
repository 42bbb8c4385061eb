import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendDevice } from '../../lib/gpu/backend';
import { installDawn } from '../../lib/gpu/node';
import { DeviceLost } from '../../lib/gpu/errors';
import { faults } from '../../lib/gpu/faults';
import { createLocalEngine } from '../local';
import { nextEvent, picture, readPublic, SCORING, SETTINGS, VIEW } from '../testing/tiny';
import type { Engine, EngineEvent } from '../api/types';

describe('a lost device', () => {
  let engine: Engine;
  const events: EngineEvent[] = [];
  /** The model that these settings and images come to. */
  let undisturbed: Uint8Array;
  const next = (kind: EngineEvent['kind']) => nextEvent(engine, kind);

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    engine.subscribe((event) => events.push(event));
    await engine.open({ probe: false });
    await engine.configure(SETTINGS);
    await engine.addImages([picture('a', 'train'), picture('bb', 'train'), picture('x', 'test', true)]);
    await engine.train();
    undisturbed = new Uint8Array(await engine.saveModel());
  });
  afterAll(async () => {
    faults.drain();
    await engine.close();
  });

  it('comes back with features and model, and costs no answer under way: each is the same as without it', async () => {
    const ask = () =>
      Promise.all([
        engine.scoreAll(SCORING).then(({ images }) => images),
        engine.pasteBlocks({ sizes: [0, 1], intensities: [1, 4], trials: 2, seed: 0, ...SCORING }),
        engine.readMap({ image: 'x', map: 'fused', ...SCORING }),
        engine.show({ ...VIEW, image: 'x' }).then((shown) => !shown.superseded && shown.score),
      ]);
    const before = await ask();
    const { tensors } = await engine.memory();
    const lost = next('lost');
    const asked = ask();
    // What a driver's reset leaves in the sink; destroying the device ourselves does not.
    faults.report(new DeviceLost('the driver was reset'));
    backendDevice().destroy();
    expect(await lost).toMatchObject({ kind: 'lost', recovered: true });
    expect(await asked).toEqual(before);
    expect(events.some(({ kind }) => kind === 'fault')).toBe(false);
    await engine.features();
    // What went with the device is in no book any more.
    expect((await engine.memory()).tensors).toBe(tensors);
  });

  it('computes the features that were on their way', async () => {
    const files = ['p', 'q', 'r', 's', 't', 'u'].map((id) => picture(id, 'test'));
    const adding = engine.addImages(files);
    const shown = engine.show({ ...VIEW, image: 'u' });
    const lost = next('lost');
    await adding;
    backendDevice().destroy();
    expect(await lost).toMatchObject({ recovered: true });
    // The view that was under way may have failed with its device; the next one answers.
    await shown.catch(() => undefined);
    expect(await engine.show({ ...VIEW, image: 'u' })).toMatchObject({ superseded: false });
    expect(await engine.features()).toMatchObject({ height: 4 });
    await engine.removeImages(files.map(({ id }) => id));
  });

  it('lets a training go on where it can, to the same model', async () => {
    await engine.step();
    const ended = next('trained');
    backendDevice().destroy();
    await engine.resume();
    expect(await ended).toMatchObject({ report: { outcome: 'finished' } });
    expect(new Uint8Array(await engine.saveModel())).toEqual(undisturbed);
  });
});
