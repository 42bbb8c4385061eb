// Recognises a file by its first bytes, never by its name. Formats that are images but not read here are named in
// the refusal, with what to do: above all HEIC, which telephones write.
import { NotAnImage, UnsupportedImage } from './errors';

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'bmp' | 'tiff';

/** Texts that stand at fixed positions of a file, one character a byte. */
type Signature = [at: number, text: string][];

const READ: [ImageFormat, Signature][] = [
  ['png', [[0, '\x89PNG']]],
  ['jpeg', [[0, '\xff\xd8\xff']]],
  ['webp', [[0, 'RIFF'], [8, 'WEBP']]],
  ['bmp', [[0, 'BM'], [6, '\0\0\0\0']]],
  ['tiff', [[0, 'II\x2a\0']]],
  ['tiff', [[0, 'MM\0\x2a']]],
]; // prettier-ignore

const CONVERT = 'Convert it to JPEG or PNG and load it again.';
const FROM_PHONE = 'Convert it to JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).';

const REFUSED: [Signature, what: string, remedy: string][] = [
  [[[0, 'GIF8']], 'A GIF image', 'Save the frame you need as PNG and load that.'],
  [[[0, 'II\x2b\0']], 'A BigTIFF image (made for more than 4 GB)', CONVERT],
  [[[0, 'MM\0\x2b']], 'A BigTIFF image (made for more than 4 GB)', CONVERT],
  [[[4, 'ftypavif']], 'An AVIF image', CONVERT],
  [[[4, 'ftyphei']], 'A HEIC photo', FROM_PHONE],
  [[[4, 'ftypmif1']], 'A HEIC photo', FROM_PHONE],
  [[[0, '\xff\x0a']], 'A JPEG XL image', CONVERT],
  [[[4, 'JXL ']], 'A JPEG XL image', CONVERT],
  [[[0, '\xff\x4f\xff\x51']], 'A JPEG 2000 image', CONVERT],
  [[[4, 'jP  ']], 'A JPEG 2000 image', CONVERT],
  [[[0, '%PDF']], 'A PDF document', 'Export its images as PNG or JPEG and load those.'],
]; // prettier-ignore

const HEAD_BYTES = 256;

/**
 * The format of a file that is read here.
 * @throws UnsupportedImage for other image formats, NotAnImage for anything else
 */
export function sniff(bytes: Uint8Array): ImageFormat {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  for (const [format, signature] of READ) if (matches(head, signature)) return format;
  for (const [signature, what, remedy] of REFUSED) {
    if (matches(head, signature)) throw new UnsupportedImage(what, remedy);
  }
  if (head.includes('<svg')) throw new UnsupportedImage('An SVG drawing', 'Export it as PNG and load that.');
  throw new NotAnImage(
    isText(bytes) ? 'it holds text' : 'its first bytes are those of no known image format',
  );
}

function matches(head: string, signature: Signature): boolean {
  return signature.every(([at, text]) => head.startsWith(text, at));
}

function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, HEAD_BYTES);
  return head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
}
