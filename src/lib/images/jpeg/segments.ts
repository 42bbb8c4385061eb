// The marker segments of a JPEG file, in order. Only structure is read here: entropy-coded data is stepped over.
// Source: ITU-T T.81, annex B.
import type { ByteView } from '../byteView';
import { Damaged, Truncated } from '../errors';

export interface Segment {
  /** Second byte of the marker, e.g. 0xc0 for a baseline frame. */
  marker: number;
  /** What follows the length field. */
  body: Uint8Array;
}

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/**
 * Yields each segment between start and end of image; ends at the end-of-image marker (what follows is another
 * picture or a camera's own data).
 * @throws Truncated when the file ends first
 */
export function* segments(view: ByteView): Generator<Segment> {
  let at = 2;
  for (;;) {
    at = nextMarker(view, at);
    const marker = view.u8(at++);
    if (marker === END_OF_IMAGE) return;
    if (isBare(marker)) continue;
    const length = view.u16(at);
    if (length < 2) throw new Damaged('a segment has an impossible length');
    yield { marker, body: view.slice(at + 2, length - 2) };
    at += length;
    if (marker === START_OF_SCAN) at = endOfScan(view, at);
  }
}

/** Position of the next marker's second byte; like every decoder, skips stray bytes before it. */
function nextMarker(view: ByteView, from: number): number {
  let at = from;
  for (;;) {
    at = find(view, at) + 1;
    while (view.u8(at) === 0xff) at++;
    if (view.u8(at) !== 0) return at;
  }
}

/** Markers without a length field: restarts, start of image, TEM. */
function isBare(marker: number): boolean {
  return (marker >= 0xd0 && marker <= 0xd8) || marker === 0x01;
}

/** Position of the marker that ends a scan: within it, 0xff is followed by zero or a restart marker. */
function endOfScan(view: ByteView, from: number): number {
  let at = from;
  for (;;) {
    at = find(view, at);
    const next = view.u8(at + 1);
    if (next !== 0 && next !== 0xff && !isBare(next)) return at;
    at += next === 0xff ? 1 : 2;
  }
}

function find(view: ByteView, from: number): number {
  const at = view.bytes.indexOf(0xff, from);
  if (at < 0) throw new Truncated();
  return at;
}
