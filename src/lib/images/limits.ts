// How large an image may be, as a file and as a picture.
import { TooLarge } from './errors';

/** Pixels; 64 megapixels are 192 MiB of RGB, and three to four times that while decoding. */
export const MAX_PIXELS = 64 * 2 ** 20;
/** Pixels a side. */
export const MAX_SIDE = 16_384;
export const MAX_FILE_BYTES = 256 * 2 ** 20;

/** @throws TooLarge; before the file is read, where its size is known before */
export function checkFileSize(bytes: number): void {
  if (bytes > MAX_FILE_BYTES) throw new TooLarge(megabytes(bytes), megabytes(MAX_FILE_BYTES));
}

/** @throws TooLarge; before anything is allocated */
export function checkPictureSize(width: number, height: number): void {
  if (Math.max(width, height) <= MAX_SIDE && width * height <= MAX_PIXELS) return;
  const limit = `${MAX_SIDE} pixels a side and ${MAX_PIXELS / 2 ** 20} megapixels`;
  throw new TooLarge(`${width} x ${height} pixels`, limit);
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;
