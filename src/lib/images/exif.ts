// The orientation tag of an EXIF block, and nothing else of it. The block is a little TIFF file; cameras write it
// carelessly, so anything odd in it means "upright" and never refuses the image.
// Source: EXIF 2.3, section 4.6.2 (IFD) and 4.6.4 (tag 0x0112).
import type { Orientation } from './orientation';
import { ByteView } from './byteView';
import { Truncated } from './errors';

const PREFIX = 'Exif\0\0';
const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;

/** Orientation 1 to 8 of an EXIF block, with or without its `Exif` prefix; 1 when it says nothing usable. */
export function readOrientation(block: Uint8Array): Orientation {
  const view = new ByteView(block);
  try {
    return readTiff(new ByteView(hasExifPrefix(view) ? block.subarray(PREFIX.length) : block));
  } catch (error) {
    if (error instanceof Truncated) return 1;
    throw error;
  }
}

/** Whether a JPEG APP1 segment or a WebP chunk starts like EXIF (it may hold XMP instead). */
export function hasExifPrefix(view: ByteView): boolean {
  return view.length >= PREFIX.length && view.ascii(0, PREFIX.length) === PREFIX;
}

function readTiff(view: ByteView): Orientation {
  const order = view.ascii(0, 2);
  const little = order === 'II';
  if ((!little && order !== 'MM') || view.u16(2, little) !== 42) return 1;
  const directory = view.u32(4, little);
  const entries = view.u16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * ENTRY_BYTES;
    if (view.u16(at, little) === ORIENTATION_TAG) return asOrientation(view.u16(at + 8, little));
  }
  return 1;
}

function asOrientation(value: number): Orientation {
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}
