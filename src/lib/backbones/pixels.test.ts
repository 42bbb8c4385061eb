import { describe, expect, it } from 'vitest';
import { tf } from '../gpu/tf';
import { expectClose } from '../../testing/golden';
import { IMAGENET } from './hubTable';
import { normalisePixels } from './pixels';

const image = (width: number, height: number, ...data: number[]) => ({
  width,
  height,
  data: Uint8Array.from(data),
});

describe('normalisePixels', () => {
  it('maps bytes to (value / 255 - mean) / std per channel, image after image', async () => {
    await tf.setBackend('cpu');
    const batch = normalisePixels(
      [image(2, 1, 0, 128, 255, 1, 2, 3), image(2, 1, 9, 8, 7, 6, 5, 4)],
      IMAGENET,
    );
    expect(batch.shape).toEqual([2, 1, 2, 3]);
    const bytes = [0, 128, 255, 1, 2, 3, 9, 8, 7, 6, 5, 4];
    const expected = bytes.map((byte, i) => (byte / 255 - IMAGENET.mean[i % 3]!) / IMAGENET.std[i % 3]!);
    expectClose(await batch.data(), expected, { rtol: 1e-7, atol: 1e-7 });
    batch.dispose();
  });

  it('refuses an empty batch, mixed sizes and data that do not fit the size', () => {
    expect(() => normalisePixels([], IMAGENET)).toThrow(RangeError);
    expect(() => normalisePixels([image(1, 1, 1, 2, 3), image(1, 2, 1, 2, 3, 4, 5, 6)], IMAGENET)).toThrow(
      RangeError,
    );
    expect(() => normalisePixels([image(1, 1, 1, 2)], IMAGENET)).toThrow(RangeError);
  });
});
