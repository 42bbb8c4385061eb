// The first directory of a TIFF: size, samples, and where its strips or tiles lie. Everything is bounded by the file's size
// and by the picture's before anything is made of it. Source: TIFF 6.0, sections 2 to 8, 14, 15; Adobe's Technical Notes.
import type { ByteView } from '../byteView';
import { Damaged, TooLarge, UnsupportedImage } from '../errors';
import { MAX_SIDE } from '../limits';
import type { Orientation } from '../orientation';

export interface TiffHeader {
  width: number;
  height: number;
  littleEndian: boolean;
  /** Of a sample: 1, 2, 4, 8, 16 or 32. */
  bits: number;
  /** Of a pixel, alpha and others included. */
  samples: number;
  kind: 'unsigned' | 'signed' | 'float';
  colour: 'white is zero' | 'black is zero' | 'rgb' | 'palette';
  /** Which sample is alpha; -1 for none. */
  alpha: number;
  compression: Compression;
  /** 1 none, 2 differences of samples, 3 differences of the bytes of floats. */
  predictor: 1 | 2 | 3;
  /** Each sample in strips or tiles of its own. */
  planar: boolean;
  /** Size of a strip or tile in pixels. The last strip has the rows that are left, a tile always all. */
  chunk: { width: number; height: number; tiled: boolean };
  /** Where strips or tiles lie, row by row; with planes, one plane after the other. */
  places: { at: number; bytes: number }[];
  /** 3 * 2^bits sixteen-bit values: all reds, greens, blues. */
  palette: Uint16Array | null;
  orientation: Orientation;
  /** Whether another picture follows. */
  hasMore: boolean;
}

export type Compression = 'none' | 'lzw' | 'deflate' | 'packbits';

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  colour: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;

const COMPRESSIONS: Record<number, Compression> = { 1: 'none', 5: 'lzw', 8: 'deflate', 32946: 'deflate', 32773: 'packbits' }; // prettier-ignore
const COLOURS: Record<number, TiffHeader['colour']> = { 0: 'white is zero', 1: 'black is zero', 2: 'rgb', 3: 'palette' }; // prettier-ignore
const KINDS: Record<number, TiffHeader['kind']> = { 1: 'unsigned', 2: 'signed', 3: 'float', 4: 'unsigned' };
const ENTRY_BYTES = 12;
/** Bytes of a value by its type; those that no tag here has are left out. */
const TYPE_BYTES: Record<number, number> = { 1: 1, 3: 2, 4: 4 };
/** Samples of the decoded picture, and of one tile: three to four times as much while decoding. */
const MAX_SAMPLE_BYTES = 512 * 2 ** 20;

/** @throws UnsupportedImage, TooLarge, Truncated or Damaged */
export function readTiffHeader(view: ByteView): TiffHeader {
  const littleEndian = view.ascii(0, 2) === 'II';
  const directory = readDirectory(view, littleEndian);
  const one = (tag: number, otherwise: number) => directory.read(tag)[0] ?? otherwise;
  const [width, height] = [one(TAG.width, 0), one(TAG.height, 0)];
  if (width === 0 || height === 0) throw new Damaged('its header gives no size');
  const pixel = pixelOf(directory);
  const planar = one(TAG.planar, 1) === 2;
  const chunk = chunkOf(directory, { width, height });
  const header = {
    ...{ width, height, littleEndian, planar, chunk, ...pixel },
    compression: compressionOf(one(TAG.compression, 1)),
    predictor: predictorOf(one(TAG.predictor, 1), pixel),
    palette: pixel.colour === 'palette' ? paletteOf(directory, pixel.bits) : null,
    orientation: orientationOf(one(TAG.orientation, 1)),
    hasMore: directory.hasMore,
  };
  if (one(TAG.fillOrder, 1) !== 1) throw new UnsupportedImage('A TIFF whose bits are stored in reverse');
  checkSize(header);
  return { ...header, places: placesOf(directory, header, view.length) };
}

interface Directory {
  /** Numbers of a tag; empty when it is not there. */
  read(tag: number): number[];
  hasMore: boolean;
}

function readDirectory(view: ByteView, littleEndian: boolean): Directory {
  const start = view.u32(4, littleEndian);
  const count = view.u16(start, littleEndian);
  const entries = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const at = start + 2 + i * ENTRY_BYTES;
    const tag = view.u16(at, littleEndian);
    if (!entries.has(tag)) entries.set(tag, at);
  }
  const next = start + 2 + count * ENTRY_BYTES;
  return {
    hasMore: next + 4 <= view.length && view.u32(next, littleEndian) !== 0,
    read(tag) {
      const at = entries.get(tag);
      return at === undefined ? [] : readValues(view, at, littleEndian);
    },
  };
}

/** Values of an entry: in it where four bytes hold them, else where it points. @throws Truncated, Damaged */
function readValues(view: ByteView, at: number, littleEndian: boolean): number[] {
  const bytes = TYPE_BYTES[view.u16(at + 2, littleEndian)];
  const count = view.u32(at + 4, littleEndian);
  if (bytes === undefined) throw new Damaged('a field of its header has an unexpected type');
  const from = bytes * count > 4 ? view.u32(at + 8, littleEndian) : at + 8;
  // Checks that the file has them all before a list is made.
  view.slice(from, bytes * count);
  return Array.from({ length: count }, (_, i) => {
    const place = from + bytes * i;
    if (bytes === 1) return view.u8(place);
    return bytes === 2 ? view.u16(place, littleEndian) : view.u32(place, littleEndian);
  });
}

type Pixel = Pick<TiffHeader, 'bits' | 'samples' | 'kind' | 'colour' | 'alpha'>;

