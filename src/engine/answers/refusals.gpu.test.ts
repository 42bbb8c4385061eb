// Numbers that are none: whoever asks for an answer about such an image is told which one it is and what to do, never given
// a score; and the engine goes on.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Features from '../../lib/backbones/extractFeatures';
import { faults } from '../../lib/gpu/faults';
import { installDawn } from '../../lib/gpu/node';
import { tf } from '../../lib/gpu/tf';
import type { Engine, Frame } from '../api/types';
import { createLocalEngine } from '../local';
import { picture, readPublic, SCORING, SETTINGS, VIEW } from '../testing/tiny';

/** What is added to one value of each map that the backbone gives. */
const spoiling = vi.hoisted(() => ({ by: 0 }));

vi.mock('../../lib/backbones/extractFeatures', async (original) => {
  const actual = await original<typeof Features>();
  const extractFeatures: typeof actual.extractFeatures = (...request) =>
    actual.extractFeatures(...request).map((phi) => {
      if (spoiling.by === 0) return phi;
      const change = new Float32Array(tf.util.sizeFromShape(phi.shape));
      change[change.length - 1] = spoiling.by;
      const spoilt = tf.tidy(() => phi.add<tf.Tensor4D>(tf.tensor(change, phi.shape)));
      phi.dispose();
      return spoilt;
    });
  return { ...actual, extractFeatures };
});

async function spoilt<T>(by: number, work: () => Promise<T>): Promise<T> {
  spoiling.by = by;
  try {
    return await work();
  } finally {
    spoiling.by = 0;
  }
}

const frame = (): Frame => {
  const pixels = new Uint8Array(4 * 32 * 32).fill(120).buffer;
  return { width: 32, height: 32, pixels, ...SCORING, fusionValue: null };
};
const BLOCK = { shape: 'disc', size: 1, intensity: 4, x: 2, y: 1, seed: 0, steps: 0 } as const;
const VIEW_OF_BAD = { ...VIEW, image: 'bad' };

/** Everything that answers about the image `bad`, or about a frame that is as bad. */
const CALLERS: [string, (engine: Engine, by: number) => Promise<unknown>][] = [
  ['live view', (engine) => engine.show(VIEW_OF_BAD)],
  ['live view with a fixed range', (engine) => engine.show({ ...VIEW_OF_BAD, range: [0, 1] })],
  ['live view of the mask', (engine) => engine.show({ ...VIEW_OF_BAD, map: 'mask', block: BLOCK })],
  ['table of scores', (engine) => engine.scoreAll(SCORING)],
  ['single map', (engine) => engine.readMap({ image: 'bad', map: 'fused', ...SCORING })],
  ['model set aside', (engine) => engine.readStashed({ image: 'bad', models: ['own'], ...SCORING })],
  [
    'pasted blocks',
    (engine) => engine.pasteBlocks({ sizes: [1], intensities: [1], trials: 4, seed: 0, ...SCORING }),
  ],
  ['camera', (engine, by) => spoilt(by, () => engine.scoreFrame(frame()))],
];

/** Kinds of trouble: what is added, and where it shows. Large numbers are numbers, but their distances are not. */
const TROUBLES = [
  ['NaN in the features', NaN, /features hold values that are no finite numbers/],
  ['an infinity in the features', Infinity, /features hold values that are no finite numbers/],
  ['a map that overflows', 1e30, /anomaly map holds values that are no finite numbers/],
] as const;

describe.each(['grad', 'padim', 'patchcore'] as const)('%s', (method) => {
  let engine: Engine;
  const good = { ...VIEW, image: 'x' };

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    await engine.open({ probe: false });
    await engine.configure({ ...SETTINGS, method, padimFeatures: 32 });
    await engine.addImages([
      ...['a', 'bb', 'ccc'].map((id) => picture(id, 'train')),
      picture('x', 'test', true),
    ]);
    await engine.train();
    await engine.stashModel('own');
  });
  afterAll(async () => {
    faults.drain();
    await engine.close();
  });

  // Every caller meets every trouble once; the other methods are there because each hides NaN in a way of its own.
  describe.each(TROUBLES.slice(0, method === 'grad' ? 3 : 1))('%s', (_, by, message) => {
    let scores: unknown;
    let shown: unknown;

    beforeAll(async () => {
      scores = (await engine.scoreAll(SCORING)).images;
      shown = await engine.show(good);
      await spoilt(by, async () => {
        await engine.addImages([picture('bad', 'test')]);
        await engine.features();
      });
    });

    it.each(CALLERS)('is refused by name: %s', async (caller, ask) => {
      const refused = async () => {
        const error = await ask(engine, by).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(error).toMatchObject({
          name: 'ScoreNotFinite',
          message: expect.stringMatching(message) as unknown,
          remedy: expect.stringMatching(/\.$/) as unknown,
        });
        expect((error as Error).message).toMatch(caller === 'camera' ? /^The camera’s frame/ : /^bad\.png/);
      };
      await refused();
      await engine.show(good);
      const { tensors } = await engine.memory();
      await refused();
      if (caller.startsWith('live view')) expect(await engine.readPixel({ x: 0.5, y: 0.5 })).toBeNull();
      await engine.show(good);
      expect((await engine.memory()).tensors).toBe(tensors);
    });

    it('leaves the other images as they were', async () => {
      await engine.removeImages(['bad']);
      expect((await engine.scoreAll(SCORING)).images).toEqual(scores);
      const again = await engine.show(good);
      expect({ ...again, ms: 0 }).toEqual({ ...(shown as object), ms: 0 });
      expect((await engine.scoreFrame(frame())).score).toBeGreaterThan(0);
    });
  });
});
