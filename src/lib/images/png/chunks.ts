// The chunks of a PNG file, in order, each checked: length within the file, and for chunks that matter to the
// picture the checksum too. Source: PNG specification (third edition), sections 5.3 to 5.5.
import type { ByteView } from '../byteView';
import { Damaged } from '../errors';

export interface PngChunk {
  type: string;
  data: Uint8Array;
}

export const SIGNATURE = '\x89PNG\r\n\x1a\n';
/** Keyword of a text chunk by which a mask says that it was drawn here: upright, and white where it is a defect. */
export const DRAWN_MASK = 'grad-mask';
const LENGTH_AND_TYPE_BYTES = 8;
const CHECKSUM_BYTES = 4;

/**
 * Yields every chunk up to and including IEND.
 * @throws Truncated when the file ends before IEND, Damaged when the signature or a checksum is wrong
 */
export function* pngChunks(view: ByteView): Generator<PngChunk> {
  if (view.ascii(0, SIGNATURE.length) !== SIGNATURE) {
    throw new Damaged('its signature was changed (a transfer in text mode does that)');
  }
  for (let at = SIGNATURE.length; ;) {
    const length = view.u32(at);
    const type = view.ascii(at + 4, 4);
    const data = view.slice(at + LENGTH_AND_TYPE_BYTES, length);
    const checksum = view.u32(at + LENGTH_AND_TYPE_BYTES + length);
    if (isCritical(type) && crc32(view.slice(at + 4, 4 + length)) !== checksum) {
      throw new Damaged(`the checksum of its ${type} chunk is wrong`);
    }
    yield { type, data };
    if (type === 'IEND') return;
    at += LENGTH_AND_TYPE_BYTES + length + CHECKSUM_BYTES;
  }
}

/** A capital first letter marks the chunks without which the picture cannot be shown. */
function isCritical(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) === 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as PNG and zip use it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
