// The size of a WebP and the chunks around its picture. Source: the WebP container specification (RIFF) and
// RFC 6386 section 9.1 for the size inside a lossy picture.
import type { ByteView } from '../byteView';
import { Damaged, Truncated } from '../errors';

export interface WebpHeader {
  width: number;
  height: number;
  animated: boolean;
  hasAlpha: boolean;
}

export interface WebpChunk {
  type: string;
  data: Uint8Array;
}

const FIRST_CHUNK = 12;
const CHUNK_HEADER_BYTES = 8;
const PAYLOAD = FIRST_CHUNK + CHUNK_HEADER_BYTES;

/** Size and kind from the first chunk. @throws Truncated or Damaged */
export function readWebpHeader(view: ByteView): WebpHeader {
  const type = view.ascii(FIRST_CHUNK, 4);
  if (type === 'VP8 ') return lossyHeader(view);
  if (type === 'VP8L') return losslessHeader(view);
  if (type === 'VP8X') return extendedHeader(view);
  throw new Damaged('its first chunk is not a picture');
}

/** All chunks in order. @throws Truncated when the container is longer than the file */
export function* webpChunks(view: ByteView): Generator<WebpChunk> {
  const end = CHUNK_HEADER_BYTES + view.u32(4, true);
  if (end > view.length) throw new Truncated();
  for (let at = FIRST_CHUNK; at + CHUNK_HEADER_BYTES <= end;) {
    const length = view.u32(at + 4, true);
    yield { type: view.ascii(at, 4), data: view.slice(at + CHUNK_HEADER_BYTES, length) };
    at += CHUNK_HEADER_BYTES + length + (length % 2);
  }
}

function lossyHeader(view: ByteView): WebpHeader {
  if (view.ascii(PAYLOAD + 3, 3) !== '\x9d\x01\x2a') throw new Damaged('its picture has no start code');
  const [width, height] = [view.u16(PAYLOAD + 6, true) & 0x3fff, view.u16(PAYLOAD + 8, true) & 0x3fff];
  if (width === 0 || height === 0) throw new Damaged('its header gives no size');
  return { width, height, animated: false, hasAlpha: false };
}

function losslessHeader(view: ByteView): WebpHeader {
  if (view.u8(PAYLOAD) !== 0x2f) throw new Damaged('its picture has no signature');
  const bits = view.u32(PAYLOAD + 1, true);
  const [width, height] = [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
  return { width, height, animated: false, hasAlpha: ((bits >>> 28) & 1) === 1 };
}

function extendedHeader(view: ByteView): WebpHeader {
  const flags = view.u8(PAYLOAD);
  const [width, height] = [u24(view, PAYLOAD + 4) + 1, u24(view, PAYLOAD + 7) + 1];
  return { width, height, animated: (flags & 0x02) !== 0, hasAlpha: (flags & 0x10) !== 0 };
}

function u24(view: ByteView, at: number): number {
  return view.u16(at, true) | (view.u8(at + 2) << 16);
}
