// Images that are not squashed, through the engine: a tile that covers the image changes nothing, several answer as one, padding
// does not count, and masks lie where the maps do.
import { encode } from 'fast-png';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { faults } from '../lib/gpu/faults';
import { installDawn } from '../lib/gpu/node';
import type { Params } from '../settings/table';
import { createLocalEngine } from './local';
import { picture, readPublic, SCORING, SETTINGS, VIEW } from './testing/tiny';
import type { Engine, ImageFile } from './api/types';

const MAP = { image: 'x', map: 'fused', ...SCORING } as const;
const engines: Engine[] = [];

async function engineFor(more: Partial<Params>, images: ImageFile[]): Promise<Engine> {
  const engine = createLocalEngine({ readBundled: readPublic });
  engines.push(engine);
  await engine.open({ probe: false });
  await engine.configure({ ...SETTINGS, method: 'padim', padimFeatures: 4, ...more });
  expect((await engine.addImages(images)).refused).toEqual([]);
  return engine;
}

/** Stripes; a defect is a white square of 8 pixels, 8 from the right end. */
function wide(
  id: string,
  split: 'train' | 'test',
  { defect = false, width = 96, height = 32 } = {},
): ImageFile {
  const inside = (i: number) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return defect && x >= width - 16 && x < width - 8 && y >= 12 && y < 20;
  };
  const grey = (i: number) => 90 + 40 * (((i % width) >> 2) % 2) + 3 * id.length + ((7 * i) % 5);
  const all = Array.from({ length: width * height }, (_, i) => i);
  const png = (data: number[], channels: 1 | 3) =>
    new Uint8Array(encode({ width, height, channels, data: Uint8Array.from(data) })).buffer;
  const bytes = png(
    all.flatMap((i) => Array<number>(3).fill(inside(i) ? 255 : grey(i))),
    3,
  );
  const mask = defect
    ? {
        mask: png(
          all.map((i) => (inside(i) ? 255 : 0)),
          1,
        ),
      }
    : {};
  return {
    id,
    name: `${id}.png`,
    bytes,
    split,
    label: defect ? 1 : 0,
    type: defect ? 'spot' : 'good',
    ...mask,
  };
}
const wideSet = (size = {}) => [
  ...['a', 'bb', 'ccc'].map((id) => wide(id, 'train', size)),
  wide('n', 'test', size),
  wide('x', 'test', { defect: true, ...size }),
];

beforeAll(() => installDawn({ software: true }));
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(() => void faults.drain());

it('a tile that covers the image gives the same map and scores as squashing it, to the bit', async () => {
  const answers = async (more: Partial<Params>) => {
    const set = [...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')), picture('x', 'test', true)];
    const engine = await engineFor(more, set);
    await engine.train();
    return { map: await engine.readMap(MAP), scores: (await engine.scoreAll(SCORING)).images };
  };
  const squashed = await answers({});
  expect(await answers({ fit: 'tile', tile: 32, overlap: 0.5 })).toEqual(squashed);
  expect(await answers({ fit: 'letterbox' })).toEqual(squashed);
});

it('tiles answer as one image: one score, one map over all of it, the defect where it is', async () => {
  const engine = await engineFor({ fit: 'tile', tile: 32 }, wideSet());
  await engine.train();
  const table = await engine.scoreAll(SCORING);
  expect(table.images.map(({ id }) => id)).toEqual(['n', 'x', 'a', 'bb', 'ccc']);
  expect(table.notices!.find(({ kind }) => kind === 'framing')!.text).toContain('96 x 32');
  expect(table.metrics.pixel_auroc).toBeGreaterThan(0.9);
  const { width, height, values } = await engine.readMap(MAP);
  expect([width, height]).toEqual([96, 32]);
  const at = values.indexOf(Math.max(...values));
  expect(Math.abs((at % width) - 84)).toBeLessThan(8);
  const score = table.images.find(({ id }) => id === 'x')!.score;
  expect(score).toBe(Math.max(...values));

  // On screen: the same score, and a block where the second and third tile overlap.
  const shown = await engine.show({ ...VIEW, image: 'x' });
  expect(shown).toMatchObject({ superseded: false, score });
  const block = { shape: 'square', size: 0, intensity: 8, x: 7, y: 1, seed: 0, steps: 0 } as const;
  const pasted = await engine.show({ ...VIEW, image: 'n', block });
  const plain = table.images.find(({ id }) => id === 'n')!.score;
  expect(pasted.superseded ? null : pasted.score).toBeGreaterThan(plain);
  const trials = await engine.pasteBlocks({
    ...SCORING,
    sizes: [1],
    intensities: [0, 16],
    trials: 2,
    seed: 0,
  });
  expect(
    trials.trials.filter(({ block: { intensity } }) => intensity === 0).map(({ score }) => score),
  ).toEqual([plain, plain]);
  expect(trials.trials.every(({ block: { intensity }, score }) => intensity === 0 || score > plain)).toBe(
    true,
  );
});

it('what is beyond a letterboxed image changes neither map nor training', async () => {
  const engine = await engineFor({ fit: 'letterbox' }, wideSet());
  await engine.train();
  const map = await engine.readMap(MAP);
  expect([map.width, map.height]).toEqual([32, 11]);
  const table = await engine.scoreAll(SCORING);
  expect(table.images.find(({ id }) => id === 'x')!.score).toBe(Math.max(...map.values));
});

it('an input that is wider than high', async () => {
  const engine = await engineFor({ inputSize: 96, inputHeight: 32, method: 'grad' }, wideSet());
  expect(await engine.features()).toMatchObject({ width: 12, height: 4 });
  await engine.train();
  const { width, height, values } = await engine.readMap(MAP);
  expect([width, height, values.every(Number.isFinite)]).toEqual([96, 32, true]);
});
