// The mask of an image as zeros and ones at a size of one's choice, read exactly as the engine reads it. Its decoder is
// loaded when the first mask is looked at.
import type { Mask } from '../../lib/images/image';
import type { ImageId } from '../../engine/api/types';
import { maskBytesOf } from '../images/pictures';
import { getState } from '../shell/store';

/** Null for an image without a mask. @throws the decoder's errors */
export async function readMask(
  id: ImageId,
  { width, height }: { width: number; height: number },
): Promise<Mask | null> {
  const bytes = await maskBytesOf(id);
  if (!bytes) return null;
  const { decodeMask } = await import('../../lib/images/decode');
  const { data, params } = getState();
  const image = { width, height, orientation: data.images[id]?.orientation };
  const { mask } = await decodeMask(new Uint8Array(bytes), { inverted: params.invertMasks, image });
  return sampled(mask, width, height);
}

/** Nearest neighbour, as masks are always resized. */
function sampled(mask: Mask, width: number, height: number): Mask {
  if (mask.width === width && mask.height === height) return mask;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x++)
      data[y * width + x] = mask.data[row + Math.floor(((x + 0.5) * mask.width) / width)]!;
  }
  return { width, height, data };
}
