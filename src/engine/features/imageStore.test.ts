// What the store makes of masks: one that does not fit must not cost the image.
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
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
