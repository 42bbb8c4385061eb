// Pictures and files by image id, outside the store: object URLs, thumbnails, the user's File handles, the stored
// maps. Whoever removes an image for good calls `forget`, so that nothing piles up.
import type { Encoded, ImageId } from '../engine/types';
import { isPacked, type OwnFile } from './ownFiles';

interface Held {
  /** Where the page itself can show the image from; null while it is packed in an archive. */
  url: string | null;
  maskUrl: string | null;
  /** The user's file; bytes are read only when needed. */
  file: OwnFile | null;
  maskFile: OwnFile | null;
  thumbnail: ImageBitmap | null;
}

const held = new Map<ImageId, Held>();

/** Thumbnails kept: 36 kB each. Beyond that the oldest give way, and are shown from their file again when in sight. */
const MAX_THUMBNAILS = 1000;
const withThumbnail = new Set<ImageId>();

export function holdBundled(id: ImageId, url: string, maskUrl: string | null): void {
  held.set(id, { url, maskUrl, file: null, maskFile: null, thumbnail: null });
}

export function holdOwn(id: ImageId, file: OwnFile, maskFile: OwnFile | null): void {
  held.set(id, { url: urlOf(file), maskUrl: maskFile && urlOf(maskFile), file, maskFile, thumbnail: null });
}

const urlOf = (file: OwnFile): string | null => (isPacked(file) ? null : URL.createObjectURL(file));

export const pictureUrl = (id: ImageId): string | null => held.get(id)?.url ?? null;
export const maskUrl = (id: ImageId): string | null => held.get(id)?.maskUrl ?? null;
export const thumbnailOf = (id: ImageId): ImageBitmap | null => held.get(id)?.thumbnail ?? null;
/** The user's own files; null for a bundled image, and for one that is still packed (none that is ready is). */
export function filesOf(id: ImageId): { file: File; maskFile: File | null } | null {
  const entry = held.get(id);
  if (!entry?.file || isPacked(entry.file)) return null;
  return { file: entry.file, maskFile: entry.maskFile && !isPacked(entry.maskFile) ? entry.maskFile : null };
}

/** Bytes of the user's own file; 0 for a bundled image. */
export const sizeOf = (id: ImageId): number => held.get(id)?.file?.size ?? 0;

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

/**
 * What the engine decodes an image and its mask from: a user's files as they lie on the disk, or the bytes of bundled
 * ones, fresh copies that may be transferred.
 */
export async function encodedOf(id: ImageId): Promise<{ bytes: Encoded; mask?: Encoded }> {
  const entry = held.get(id);
  if (!entry) throw new Error(`No image ${id}`);
  await unpack(id, entry);
  const own = filesOf(id);
  if (!own) return bytesOf(id);
  return { bytes: own.file, ...(own.maskFile && { mask: own.maskFile }) };
}

/** The encoded bytes of an image and its mask, fresh copies that may be transferred. */
export async function bytesOf(id: ImageId): Promise<{ bytes: ArrayBuffer; mask?: ArrayBuffer }> {
  const entry = held.get(id);
  if (!entry) throw new Error(`No image ${id}`);
  await unpack(id, entry);
  const bytes = await read(entry.file, entry.url);
  if (!entry.maskUrl) return { bytes };
  return { bytes, mask: await read(entry.maskFile, entry.maskUrl) };
}

/** What was packed is a file from now on. @throws ZipEntryUnreadable; a mask alone that cannot be unpacked is given up */
async function unpack(id: ImageId, entry: Held): Promise<void> {
  const { file, maskFile } = entry;
  const unpacked = file && isPacked(file) ? await file.unpack() : null;
  const mask = maskFile && isPacked(maskFile) ? await maskFile.unpack().catch(() => null) : maskFile;
  // Removed, or unpacked by another reader, meanwhile.
  if (held.get(id) !== entry || entry.file !== file) return;
  if (unpacked) Object.assign(entry, { file: unpacked, url: URL.createObjectURL(unpacked) });
  if (mask !== maskFile) Object.assign(entry, { maskFile: mask, maskUrl: mask && urlOf(mask) });
}

async function read(file: OwnFile | null, url: string | null): Promise<ArrayBuffer> {
  if (file && !isPacked(file)) return file.arrayBuffer();
  if (url === null) throw new Error('The image was removed.');
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

export function forget(id: ImageId): void {
  const entry = held.get(id);
  if (!entry) return;
  dropThumbnail(id);
  held.delete(id);
  if (entry.file && entry.url) URL.revokeObjectURL(entry.url);
  if (entry.maskFile && entry.maskUrl) URL.revokeObjectURL(entry.maskUrl);
}
