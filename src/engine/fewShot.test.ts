// A few reference images from the engine's side, on the processor: each judged without itself, the line that follows, what is
// said of one that is unlike the others, and a draw of some of many. What is computed: methods/patchcore/fewShot.gpu.test.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalEngine } from './local';
import { picture, readPublic, SCORING, SETTINGS } from './testing/tiny';
import type { Engine } from './api/types';

const FEW = {
  ...SETTINGS,
  project: false,
  method: 'patchcore',
  coresetPercent: 100,
  patchcoreDistance: 'cosine',
  patchcoreScore: 'top',
  patchcoreTurns: true,
} as const;

describe('a few reference images', () => {
  let engine: Engine;
  const trainOn = async (change: object = {}) => {
    await engine.configure({ ...FEW, ...change });
    await engine.train();
    const table = await engine.scoreAll(SCORING);
    const scoreOf = (id: string) => table.images.find((image) => image.id === id)!.score;
    return { table, scoreOf };
  };
  beforeAll(async () => {
    engine = createLocalEngine({ adapter: 'cpu', readBundled: readPublic });
    await engine.open({ probe: false });
    await engine.configure(FEW);
    await engine.addImages(['a', 'bb', 'ccc'].map((id) => picture(id, 'train')));
    await engine.addImages([{ ...picture('odd', 'train', true), label: 0, type: 'good' }]);
    await engine.addImages([{ ...picture('x', 'test', true), label: null }]);
  });
  afterAll(() => engine.close());

  it('are each judged without themselves, and the largest of these scores is the line', async () => {
    const { table, scoreOf } = await trainOn();
    const scores = ['a', 'bb', 'ccc', 'odd'].map(scoreOf);
    for (const score of scores) expect(score).toBeGreaterThan(0);
    expect(table.threshold).toMatchObject({ value: scoreOf('odd'), source: 'references left out in turn' });
    expect(table.notices).toContainEqual(expect.objectContaining({ kind: 'unlike-reference', images: ['odd.png'] })); // prettier-ignore
  });

  it('are drawn by the seed where only some are wanted; those that were not are new to the model', async () => {
    const alone = await trainOn({ shots: 1, seed: 5 });
    const again = await trainOn({ shots: 1, seed: 5 });
    expect(again.table.images).toEqual(alone.table.images);
    const scores = ['a', 'bb', 'ccc', 'odd'].map(alone.scoreOf);
    // A single one is judged by itself turned.
    for (const score of scores) expect(score).toBeGreaterThan(0);
    const drawn = new Set([JSON.stringify(alone.table.images)]);
    for (const seed of [6, 7, 8, 9])
      drawn.add(JSON.stringify((await trainOn({ shots: 1, seed })).table.images));
    expect(drawn.size).toBeGreaterThan(1);
  });

  it('keep the scores of memory alone with Euclidean distances', async () => {
    const { table, scoreOf } = await trainOn({ patchcoreDistance: 'euclidean', patchcoreTurns: false });
    expect(scoreOf('a')).toBe(0);
    expect(table.threshold).toMatchObject({ source: 'normal images' });
  });
});
