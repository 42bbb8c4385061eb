// Pictures and files by image id, outside the store: object URLs and the user's File handles, whose bytes stay on the
// disk. Removing an image for good must call `forget`, or its data stay in memory. Thumbnails: thumbnails.ts.
import type { DefectMasks, Encoded, ImageId } from '../../engine/api/types';
import type { Regions } from './dropReader';
import { isPacked, type OwnFile } from './ownFiles';
import { forgetThumbnail, keepThumbnail } from './thumbnails';

interface Held {
  /** Where the page itself can show the image from; null before the first request, or when it is packed in an archive. */
  url: string | null;
  maskUrl: string | null;
  /** The user's file; bytes are read only when needed. */
  file: OwnFile | null;
  maskFile: OwnFile | null;
  /** Its masks apart, where the set says more of them. */
  regions: Regions | null;
}

const held = new Map<ImageId, Held>();

export function holdBundled(id: ImageId, url: string, maskUrl: string | null): void {
  held.set(id, { url, maskUrl, file: null, maskFile: null, regions: null });
}

export function holdOwn(
  id: ImageId,
  file: OwnFile,
  maskFile: OwnFile | null,
  regions: Regions | null = null,
): void {
  held.set(id, { url: null, maskUrl: null, file, maskFile, regions });
}

/** Whether the set says from when on the defects of an image count as found whole. */
export const hasRegions = (id: ImageId): boolean => (held.get(id)?.regions ?? null) !== null;

const urlOf = (file: OwnFile | null): string | null =>
  file && !isPacked(file) ? URL.createObjectURL(file) : null;

/** Made when first asked for: thousands of images are listed and few of them looked at. */
export function pictureUrl(id: ImageId): string | null {
  const entry = held.get(id);
  return entry ? (entry.url ??= urlOf(entry.file)) : null;
}

export function maskUrl(id: ImageId): string | null {
  const entry = held.get(id);
  return entry ? (entry.maskUrl ??= urlOf(entry.maskFile)) : null;
}

/** The user's own files; null for a bundled image, and for one that is still packed (none that is ready is). */
export function filesOf(id: ImageId): { file: File; maskFile: File | null } | null {
  const entry = held.get(id);
  if (!entry?.file || isPacked(entry.file)) return null;
  return { file: entry.file, maskFile: entry.maskFile && !isPacked(entry.maskFile) ? entry.maskFile : null };
}

/** One that comes when its image is gone already is not kept. */
export const holdThumbnail = (id: ImageId, thumbnail: ImageBitmap): void =>
  held.has(id) ? keepThumbnail(id, thumbnail) : thumbnail.close();

export const hasMask = (id: ImageId): boolean => {
  const entry = held.get(id);
  return entry !== undefined && (entry.maskFile !== null || entry.maskUrl !== null);
};

/** Another mask for one of the user's images, or none. */
export function holdMask(id: ImageId, file: File | null): void {
  const entry = held.get(id);
  if (!entry?.file) return;
  if (entry.maskFile && entry.maskUrl) URL.revokeObjectURL(entry.maskUrl);
  Object.assign(entry, { maskFile: file, maskUrl: file && urlOf(file), regions: null });
}

/** The encoded mask, a fresh copy; null for an image without one. */
export async function maskBytesOf(id: ImageId): Promise<ArrayBuffer | null> {
  const entry = held.get(id);
  if (!entry) return null;
  await unpack(id, entry);
  return entry.maskUrl || entry.maskFile ? read(entry.maskFile, entry.maskUrl) : null;
}

/** Bytes of the user's own file; 0 for a bundled image. */
export const sizeOf = (id: ImageId): number => held.get(id)?.file?.size ?? 0;

/**
 * What the engine decodes an image and its mask from: a user's files as they lie on the disk, or the bytes of bundled
 * ones, fresh copies that may be transferred.
 */
export async function encodedOf(
  id: ImageId,
): Promise<{ bytes: Encoded; mask?: Encoded; regions?: DefectMasks }> {
  const entry = held.get(id);
  if (!entry) throw new Error(`No image ${id}`);
  await unpack(id, entry);
  const own = filesOf(id);
  if (!own) return bytesOf(id);
  const regions = own.maskFile && entry.regions && (await unpackedRegions(entry.regions));
  return { bytes: own.file, ...(own.maskFile && { mask: own.maskFile }), ...(regions && { regions }) };
}

/** Null where one cannot be unpacked: the mask they make together has been told of. */
async function unpackedRegions({ masks, saturations }: Regions): Promise<DefectMasks | null> {
  const files = masks.map(async (mask) => (isPacked(mask) ? mask.unpack() : mask));
  return Promise.all(files).then((all) => ({ masks: all, saturations }), () => null); // prettier-ignore
}

/** The encoded bytes of an image and its mask, fresh copies that may be transferred. */
export async function bytesOf(id: ImageId): Promise<{ bytes: ArrayBuffer; mask?: ArrayBuffer }> {
  const entry = held.get(id);
  if (!entry) throw new Error(`No image ${id}`);
  await unpack(id, entry);
  const bytes = await read(entry.file, entry.url);
  if (!entry.maskUrl && !entry.maskFile) return { bytes };
  return { bytes, mask: await read(entry.maskFile, entry.maskUrl) };
}

/** What was packed is a file from now on. @throws ZipEntryUnreadable; a mask alone that cannot be unpacked is given up */
async function unpack(id: ImageId, entry: Held): Promise<void> {
  const { file, maskFile } = entry;
  const unpacked = file && isPacked(file) ? await file.unpack() : null;
  const mask = maskFile && isPacked(maskFile) ? await maskFile.unpack().catch(() => null) : maskFile;
  // Removed, or unpacked by another reader, meanwhile.
  if (held.get(id) !== entry || entry.file !== file) return;
  if (unpacked) entry.file = unpacked;
  if (mask !== maskFile) entry.maskFile = mask;
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
  forgetThumbnail(id);
  held.delete(id);
  if (entry.file && entry.url) URL.revokeObjectURL(entry.url);
  if (entry.maskFile && entry.maskUrl) URL.revokeObjectURL(entry.maskUrl);
}
