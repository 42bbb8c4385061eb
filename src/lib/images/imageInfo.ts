// What a file is and how large its picture would be, from its first bytes: nothing is decoded or allocated here, so
// a picture of 20000 x 20000 pixels costs nothing to refuse.
import { ByteView } from './byteView';
import { readBmpHeader } from './bmp/header';
import { EmptyFile, TooLarge } from './errors';
import { readJpegFrame } from './jpeg/header';
import { readPngHeader } from './png/header';
import { sniff, type ImageFormat } from './sniff';
import { readWebpHeader } from './webp/header';

/** Pixels; 64 megapixels are 192 MiB of RGB, and three to four times that while decoding. */
export const MAX_PIXELS = 64 * 2 ** 20;
/** Pixels a side. */
export const MAX_SIDE = 16_384;
export const MAX_FILE_BYTES = 256 * 2 ** 20;

export interface ImageInfo {
  format: ImageFormat;
  /** As stored, before any orientation is applied. */
  width: number;
  height: number;
}

const READERS: Record<ImageFormat, (view: ByteView) => { width: number; height: number }> = {
  png: readPngHeader,
  jpeg: readJpegFrame,
  webp: readWebpHeader,
  bmp: readBmpHeader,
};

/**
 * Format and size of an image file.
 * @throws EmptyFile, NotAnImage, UnsupportedImage, TooLarge, Truncated or Damaged, each with a remedy
 */
export function imageInfo(bytes: Uint8Array): ImageInfo {
  if (bytes.length === 0) throw new EmptyFile();
  if (bytes.length > MAX_FILE_BYTES) throw new TooLarge(megabytes(bytes.length), megabytes(MAX_FILE_BYTES));
  const format = sniff(bytes);
  const { width, height } = READERS[format](new ByteView(bytes));
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS) {
    const limit = `${MAX_SIDE} pixels a side and ${MAX_PIXELS / 2 ** 20} megapixels`;
    throw new TooLarge(`${width} x ${height} pixels`, limit);
  }
  return { format, width, height };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`;
}
