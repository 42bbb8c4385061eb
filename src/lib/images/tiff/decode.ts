// TIFF decoder: strips or tiles -> samples -> pixels. Our own, as for PNG: of the JavaScript decoders we looked at, one
// takes one colour of tiled RGB and reads separate planes as if they were none, others unpack without a bound.
import type { ByteView } from '../byteView';
import { Truncated } from '../errors';
import type { DeepImage, RgbImage } from '../image';
import type { Purpose, StoredPicture } from '../storedPicture';
import { unpack } from './compression';
import { readTiffHeader, type TiffHeader } from './header';

/** Decodes the first picture of a TIFF. @throws UnsupportedImage, Truncated or Damaged */
export function decodeTiff(view: ByteView, purpose: Purpose = 'image'): StoredPicture {
  const header = readTiffHeader(view);
  const { alpha, palette, orientation, hasMore } = header;
  const target = newTarget(header, purpose === 'mask');
  for (const chunk of chunksOf(header)) place(readChunk(view, header, chunk), header, chunk, target);
  const picture: StoredPicture = {
    image: pictureOf(target.colours, header),
    orientation,
    animated: false,
    hasAlpha: alpha >= 0,
    notices: hasMore
      ? [{ kind: 'pages', text: 'The file holds several pictures; only its first is used.' }]
      : [],
  };
  const indices = purpose === 'mask' && palette && target.colours instanceof Uint8Array && target.colours;
  return { ...picture, ...(indices && { indices }), ...(target.alpha && { alpha: target.alpha }) };
}

type Samples = Uint8Array | Uint16Array | Float32Array;

interface Target {
  /** Colour samples of every pixel, side by side. */
  colours: Samples;
  /** Of a mask with alpha, one byte a pixel. */
  alpha: Uint8Array | null;
}

const coloursOf = ({ colour }: TiffHeader): 1 | 3 => (colour === 'rgb' ? 3 : 1);

/** Eight bits and sixteen without a sign as they are, everything else as floats. */
function newTarget(header: TiffHeader, wantsAlpha: boolean): Target {
  const { width, height, bits, kind, alpha } = header;
  const count = width * height * coloursOf(header);
  const whole = kind === 'unsigned';
  const colours =
    whole && bits <= 8
      ? new Uint8Array(count)
      : whole && bits === 16
        ? new Uint16Array(count)
        : new Float32Array(count);
  return { colours, alpha: wantsAlpha && alpha >= 0 ? new Uint8Array(width * height) : null };
}

/** A strip or tile: where its pixels go, and which samples it has. */
interface Chunk {
  index: number;
  x: number;
  y: number;
  /** As stored; a strip at the end has the rows that are left, a tile always all. */
  rows: number;
  /** First sample, and how many a pixel has here. */
  first: number;
  samples: number;
}

function* chunksOf({ width, height, chunk, planar, samples }: TiffHeader): Generator<Chunk> {
  let index = 0;
  for (let first = 0; first < (planar ? samples : 1); first++) {
    for (let y = 0; y < height; y += chunk.height) {
      for (let x = 0; x < width; x += chunk.width) {
        const rows = chunk.tiled ? chunk.height : Math.min(chunk.height, height - y);
        yield { index: index++, x, y, rows, first, samples: planar ? 1 : samples };
      }
    }
  }
}

const rowBytesOf = ({ chunk, bits }: TiffHeader, { samples }: Chunk): number =>
  Math.ceil((chunk.width * samples * bits) / 8);

function readChunk(view: ByteView, header: TiffHeader, chunk: Chunk): Uint8Array {
  const { at, bytes } = header.places[chunk.index]!;
  const size = rowBytesOf(header, chunk) * chunk.rows;
  const stored = header.compression === 'none' ? size : bytes;
  if (stored > bytes) throw new Truncated('a strip of it is too short');
  return unpack(view.slice(at, stored), header.compression, size);
}

