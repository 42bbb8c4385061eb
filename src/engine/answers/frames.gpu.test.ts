// A frame without a file is scored as the same picture with one: same number, same map, nothing kept.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../lib/images/decode';
import { installDawn } from '../../lib/gpu/node';
import { createLocalEngine } from '../local';
import { picture, readPublic, SCORING, SETTINGS } from '../testing/tiny';
import type { Engine, Frame } from '../api/types';

/** The picture's pixels as a camera would hand them over. */
async function frameOf(bytes: ArrayBuffer): Promise<Frame> {
  const { image } = await decodeImage(new Uint8Array(bytes));
  const rgba = new Uint8Array(4 * image.width * image.height);
  for (let i = 0; i < rgba.length; i++) rgba[i] = i % 4 === 3 ? 9 : image.data[3 * (i >> 2) + (i % 4)]!;
  const { width, height } = image;
  return { width, height, pixels: rgba.buffer, ...SCORING, fusionValue: null };
}

describe('scoreFrame', () => {
  let engine: Engine;
  const bytes = picture('bad', 'test', true).bytes as ArrayBuffer;

  beforeAll(async () => {
    await installDawn({ software: true });
    engine = createLocalEngine({ adapter: 'gpu', readBundled: readPublic });
    await engine.open({ probe: false });
    await engine.configure(SETTINGS);
    await engine.addImages([
      picture('a', 'train'),
      picture('bb', 'train'),
      { ...picture('bad', 'test', true) },
    ]);
  });
  afterAll(() => engine.close());

  it('has nothing to say before there is a model', async () => {
    await expect(engine.scoreFrame(await frameOf(bytes.slice(0)))).rejects.toMatchObject({ name: 'NoModel' });
  });

  it('scores a frame as the image with the same pixels, and keeps nothing of it', async () => {
    await engine.train();
    const table = await engine.scoreAll(SCORING);
    const wanted = await engine.readMap({ image: 'bad', map: 'fused', ...SCORING });
    const first = await engine.scoreFrame(await frameOf(bytes.slice(0)));
    const { tensors } = await engine.memory();
    const { score, map } = await engine.scoreFrame(await frameOf(bytes.slice(0)));
    expect(score).toBeCloseTo(table.images.find(({ id }) => id === 'bad')!.score, 4);
    expect(first.score).toBe(score);
    expect([map.width, map.height]).toEqual([32, 32]);
    map.values.forEach((value, i) => expect(value).toBeCloseTo(wanted.values[i]!, 4));
    expect((await engine.memory()).tensors).toBe(tensors);
    expect((await engine.scoreAll(SCORING)).images).toHaveLength(3);
  });

  it('refuses pixels that are not those of such a picture', async () => {
    const frame = { ...(await frameOf(bytes.slice(0))), width: 31 };
    await expect(engine.scoreFrame(frame)).rejects.toMatchObject({ name: 'BadFrame' });
  });
});
