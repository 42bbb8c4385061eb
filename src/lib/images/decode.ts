// Image files to pixels, one implementation for the browser's worker and for Node: no canvas, no platform decoder,
// so both see the same bytes. Orientation applied, alpha dropped, colour profile ignored, 16 bits cut to 8.
// Each format's decoder is loaded when its first file arrives.
import { RemedyError } from '../errors';
import { ByteView } from './byteView';
import { Damaged, DecoderMissing } from './errors';
import type { Mask, RgbImage } from './image';
import { imageInfo } from './imageInfo';
import { toMask } from './mask';
import { upright } from './orientation';
import type { ImageFormat } from './sniff';
import type { StoredPicture } from './storedPicture';

type Decoder = (view: ByteView) => StoredPicture | Promise<StoredPicture>;

const DECODERS: Record<ImageFormat, () => Promise<Decoder>> = {
  png: async () => (await import('./png/decode')).decodePng,
  jpeg: async () => (await import('./jpeg/decode')).decodeJpeg,
  webp: async () => (await import('./webp/decode')).decodeWebp,
  bmp: async () => (await import('./bmp/decode')).decodeBmp,
};

/**
 * Decodes a PNG, JPEG, WebP or BMP file to upright RGB.
 * @returns the image and what the reader should know about how it was read (usually nothing)
 * @throws EmptyFile, NotAnImage, UnsupportedImage, TooLarge (before anything is allocated), Truncated, Damaged
 */
export async function decodeImage(bytes: Uint8Array): Promise<{ image: RgbImage; notices: string[] }> {
  const { format, width, height } = imageInfo(bytes);
  const decode = await loadDecoder(format);
  const picture = await typed(() => decode(new ByteView(bytes)));
  const { image } = picture;
  if (image.width !== width || image.height !== height)
    throw new Damaged('its headers contradict each other');
  return { image: upright(image, picture.orientation), notices: noticesOf(picture) };
}

/**
 * Decodes a ground-truth mask: defect where the grey value is above 127.
 * @returns zeros and ones at the file's own size, and notices
 * @throws what decodeImage throws
 */
export async function decodeMask(bytes: Uint8Array): Promise<{ mask: Mask; notices: string[] }> {
  const { image, notices } = await decodeImage(bytes);
  const { mask, notice } = toMask(image);
  return { mask, notices: notice ? [...notices, notice] : notices };
}

async function loadDecoder(format: ImageFormat): Promise<Decoder> {
  try {
    return await DECODERS[format]();
  } catch (error) {
    throw new DecoderMissing(`for ${format}`, { cause: error });
  }
}

function noticesOf({ animated, hasAlpha, notices }: StoredPicture): string[] {
  return [
    ...(animated ? ['The image is animated; only its first picture is used.'] : []),
    ...(hasAlpha ? ['Its transparency is ignored: the colours stored under it are used.'] : []),
    ...notices,
  ];
}

async function typed<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RemedyError) throw error;
    throw new Damaged(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
