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
  return { notices: prepared!.notices.join(), mask: await store.mask('a') };
};

describe('a mask', () => {
  it("of its image's size, or of the same shape, is kept at the input size", async () => {
    expect(await stored(png(12, 8))).toMatchObject({ notices: '', mask: { width: 8, height: 8 } });
    const smaller = await stored(png(6, 4));
    expect(smaller.notices).toMatch(/6 x 4 pixels, its image 12 x 8: the mask is resized/);
    expect(smaller.mask?.data.every((value) => value === 1)).toBe(true);
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
