// What the store makes of masks: one that does not fit must not cost the image.
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { squashed } from '../../lib/framing';
import { inSample, MAX_TRAINING_TILES, ownerOf, partIds, partOf } from './imageParts';
import { ImageStore } from './imageStore';

const png = (width: number, height: number) =>
  new Uint8Array(encode({ width, height, channels: 1, data: new Uint8Array(width * height).fill(255) }))
    .buffer;
const stored = async (mask: ArrayBuffer) => {
  const store = new ImageStore(8);
  const file = {
    id: 'a',
    name: 'a',
    bytes: png(12, 8),
    split: 'test',
    label: 1,
    type: 'dent',
    mask,
  } as const;
  const prepared = await store.add(file, () => true);
  return { notices: prepared!.notices.map(({ text }) => text).join(), mask: await store.mask('a') };
};

describe('another mask', () => {
  it('takes the place of the one before; one that does not fit or cannot be read leaves it', async () => {
    const store = new ImageStore(8);
    const file = { id: 'a', name: 'a', bytes: png(12, 8), split: 'test', label: 1, type: 'dent' } as const;
    await store.add(file, () => true);
    const kinds = (await store.setMask('a', png(6, 4))).map(({ kind }) => kind);
    expect(kinds).toEqual(['mask-mostly-defect', 'mask-resized']);
    await expect(store.setMask('a', png(8, 12))).rejects.toThrow(/shapes differ/);
    await expect(store.setMask('a', new ArrayBuffer(5))).rejects.toThrow();
    expect((await store.mask('a'))?.data.every((value) => value === 1)).toBe(true);
    await store.setMask('a', null);
    expect(await store.mask('a')).toBeNull();
    await expect(store.setMask('b', null)).rejects.toMatchObject({ name: 'UnknownImage' });
  });
});

describe('a mask', () => {
  it("of its image's size, or of the same shape, is kept at the input size", async () => {
    expect(await stored(png(12, 8))).toMatchObject({
      notices: expect.not.stringMatching(/resized|left out/),
      mask: { width: 8, height: 8 },
    });
    const smaller = await stored(png(6, 4));
    expect(smaller.notices).toMatch(/6 x 4 pixels, its image 12 x 8: the mask is resized/);
    expect(smaller.mask?.data.every((value) => value === 1)).toBe(true);
  });

  it('that marks nothing, or nothing that is left at the input size, is told apart and said', async () => {
    const store = new ImageStore(8);
    const file = { id: 'a', name: 'a', bytes: png(64, 64), split: 'test', label: 1, type: 'dent' } as const;
    const black = new Uint8Array(64 * 64);
    const speck = black.map((_, i) => (i === 64 ? 255 : 0));
    for (const [data, marks, says] of [
      [black, 'nothing', /marks nothing/],
      [speck, 'vanished', /too small/],
    ] as const) {
      const mask = new Uint8Array(encode({ width: 64, height: 64, channels: 1, data })).buffer;
      const prepared = await store.add({ ...file, mask }, () => true);
      expect(prepared!.notices).toEqual([
        { kind: 'mask-empty', text: expect.stringMatching(says) as string },
      ]);
      expect((await store.preparedMask('a'))!.marks).toBe(marks);
    }
    const normal = await store.add({ ...file, label: 0, mask: png(64, 64) }, () => true);
    expect(normal!.notices.map(({ kind }) => kind)).toEqual(['mask-mostly-defect']);
  });

  it('of another shape, or damaged, is left out and said so; the image stays', async () => {
    expect(await stored(png(8, 12))).toMatchObject({
      mask: null,
      notices: expect.stringMatching(/left out.*shapes differ/),
    });
    expect(await stored(new ArrayBuffer(5))).toMatchObject({
      mask: null,
      notices: expect.stringMatching(/left out/),
    });
  });
});

describe('an image in tiles', () => {
  const tiles = { ...squashed(8), fit: 'tile', tile: 32, overlap: 0 } as const;
  const stripe = async (width: number) => {
    const store = new ImageStore(8);
    store.framing = tiles;
    const file = {
      id: 'a',
      name: 'a',
      bytes: png(width, 32),
      split: 'train',
      label: 0,
      type: 'good',
    } as const;
    await store.add(file, () => true);
    return store;
  };

  it('has parts of its own names, each the size of the input, and bears its id where it has one', async () => {
    const store = await stripe(96);
    const { ids, layout } = store.parts('a');
    expect(ids.map((part) => [ownerOf(part), partOf(part)])).toEqual([['a', 0], ['a', 1], ['a', 2]]); // prettier-ignore
    expect(layout).toEqual({
      columns: { size: 24, span: 8, starts: [0, 8, 16] },
      rows: { size: 8, span: 8, starts: [0] },
    });
    expect(await store.prepared(ids[2]!)).toMatchObject({ width: 8, height: 8 });
    expect((await stripe(32)).allParts()).toEqual(['a']);
  });

  it('shows each part its own piece of the mask', async () => {
    const store = await stripe(96);
    const data = Uint8Array.from({ length: 96 * 32 }, (_, i) => (i % 96 < 32 ? 255 : 0));
    await store.setMask('a', new Uint8Array(encode({ width: 96, height: 32, channels: 1, data })).buffer);
    const masks = await Promise.all(store.parts('a').ids.map((part) => store.partMask(part)));
    expect(masks.map((mask) => new Set(mask!.data))).toEqual([new Set([1]), new Set([0]), new Set([0])]);
    expect((await store.mask('a'))!.width).toBe(24);
  });

  it('is refused by name where there would be too many, before anything changes', async () => {
    const store = await stripe(16000);
    expect(() => store.mayFrame({ ...tiles, overlap: 0.5 })).not.toThrow();
    await expect(stripe(16000).then((s) => s.mayFrame({ ...tiles, tile: 1 }))).rejects.toMatchObject({
      name: 'TooManyTiles',
    });
  });

  it('of very many training tiles gives a sample, always the same', () => {
    const all = partIds('a', MAX_TRAINING_TILES + 500);
    const sample = inSample([...all, 'whole']);
    expect(sample).toHaveLength(MAX_TRAINING_TILES + 1);
    expect(inSample([...all, 'whole'])).toEqual(sample);
    expect(inSample(all.slice(0, 10))).toEqual(all.slice(0, 10));
  });
});
