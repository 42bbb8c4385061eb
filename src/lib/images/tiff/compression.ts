// Unpacks a strip or tile of a TIFF to exactly as many bytes as it must have; what it holds beyond them is never made.
// Source: TIFF 6.0, sections 9 (PackBits) and 13 (LZW).
import { Damaged, Truncated, UnsupportedImage } from '../errors';
import { inflateExactly } from '../png/scanlines';
import type { Compression } from './header';

/** @throws Truncated when it holds fewer bytes, Damaged when it is not of its kind */
export function unpack(packed: Uint8Array, compression: Compression, size: number): Uint8Array {
  if (compression === 'deflate') return inflateExactly([packed], size);
  if (compression === 'lzw') return unpackLzw(packed, size);
  if (compression === 'packbits') return unpackBits(packed, size);
  if (packed.length < size) throw new Truncated('a strip of it is too short');
  return packed.subarray(0, size);
}

/** Runs: n from 0 to 127 copies n + 1 bytes, n from -127 to -1 repeats one 1 - n times, -128 does nothing. */
function unpackBits(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let to = 0;
  for (let at = 0; to < size;) {
    if (at >= packed.length) throw new Truncated('a strip of it is too short');
    const code = packed[at++]!;
    if (code === 128) continue;
    const count = code < 128 ? code + 1 : 257 - code;
    if (at + (code < 128 ? count : 1) > packed.length) throw new Truncated('a strip of it is too short');
    const end = Math.min(size, to + count);
    if (code < 128) out.set(packed.subarray(at, at + end - to), to);
    else out.fill(packed[at]!, to, end);
    at += code < 128 ? count : 1;
    to = end;
  }
  return out;
}

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const MOST_CODES = 4096;

/** Codes of 9 to 12 bits, the first in the upper bits; they grow one code early. */
function unpackLzw(packed: Uint8Array, size: number): Uint8Array {
  if (packed[0] === 0 && (packed[1]! & 1) === 1)
    throw new UnsupportedImage('A TIFF with LZW compression of before 1988');
  const out = new Uint8Array(size);
  // A code above 257 stands for bytes that were written before: where they begin and how many there are.
  const starts = new Uint32Array(MOST_CODES);
  const lengths = new Uint32Array(MOST_CODES);
  let [to, bit, width, next] = [0, 0, 9, FIRST_FREE];
  let before = -1;
  let beforeAt = 0;
  let beforeLength = 0;
  while (to < size) {
    if (bit + width > 8 * packed.length) throw new Truncated('a strip of it is too short');
    const code = codeAt(packed, bit, width);
    bit += width;
    if (code === END) throw new Truncated('a strip of it is too short');
    if (code === CLEAR) {
      width = 9;
      next = FIRST_FREE;
      before = -1;
      continue;
    }
    const at = to;
    if (before >= 0 && next < MOST_CODES) {
      // What came before, and the first byte of what comes now: together they lie in the output already.
      starts[next] = beforeAt;
      lengths[next++] = beforeLength + 1;
    }
    if (code < CLEAR) out[to++] = code;
    else if (code >= next || before < 0) throw new Damaged('its compressed data is broken');
    else to = copyWithin(out, starts[code]!, lengths[code]!, to);
    before = code;
    beforeAt = at;
    beforeLength = to - at;
    if (next + 1 >= 2 ** width && width < 12) width++;
  }
  return out;
}

/** Byte by byte, since a code may stand for bytes that end where its own begin. @returns where the next byte goes */
function copyWithin(out: Uint8Array, from: number, length: number, to: number): number {
  const end = Math.min(out.length, to + length);
  for (let at = from; to < end; at++, to++) out[to] = out[at]!;
  return to;
}

function codeAt(bytes: Uint8Array, bit: number, width: number): number {
  const at = bit >> 3;
  const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return (three >> (24 - (bit & 7) - width)) & (2 ** width - 1);
}