/** Puts the samples of a chunk where they belong. */
function place(bytes: Uint8Array, header: TiffHeader, chunk: Chunk, { colours, alpha }: Target): void {
  const { width, height } = header;
  const rowBytes = rowBytesOf(header, chunk);
  const channels = coloursOf(header);
  const columns = Math.min(header.chunk.width, width - chunk.x);
  for (let j = 0; j < chunk.rows && chunk.y + j < height; j++) {
    const line = readLine(bytes.subarray(j * rowBytes, (j + 1) * rowBytes), header, chunk.samples);
    const pixel = (chunk.y + j) * width + chunk.x;
    for (let sample = 0; sample < chunk.samples; sample++) {
      const channel = chunk.first + sample;
      if (channel < channels) {
        for (let i = 0; i < columns; i++)
          colours[channels * (pixel + i) + channel] = line[chunk.samples * i + sample]!;
      } else if (channel === header.alpha && alpha) {
        for (let i = 0; i < columns; i++)
          alpha[pixel + i] = opacity(line[chunk.samples * i + sample]!, header);
      }
    }
  }
}

/** An alpha sample as a byte. */
const opacity = (value: number, { bits, kind }: TiffHeader): number =>
  kind === 'float' ? Math.min(255, Math.max(0, 255 * value)) : bits > 8 ? value / 2 ** (bits - 8) : value;

/** The samples of one row, its predictor undone. */
function readLine(row: Uint8Array, header: TiffHeader, samples: number): ArrayLike<number> {
  const { bits, kind, predictor, littleEndian } = header;
  if (bits < 8) return bitsOf(row, bits);
  if (predictor === 3) return floatsOf(row, samples);
  const line = wordsOf(row, bits, littleEndian);
  if (predictor === 2) for (let i = samples; i < line.length; i++) line[i]! += line[i - samples]!;
  if (kind === 'float') return new Float32Array(line.buffer);
  if (kind === 'unsigned') return line;
  if (bits === 8) return new Int8Array(line.buffer);
  return bits === 16 ? new Int16Array(line.buffer) : new Int32Array(line.buffer);
}

/** Samples of less than a byte, the first in the upper bits. */
function bitsOf(row: Uint8Array, bits: number): Uint8Array {
  const perByte = 8 / bits;
  return Uint8Array.from({ length: row.length * perByte }, (_, i) => {
    return (row[Math.floor(i / perByte)]! >> (8 - bits * ((i % perByte) + 1))) & (2 ** bits - 1);
  });
}

function wordsOf(row: Uint8Array, bits: number, littleEndian: boolean) {
  if (bits === 8) return row.slice();
  const view = new DataView(row.buffer, row.byteOffset, row.length);
  if (bits === 16)
    return Uint16Array.from({ length: row.length / 2 }, (_, i) => view.getUint16(2 * i, littleEndian));
  return Uint32Array.from({ length: row.length / 4 }, (_, i) => view.getUint32(4 * i, littleEndian));
}

/** Differences of bytes; all first bytes of a row's floats stand before all second ones, the highest first. */
function floatsOf(row: Uint8Array, samples: number): Float32Array {
  const bytes = row.slice();
  for (let i = samples; i < bytes.length; i++) bytes[i]! += bytes[i - samples]!;
  const count = bytes.length / 4;
  const bits = Uint32Array.from({ length: count }, (_, i) => {
    return ((bytes[i]! << 24) | (bytes[count + i]! << 16) | (bytes[2 * count + i]! << 8) | bytes[3 * count + i]!) >>> 0; // prettier-ignore
  });
  return new Float32Array(bits.buffer);
}

function pictureOf(colours: Samples, header: TiffHeader): RgbImage | DeepImage {
  const { width, height, colour } = header;
  if (colours instanceof Uint8Array) return { width, height, data: rgbOf(colours, header) };
  if (colour === 'white is zero') {
    const white = colours instanceof Uint16Array ? 65535 : 0;
    for (let i = 0; i < colours.length; i++) colours[i] = white - colours[i]!;
  }
  return { width, height, channels: coloursOf(header), data: colours };
}

function rgbOf(samples: Uint8Array, { colour, bits, palette }: TiffHeader): Uint8Array {
  if (colour === 'rgb') return samples;
  const top = 2 ** bits - 1;
  const shades = Uint8Array.from({ length: 3 * (top + 1) }, (_, at) => {
    const value = Math.floor(at / 3);
    if (palette) return palette[(top + 1) * (at % 3) + value]! >> 8;
    return (255 * (colour === 'white is zero' ? top - value : value)) / top;
  });
  const data = new Uint8Array(3 * samples.length);
  for (let i = 0, to = 0; i < samples.length; i++) {
    const from = 3 * samples[i]!;
    data[to++] = shades[from]!;
    data[to++] = shades[from + 1]!;
    data[to++] = shades[from + 2]!;
  }
  return data;
}
