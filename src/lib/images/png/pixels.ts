// From plain PNG scanlines to RGB: bits unpacked, palette looked up, grey spread, alpha dropped, 16 bits cut to the
// upper 8, and the seven passes of an interlaced file put in their places. Source: PNG specification, section 8.
import type { RgbImage } from '../image';
import { COLOR_TYPES, samplesOf, type PngHeader } from './header';
import { unfilter } from './scanlines';

/** A sub-picture: pixel (i, j) of it is pixel (x + i * stepX, y + j * stepY) of the whole. */
export interface Pass {
  x: number;
  y: number;
  stepX: number;
  stepY: number;
  width: number;
  height: number;
  rowBytes: number;
}

const WHOLE = [[0, 0, 1, 1]] as const;
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes a file is stored in, those without pixels left out. */
export function passesOf(header: PngHeader): Pass[] {
  const bits = header.depth * samplesOf(header.colorType);
  return (header.interlaced ? ADAM7 : WHOLE)
    .map(([x, y, stepX, stepY]) => {
      const width = Math.ceil((header.width - x) / stepX);
      const height = Math.ceil((header.height - y) / stepY);
      return { x, y, stepX, stepY, width, height, rowBytes: Math.ceil((width * bits) / 8) };
    })
    .filter(({ width, height }) => width > 0 && height > 0);
}

/** Bytes of all scanlines with their filter bytes: what the compressed data must hold. */
export function scanlineBytes(passes: Pass[]): number {
  return passes.reduce((sum, { height, rowBytes }) => sum + height * (rowBytes + 1), 0);
}

/** Scanlines (changed in place) to RGB. @throws Damaged for an unknown filter */
export function toRgb(lines: Uint8Array, header: PngHeader, palette: Uint8Array | null): RgbImage {
  const { width, height, depth, colorType } = header;
  const image = { width, height, data: new Uint8Array(3 * width * height) };
  const pixelBytes = Math.max(1, (depth * samplesOf(colorType)) / 8);
  const expand = expanderOf(header, palette);
  let at = 0;
  for (const pass of passesOf(header)) {
    const bytes = pass.height * (pass.rowBytes + 1);
    const passLines = lines.subarray(at, at + bytes);
    unfilter(passLines, pass.height, pass.rowBytes, pixelBytes);
    for (let j = 0; j < pass.height; j++) {
      const start = j * (pass.rowBytes + 1) + 1;
      const to = 3 * ((pass.y + j * pass.stepY) * width + pass.x);
      expand(passLines.subarray(start, start + pass.rowBytes), image.data, to, 3 * pass.stepX, pass.width);
    }
    at += bytes;
  }
  return image;
}

/** Writes `count` pixels of a row to `out`, starting at `to`, `step` bytes from one to the next. */
type Expander = (row: Uint8Array, out: Uint8Array, to: number, step: number, count: number) => void;

function expanderOf({ depth, colorType }: PngHeader, palette: Uint8Array | null): Expander {
  if (colorType === COLOR_TYPES.palette) return lookUp(depth, paddedPalette(palette));
  if (colorType === COLOR_TYPES.grey && depth <= 8) return lookUp(depth, greyRamp(depth));
  return copySamples(depth / 8, samplesOf(colorType));
}

/** One sample of 1 to 8 bits a pixel: an index into 256 colours. Rows begin at a byte, the first pixel in its upper bits. */
function lookUp(depth: number, colors: Uint8Array): Expander {
  const mask = 2 ** depth - 1;
  return (row, out, to, step, count) => {
    for (let i = 0; i < count; i++, to += step) {
      const bit = i * depth;
      const color = 3 * ((row[bit >> 3]! >> (8 - depth - (bit & 7))) & mask);
      out[to] = colors[color]!;
      out[to + 1] = colors[color + 1]!;
      out[to + 2] = colors[color + 2]!;
    }
  };
}

/** Whole-byte samples; of 16 bits the first byte is the upper one. Grey has its colour in one sample, RGB in three. */
function copySamples(sampleBytes: number, samples: number): Expander {
  const apart = samples >= 3 ? sampleBytes : 0;
  return (row, out, to, step, count) => {
    for (let i = 0, from = 0; i < count; i++, to += step, from += sampleBytes * samples) {
      out[to] = row[from]!;
      out[to + 1] = row[from + apart]!;
      out[to + 2] = row[from + 2 * apart]!;
    }
  };
}

/** Indices that the palette lacks are black, as in other decoders. */
function paddedPalette(palette: Uint8Array | null): Uint8Array {
  const colors = new Uint8Array(3 * 256);
  if (palette) colors.set(palette.subarray(0, colors.length));
  return colors;
}

function greyRamp(depth: number): Uint8Array {
  const top = 2 ** depth - 1;
  return Uint8Array.from({ length: 3 * (top + 1) }, (_, i) => (Math.floor(i / 3) * 255) / top);
}
