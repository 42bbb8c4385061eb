// How an image becomes what the network looks at, and how the maps that come out of it lie on the image: squashed to the
// input's shape, scaled to fit with the rest padded, or cut into overlapping tiles. All arithmetic between pixels of
// the image, pixels of the input, cells of the feature map and pixels of the map is here, axis by axis. No tensors.
import { RemedyError } from './errors';

export type Fit = 'squash' | 'letterbox' | 'tile';

export interface Size {
  width: number;
  height: number;
}

/** `width` and `height` are those of the network's input, in pixels. */
export interface Framing extends Size {
  fit: Fit;
  /** Width of a tile in pixels of the image; its height follows the shape of the input. */
  tile: number;
  /** Share of a tile that the next one sees too, at least; 0 to 0.5. */
  overlap: number;
}

/** How maps of one or several inputs lie along one axis of an image's map, in its pixels. */
export interface MapAxis {
  size: number;
  /** Of one input, its padding among it. */
  span: number;
  /** Where each input begins; one for an image that is not cut. */
  starts: readonly number[];
}

export interface MapLayout {
  columns: MapAxis;
  rows: MapAxis;
}

/** How an image is cut along one axis. */
export interface AxisCut {
  /** Where each part begins, in pixels of the image. */
  starts: readonly number[];
  /** Of a part, in pixels of the image. */
  length: number;
  /** Pixels of the input that a part fills; what follows is padding. */
  filled: number;
  map: MapAxis;
}

/** Parts are numbered row by row. */
export interface Cut {
  columns: AxisCut;
  rows: AxisCut;
}

/** Tiles of one image; more would take hours. */
export const MAX_TILES = 4096;
/** Pixels of the map of an image that was cut: 8 MiB of float32. Of larger images the map is smaller than the image. */
export const MAX_MAP_PIXELS = 2 ** 21;

/** An image would fall into more tiles than can be worked on. */
export class TooManyTiles extends RemedyError {
  override readonly name = 'TooManyTiles';
  constructor(what: string) {
    super(`${what}.`, 'Choose larger tiles (--tile), or less overlap (--overlap).');
  }
}

/** The input as it was before there was a choice: a square, the whole image squashed to it. */
export const squashed = (size: number): Framing => ({
  ...{ fit: 'squash', width: size, height: size, tile: 256, overlap: 0.25 },
});

/** The layout of a map that lies on its image as it is. */
export function plainLayout({ width, height }: Size): MapLayout {
  return { columns: wholeAxis(width), rows: wholeAxis(height) };
}

const wholeAxis = (size: number): MapAxis => ({ size, span: size, starts: [0] });

export const layoutOf = ({ columns, rows }: Cut): MapLayout => ({ columns: columns.map, rows: rows.map });

export const partsOf = ({ columns, rows }: { columns: HasStarts; rows: HasStarts }): number =>
  columns.starts.length * rows.starts.length;

interface HasStarts {
  starts: readonly number[];
}

/**
 * How an image of this size is cut.
 * @throws TooManyTiles
 */
export function cutOf(image: Size, framing: Framing): Cut {
  if (framing.fit === 'tile') return tiled(image, framing);
  const { width, height } = framing;
  const scale = Math.min(width / image.width, height / image.height);
  const filled = (length: number, input: number) =>
    framing.fit === 'squash' ? input : Math.min(input, Math.max(1, Math.round(length * scale)));
  const axis = (length: number, input: number): AxisCut => {
    const size = filled(length, input);
    return { starts: [0], length, filled: size, map: { size, span: input, starts: [0] } };
  };
  return { columns: axis(image.width, width), rows: axis(image.height, height) };
}

