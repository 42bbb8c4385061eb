// From plain PNG scanlines to pixels: bits unpacked, palette looked up, grey spread, alpha apart, and the seven passes of
// an interlaced file put in their places. Source: PNG specification, section 8.
import type { DeepImage, RgbImage } from '../image';
import { COLOR_TYPES, samplesOf, type PngHeader } from './header';
import { readScanlines } from './scanlines';

/** A sub-picture: pixel (i, j) of it is pixel (x + i * stepX, y + j * stepY) of the whole. */
interface Pass {
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
function passesOf(header: PngHeader): Pass[] {
  const bits = header.depth * samplesOf(header.colorType);
  return (header.interlaced ? ADAM7 : WHOLE)
    .map(([x, y, stepX, stepY]) => {
      const width = Math.ceil((header.width - x) / stepX);
      const height = Math.ceil((header.height - y) / stepY);
      return { x, y, stepX, stepY, width, height, rowBytes: Math.ceil((width * bits) / 8) };
    })
    .filter(({ width, height }) => width > 0 && height > 0);
}

/** A scanline with its filter undone, and where its pixels go. Its bytes are those of a later row once another was read. */
interface Row {
  bytes: Uint8Array;
  /** Pixel of the whole picture that the first one is, and how many pixels to the next. */
  to: number;
  step: number;
  count: number;
}

/** @param parts the compressed data. @throws Truncated, Damaged */
export function* rowsOf(parts: Iterable<Uint8Array>, header: PngHeader): Generator<Row> {
  const { width, depth, colorType } = header;
  const pixelBytes = Math.max(1, (depth * samplesOf(colorType)) / 8);
  for (const { block: pass, y, bytes } of readScanlines(parts, passesOf(header), pixelBytes)) {
    const to = (pass.y + y * pass.stepY) * width + pass.x;
    yield { bytes, to, step: pass.stepX, count: pass.width };
  }
}

/** What rows are put into one by one: a picture, its indices, its alpha. */
export interface Canvas<T> {
  put(row: Row): void;
  readonly content: T;
}

/** Colours without alpha: eight bits a channel, or sixteen as they are stored. */
export function pictureCanvas(header: PngHeader, palette: Uint8Array | null): Canvas<RgbImage | DeepImage> {
  const { width, height, depth, colorType } = header;
  if (depth === 16) {
    const samples = samplesOf(colorType);
    const channels = samples >= 3 ? 3 : 1;
    const deep = new Uint16Array(channels * width * height);
    return {
      put: (row) => copyDeep(row, deep, samples, channels),
      content: { width, height, channels, data: deep },
    };
  }
  const data = new Uint8Array(3 * width * height);
  const expand = expanderOf(header, palette);
  return { put: (row) => expand(row, data), content: { width, height, data } };
}

/** The indices into the palette, one a pixel. */
export function indexCanvas({ width, height, depth }: PngHeader): Canvas<Uint8Array> {
  const indices = new Uint8Array(width * height);
  const mask = 2 ** depth - 1;
  return {
    put({ bytes, to: first, step, count }) {
      for (let i = 0, to = first; i < count; i++, to += step) {
        const bit = i * depth;
        indices[to] = (bytes[bit >> 3]! >> (8 - depth - (bit & 7))) & mask;
      }
    },
    content: indices,
  };
}

/** The alpha channel of grey or RGB with one, its upper byte where it has two. */
export function alphaCanvas({ width, height, depth, colorType }: PngHeader): Canvas<Uint8Array> {
  const alpha = new Uint8Array(width * height);
  const sampleBytes = depth / 8;
  const samples = samplesOf(colorType);
  return {
    put({ bytes, to: first, step, count }) {
      let from = (samples - 1) * sampleBytes;
      for (let i = 0, to = first; i < count; i++, to += step, from += samples * sampleBytes)
        alpha[to] = bytes[from]!;
    },
    content: alpha,
  };
}

/** Writes the pixels of a row. */
type Expander = (row: Row, out: Uint8Array) => void;

function expanderOf({ depth, colorType }: PngHeader, palette: Uint8Array | null): Expander {
  if (colorType === COLOR_TYPES.palette) return lookUp(depth, paddedPalette(palette));
  if (colorType === COLOR_TYPES.grey) return lookUp(depth, greyRamp(depth));
  return copySamples(samplesOf(colorType));
}

/** One sample of 1 to 8 bits a pixel: an index into 256 colours. Rows begin at a byte, the first pixel in its upper bits. */
function lookUp(depth: number, colors: Uint8Array): Expander {
  const mask = 2 ** depth - 1;
  return ({ bytes, to: first, step, count }, out) => {
    for (let i = 0, to = 3 * first; i < count; i++, to += 3 * step) {
      const bit = i * depth;
      const color = 3 * ((bytes[bit >> 3]! >> (8 - depth - (bit & 7))) & mask);
      out[to] = colors[color]!;
      out[to + 1] = colors[color + 1]!;
      out[to + 2] = colors[color + 2]!;
    }
  };
}

/** Samples of one byte. Grey has its colour in one sample, RGB in three. */
function copySamples(samples: number): Expander {
  const apart = samples >= 3 ? 1 : 0;
  return ({ bytes, to: first, step, count }, out) => {
    for (let i = 0, to = 3 * first, from = 0; i < count; i++, to += 3 * step, from += samples) {
      out[to] = bytes[from]!;
      out[to + 1] = bytes[from + apart]!;
      out[to + 2] = bytes[from + 2 * apart]!;
    }
  };
}

/** Samples of two bytes, the upper one first. */
function copyDeep(
  { bytes, to: first, step, count }: Row,
  out: Uint16Array,
  samples: number,
  channels: number,
): void {
  for (let i = 0; i < count; i++) {
    const to = channels * (first + i * step);
    const from = 2 * samples * i;
    for (let c = 0; c < channels; c++) out[to + c] = (bytes[from + 2 * c]! << 8) | bytes[from + 2 * c + 1]!;
  }
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
