// Pictures and files by image id, outside the store: object URLs, thumbnails, the user's File handles, the stored
// maps. Whoever removes an image for good calls `forget`, so that nothing piles up.
import type { ImageId } from '../engine/types';

interface Held {
  /** Where the page itself can show the image from. */
  url: string;
  maskUrl: string | null;
  /** The user's file; bytes are read only when needed. */
  file: File | null;
  maskFile: File | null;
  thumbnail: ImageBitmap | null;
}

const held = new Map<ImageId, Held>();

/** Thumbnails kept: 36 kB each. Beyond that the oldest give way, and are shown from their file again when in sight. */
const MAX_THUMBNAILS = 1000;
const withThumbnail = new Set<ImageId>();

export function holdBundled(id: ImageId, url: string, maskUrl: string | null): void {
  held.set(id, { url, maskUrl, file: null, maskFile: null, thumbnail: null });
}

export function holdOwn(id: ImageId, file: File, maskFile: File | null): void {
  const maskUrl = maskFile ? URL.createObjectURL(maskFile) : null;
  held.set(id, { url: URL.createObjectURL(file), maskUrl, file, maskFile, thumbnail: null });
}

export const pictureUrl = (id: ImageId): string | null => held.get(id)?.url ?? null;
export const maskUrl = (id: ImageId): string | null => held.get(id)?.maskUrl ?? null;
export const thumbnailOf = (id: ImageId): ImageBitmap | null => held.get(id)?.thumbnail ?? null;
/** The user's own files, as they were given; null for a bundled image. */
export function filesOf(id: ImageId): { file: File; maskFile: File | null } | null {
  const entry = held.get(id);
  return entry?.file ? { file: entry.file, maskFile: entry.maskFile } : null;
}

export const fileOf = (id: ImageId): File | null => held.get(id)?.file ?? null;

export function holdThumbnail(id: ImageId, thumbnail: ImageBitmap): void {
  const entry = held.get(id);
  if (!entry) return thumbnail.close();
  entry.thumbnail?.close();
  entry.thumbnail = thumbnail;
  withThumbnail.add(id);
  for (const oldest of withThumbnail) if (withThumbnail.size > MAX_THUMBNAILS) dropThumbnail(oldest);
}

function dropThumbnail(id: ImageId): void {
  const entry = held.get(id);
  entry?.thumbnail?.close();
  if (entry) entry.thumbnail = null;
  withThumbnail.delete(id);
}

/** The encoded bytes of an image and its mask, fresh copies that may be transferred. */
export async function bytesOf(id: ImageId): Promise<{ bytes: ArrayBuffer; mask?: ArrayBuffer }> {
  const entry = held.get(id);
  if (!entry) throw new Error(`No image ${id}`);
  const bytes = await read(entry.file, entry.url);
  if (!entry.maskUrl) return { bytes };
  return { bytes, mask: await read(entry.maskFile, entry.maskUrl) };
}

async function read(file: File | null, url: string): Promise<ArrayBuffer> {
  if (file) return file.arrayBuffer();
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

export function forget(id: ImageId): void {
  const entry = held.get(id);
  if (!entry) return;
  dropThumbnail(id);
  held.delete(id);
  if (entry.file) URL.revokeObjectURL(entry.url);
  if (entry.maskFile && entry.maskUrl) URL.revokeObjectURL(entry.maskUrl);
}