/** Tiles have the shape of the input. Where the image is smaller than one, all of them are. */
function tiled(image: Size, { width, height, tile, overlap }: Framing): Cut {
  const wanted = { width: tile, height: (tile * height) / width };
  const shrink = Math.min(1, image.width / wanted.width, image.height / wanted.height);
  const whole = (length: number, most: number) => Math.min(most, Math.max(1, Math.round(length * shrink)));
  const part = { width: whole(wanted.width, image.width), height: whole(wanted.height, image.height) };
  const columns = startsAlong(image.width, part.width, overlap);
  const rows = startsAlong(image.height, part.height, overlap);
  const count = columns.length * rows.length;
  if (count > MAX_TILES) {
    const size = `${image.width} x ${image.height}`;
    throw new TooManyTiles(
      `An image of ${size} pixels falls into ${count} tiles; at most ${MAX_TILES} are allowed`,
    );
  }
  const most = count > 1 ? Math.sqrt(MAX_MAP_PIXELS / (image.width * image.height)) : Infinity;
  const scale = Math.min(width / part.width, most);
  return {
    columns: tileAxis(columns, image.width, part.width, width, scale),
    rows: tileAxis(rows, image.height, part.height, height, scale),
  };
}

/** Evenly spread, the first at the beginning and the last at the end, so that neighbours share at least the overlap. */
function startsAlong(length: number, part: number, overlap: number): number[] {
  const room = length - part;
  if (room <= 0) return [0];
  const step = Math.max(1, part * (1 - overlap));
  // What is longer by a rounding error needs no further tile.
  const count = 1 + Math.max(1, Math.ceil(room / step - 1e-9));
  return Array.from({ length: count }, (_, i) => Math.round((i * room) / (count - 1)));
}

function tileAxis(
  starts: readonly number[],
  length: number,
  part: number,
  input: number,
  scale: number,
): AxisCut {
  // Rounded up, so that no place between two tiles is left out.
  const span = Math.max(1, Math.ceil(part * scale - 1e-9));
  const size = Math.max(span, Math.round(length * scale));
  const places = starts.map((start) => Math.min(size - span, Math.round(start * scale)));
  if (places.length > 1) places[places.length - 1] = size - span;
  return { starts, length: part, filled: input, map: { size, span, starts: places } };
}

/**
 * How much each input counts at one place of an axis: it fades towards its ends, and all of them sum to one.
 * @returns index of the input, the place within it, and its weight
 */
export function weightsAt({ span, starts }: MapAxis, place: number): [number, number, number][] {
  const covering: [number, number, number][] = [];
  starts.forEach((start, part) => {
    const inside = place - start;
    if (inside >= 0 && inside < span)
      covering.push([part, inside, Math.min(inside + 0.5, span - inside - 0.5)]);
  });
  const sum = covering.reduce((all, [, , weight]) => all + weight, 0);
  return covering.map(([part, inside, weight]) => [part, inside, weight / sum]);
}

/** The cells of the feature map as they lie on the image along one axis. */
export interface CellAxis {
  /** Cells on the image; one that several tiles share counts once. */
  count: number;
  /** The image's length in cells: `count`, or part of a cell less or more. */
  extent: number;
  /** Where each input's cells begin among them. */
  origins: readonly number[];
}

/** @param cells of one input */
export function cellsAlong({ size, span, starts }: MapAxis, cells: number): CellAxis {
  const pitch = span / cells;
  const origins = starts.map((start) => Math.round(start / pitch));
  if (size === span) return { count: cells, extent: cells, origins };
  const own = starts.length > 1 ? cells : Math.min(cells, Math.max(1, Math.ceil(size / pitch - 0.5)));
  return { count: origins.at(-1)! + own, extent: size / pitch, origins };
}

/** Where cells of the padding take what they hold from: the image's own, mirrored at its end. */
export function mirroredCells(
  cells: number,
  { filled, map }: Pick<AxisCut, 'filled' | 'map'>,
): number[] | null {
  if (filled >= map.span) return null;
  const { count } = cellsAlong(map, cells);
  return Array.from({ length: cells }, (_, i) => {
    const folded = i % (2 * count);
    return folded < count ? folded : 2 * count - 1 - folded;
  });
}

/** What tells two framings apart that are not the plain one, in words; null for a squashed image. */
export function describeFraming({ fit, tile, overlap }: Framing): string | null {
  if (fit === 'squash') return null;
  return fit === 'letterbox' ? 'letterbox' : `tiles of ${tile} px, overlap ${overlap}`;
}

export const sameFraming = (a: Framing, b: Framing): boolean =>
  a.width === b.width && a.height === b.height && describeFraming(a) === describeFraming(b);
