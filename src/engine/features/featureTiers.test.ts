// Whichever tier serves the features - GPU, main memory, scratch file, or computing them again - the same model comes
// out, bit for bit, and the same scores. Budgets are forced to almost nothing. On the processor, where the first tier is its own
// memory: which tier serves is decided alike, and training takes a third of the time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memory } from '../../lib/gpu/backend';
import { stopProcessor } from '../../lib/gpu/processor';
import { tf } from '../../lib/gpu/tf';
import type { Budgets } from '../adapter/budgets';
import { createLocalEngine } from '../local';
import { memoryScratch } from '../testing/scratch';
import { picture, readPublic, SCORING, SETTINGS } from '../testing/tiny';
import type { Engine, ScoreTable } from '../api/types';

/** One 4 x 4 x 32 map of float32. */
const MAP = 4 * 4 * 32 * 4;
const NOTHING: Budgets = {
  gpuFeatures: 0,
  memoryFeatures: 0,
  diskFeatures: 0,
  gpuDrawn: 0,
  preparedPixels: 0,
  testPixels: 1e9,
};
const TRAIN = ['a', 'bb', 'ccc', 'dddd', 'eeeee'];

interface Outcome {
  model: Uint8Array;
  scores: ScoreTable['images'];
  tiers: unknown;
}

const settings = { ...SETTINGS, epochs1: 2, epochs2: 2 };

async function engineWith(budgets: Partial<Budgets>): Promise<Engine> {
  const engine = createLocalEngine({
    adapter: 'cpu',
    readBundled: readPublic,
    openScratch: async () => memoryScratch(100 * MAP),
    budgets: { ...NOTHING, ...budgets },
  });
  await engine.open({ probe: false });
  await engine.configure(settings);
  // From where a browser reads a user's files.
  const images = [...TRAIN.map((id) => picture(id, 'train')), picture('x', 'test', true)];
  await engine.addImages(images.map((image) => ({ ...image, bytes: new Blob([image.bytes]) })));
  return engine;
}

async function outcomeWith(budgets: Partial<Budgets>, params = settings): Promise<Outcome> {
  const engine = await engineWith(budgets);
  try {
    await engine.configure(params);
    await engine.train();
    const model = new Uint8Array(await engine.saveModel());
    const { images } = await engine.scoreAll(SCORING);
    return { model, scores: images, tiers: (await engine.memory()).features };
  } finally {
    await engine.close();
  }
}

afterAll(async () => {
  await tf.setBackend('cpu');
  stopProcessor();
});

describe('features in tiers', () => {
  let expected: Outcome;
  beforeAll(async () => {
    expected = await outcomeWith({ gpuFeatures: 100 * MAP });
  });

  it('all find room on the GPU with the usual budget', () => {
    expect(expected.tiers).toEqual({ gpu: 6 * MAP, memory: 0, disk: 0, recomputed: 0 });
  });

  it.each<[string, Partial<Budgets>, unknown]>([
    ['computing them again', {}, { gpu: 0, memory: 0, disk: 0, recomputed: 6 }],
    [
      'the GPU, main memory, the scratch file and computing together',
      { gpuFeatures: 2 * MAP, memoryFeatures: MAP, diskFeatures: 2 * MAP },
      { gpu: 2 * MAP, memory: MAP, disk: 2 * MAP, recomputed: 1 },
    ],
  ])('served by %s give the same model and scores', async (_, budgets, tiers) => {
    const outcome = await outcomeWith(budgets);
    expect(outcome.tiers).toEqual(tiers);
    expect(outcome.model).toEqual(expected.model);
    expect(outcome.scores).toEqual(expected.scores);
  });

  it('serves anomalies drawn on images the same way', async () => {
    const drawn = { ...settings, anomalySource: 'cutpaste' as const };
    const rich = await outcomeWith({ gpuFeatures: 100 * MAP, gpuDrawn: 100 * MAP }, drawn);
    // Room for some of them on the disk, none for the others.
    const poor = await outcomeWith({ diskFeatures: 3 * MAP }, drawn);
    expect(poor.model).toEqual(rich.model);
  });
});

describe('an engine short of room', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineWith({});
  });
  afterAll(() => engine.close());

  it('leaves no tensors behind', async () => {
    await engine.train();
    await engine.scoreAll(SCORING);
    const { tensors } = memory();
    await engine.scoreAll(SCORING);
    await engine.train();
    expect(memory().tensors).toBe(tensors);
  });

  it('ends a training whose features cannot be had any more, and says why', async () => {
    const training = engine.train();
    const failed = expect(training).rejects.toMatchObject({ name: 'FeaturesOutgrown' });
    await engine.pause();
    await engine.step();
    await engine.removeImages([TRAIN[0]!, TRAIN[1]!]);
    await engine.resume();
    await failed;
  });

  it('fits a baseline too', async () => {
    await engine.configure({ ...settings, method: 'padim' });
    expect(await engine.train()).toMatchObject({ outcome: 'finished' });
    await engine.configure(settings);
  });
});
