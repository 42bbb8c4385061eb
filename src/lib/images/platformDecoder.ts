// Where there is no WebAssembly, the browser's own decoder serves for JPEG and WebP: not the same bytes as everywhere else (they
// differ by a step or two of 255), but a picture.
import { Damaged, DecoderMissing } from './errors';
import type { RgbaPicture } from './wasmCodec';

/** Whether the decoders that come along can run. */
export const hasWebAssembly = (): boolean => typeof WebAssembly !== 'undefined';

/**
 * Decodes a picture as it is stored: neither turned nor converted by its colour profile.
 * @param exif the blocks of `bytes` that say how to turn it, which are blotted out in a copy
 * @throws Damaged; DecoderMissing outside a browser
 */
export async function decodeByPlatform(
  bytes: Uint8Array,
  type: 'image/jpeg' | 'image/webp',
  exif: readonly Uint8Array[],
): Promise<RgbaPicture> {
  if (typeof createImageBitmap === 'undefined') throw new DecoderMissing(`for ${type} (WebAssembly)`);
  const copy = bytes.slice();
  for (const { byteOffset, length } of exif) {
    const start = byteOffset - bytes.byteOffset;
    copy.fill(0, start, start + length);
  }
  try {
    const options = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as const;
    const bitmap = await createImageBitmap(new Blob([copy], { type }), options);
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } catch (cause) {
    throw new Damaged('the browser cannot decode it', { cause });
  }
}
