// Thumbnails by image id, outside the store: the newest as bitmaps that are drawn at once; older ones as small JPEGs of
// about 3 kB, so that 5,000 cost as much as one photo and none has to be made again when scrolled back to.
import type { ImageId } from '../../engine/api/types';

/** Bitmaps kept: 36 kB each at most. */
const MAX_BITMAPS = 1000;
const JPEG = { type: 'image/jpeg', quality: 0.8 };

/** Oldest first. */
const bitmaps = new Map<ImageId, ImageBitmap>();
const packing = new Set<ImageId>();
/** Addresses of packed ones. */
const packed = new Map<ImageId, string>();

/** A bitmap, the address of a packed one, or null while there is none. */
export const thumbnailOf = (id: ImageId): ImageBitmap | string | null =>
  bitmaps.get(id) ?? packed.get(id) ?? null;

export function keepThumbnail(id: ImageId, thumbnail: ImageBitmap): void {
  forgetThumbnail(id);
  bitmaps.set(id, thumbnail);
  for (const [oldest, bitmap] of bitmaps) {
    if (bitmaps.size - packing.size <= MAX_BITMAPS) return;
    if (!packing.has(oldest)) void pack(oldest, bitmap);
  }
}

export function forgetThumbnail(id: ImageId): void {
  bitmaps.get(id)?.close();
  bitmaps.delete(id);
  const url = packed.get(id);
  if (url !== undefined) URL.revokeObjectURL(url);
  packed.delete(id);
}

/** The bitmap stays until its JPEG is there; it may be forgotten meanwhile. */
async function pack(id: ImageId, bitmap: ImageBitmap): Promise<void> {
  packing.add(id);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  const blob = await canvas.convertToBlob(JPEG);
  packing.delete(id);
  if (bitmaps.get(id) !== bitmap) return;
  forgetThumbnail(id);
  packed.set(id, URL.createObjectURL(blob));
}
