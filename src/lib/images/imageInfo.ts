// What a file is and how large its picture would be, from its first bytes: nothing is decoded or allocated here, so
// a picture of 20000 x 20000 pixels costs nothing to refuse.
import { ByteView } from './byteView';
import { readBmpHeader } from './bmp/header';
import { EmptyFile } from './errors';
import { readJpegFrame } from './jpeg/header';
import { checkFileSize, checkPictureSize } from './limits';
import { readPngHeader } from './png/header';
import { sniff, type ImageFormat } from './sniff';
import { readTiffHeader } from './tiff/header';
import { readWebpHeader } from './webp/header';

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
  tiff: readTiffHeader,
};

/**
 * Format and size of an image file.
 * @throws EmptyFile, NotAnImage, UnsupportedImage, TooLarge, Truncated or Damaged, each with a remedy
 */
export function imageInfo(bytes: Uint8Array): ImageInfo {
  if (bytes.length === 0) throw new EmptyFile();
  checkFileSize(bytes.length);
  const format = sniff(bytes);
  const { width, height } = READERS[format](new ByteView(bytes));
  checkPictureSize(width, height);
  return { format, width, height };
}