function pixelOf(directory: Directory): Pixel {
  const [samples = 1] = directory.read(TAG.samples);
  const bits = common(directory.read(TAG.bits), 1);
  const kind = KINDS[common(directory.read(TAG.sampleFormat), 1)];
  const [photometric = 1] = directory.read(TAG.colour);
  const colour = COLOURS[photometric];
  if (!colour) throw new UnsupportedImage(`A TIFF in the colours of print or video (kind ${photometric})`);
  const colours = colour === 'rgb' ? 3 : 1;
  if (samples < colours) throw new Damaged(`it has ${samples} values a pixel instead of ${colours}`);
  const extra = directory.read(TAG.extraSamples);
  if (samples > colours + Math.max(1, extra.length) || samples > 8)
    throw new UnsupportedImage(`A TIFF of ${samples} channels`, 'Save the channels you need as grey or RGB.');
  const sized = bits === 32 || (kind !== 'float' && [1, 2, 4, 8, 16].includes(bits));
  if (!kind || !sized || (kind === 'signed' && bits < 8))
    throw new UnsupportedImage(
      `A TIFF of ${bits} bits a sample${kind === 'float' ? ' in floating point' : ''}`,
    );
  if (colour === 'palette' && (bits > 8 || kind !== 'unsigned'))
    throw new UnsupportedImage(`A TIFF with a palette of ${bits} bits`);
  if (bits < 8 && samples > 1) throw new UnsupportedImage(`A colour TIFF of ${bits} bits a sample`);
  // 1 and 2: alpha, with colours multiplied by it or not; 0 is something that nobody said.
  const at = extra.findIndex((meaning) => meaning === 1 || meaning === 2);
  return { bits, samples, kind, colour, alpha: at < 0 || colours + at >= samples ? -1 : colours + at };
}

/** The one value of all samples. @throws UnsupportedImage where they differ */
function common(values: readonly number[], otherwise: number): number {
  if (values.some((value) => value !== values[0]))
    throw new UnsupportedImage('A TIFF whose samples have different sizes');
  return values[0] ?? otherwise;
}

function compressionOf(code: number): Compression {
  const known = COMPRESSIONS[code];
  if (known) return known;
  const name = code === 6 || code === 7 ? 'JPEG' : [2, 3, 4].includes(code) ? 'fax' : `kind ${code}`;
  throw new UnsupportedImage(
    `A TIFF with ${name} compression`,
    'Save it as PNG, or as TIFF without compression.',
  );
}

function predictorOf(code: number, { bits, kind }: Pixel): TiffHeader['predictor'] {
  if (code === 1) return 1;
  if (code === 2 && bits >= 8) return 2;
  if (code === 3 && kind === 'float') return 3;
  throw new UnsupportedImage(`A TIFF with predictor ${code} on ${bits} bits`);
}

function chunkOf(
  directory: Directory,
  { width, height }: { width: number; height: number },
): TiffHeader['chunk'] {
  const [tileWidth] = directory.read(TAG.tileWidth);
  const [tileHeight] = directory.read(TAG.tileHeight);
  if (tileWidth === undefined || tileHeight === undefined) {
    const [rows = height] = directory.read(TAG.rowsPerStrip);
    if (rows === 0) throw new Damaged('its strips have no rows');
    return { width, height: Math.min(rows, height), tiled: false };
  }
  if (tileWidth === 0 || tileHeight === 0 || Math.max(tileWidth, tileHeight) > MAX_SIDE)
    throw new Damaged(`its tiles are ${tileWidth} x ${tileHeight} pixels`);
  return { width: tileWidth, height: tileHeight, tiled: true };
}

function paletteOf(directory: Directory, bits: number): Uint16Array {
  const values = directory.read(TAG.palette);
  if (values.length !== 3 * 2 ** bits) throw new Damaged('its palette has not as many colours as its bits');
  return Uint16Array.from(values);
}

/** @throws TooLarge; the number of pixels was looked at before */
function checkSize({ width, height, chunk, samples, bits }: Omit<TiffHeader, 'places'>): void {
  const bytes = (samples * Math.max(8, bits)) / 8;
  const most = Math.max(width * height, chunk.width * chunk.height) * bytes;
  if (most <= MAX_SAMPLE_BYTES) return;
  const megabytes = (size: number) => `${Math.ceil(size / 2 ** 20)} MB of samples`;
  throw new TooLarge(megabytes(most), megabytes(MAX_SAMPLE_BYTES));
}

function placesOf(
  directory: Directory,
  header: Omit<TiffHeader, 'places'>,
  fileBytes: number,
): TiffHeader['places'] {
  const { width, height, chunk, planar, samples, compression } = header;
  const count = Math.ceil(width / chunk.width) * Math.ceil(height / chunk.height) * (planar ? samples : 1);
  if (count * chunk.width * chunk.height > 4 * (samples * width * height + 2 ** 20))
    throw new Damaged('its tiles are far larger than its picture');
  // Each takes a byte of the file at least.
  if (count > fileBytes) throw new Damaged('it has fewer strips than its size needs');
  const { tiled } = chunk;
  const offsets = directory.read(tiled ? TAG.tileOffsets : TAG.stripOffsets);
  const sizes = directory.read(tiled ? TAG.tileBytes : TAG.stripBytes);
  if (offsets.length < count) throw new Damaged('it has fewer strips than its size needs');
  if (sizes.length < count && compression !== 'none')
    throw new Damaged('the sizes of its strips are missing');
  return Array.from({ length: count }, (_, i) => ({ at: offsets[i]!, bytes: sizes[i] ?? Infinity }));
}

const orientationOf = (value: number): Orientation => (value >= 1 && value <= 8 ? (value as Orientation) : 1);
