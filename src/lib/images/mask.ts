// Ground-truth masks: from a picture to zeros and ones, whatever way its author had of marking defects, and whether a mask
// fits its image. What is not plain white on black is said in a notice.
import { MaskSizeMismatch } from './errors';
import { isDeep, type DeepImage, type Mask } from './image';
import type { Notice } from './notices';
import type { Orientation } from './orientation';
import type { StoredPicture } from './storedPicture';

/** How far the aspect ratios of mask and image may differ: rounding, not another shape. */
const ASPECT_TOLERANCE = 0.02;
/** Values this near to the background are noise where others are far from it. */
const NOISE = 16;
/** Levels of a drawn mask; a soft edge has more. */
const FEW_LEVELS = 32;
/** Share of levels that must lie flat for all of them to be numbers of defects. */
const FLAT_SHARE = 0.9;
/** More of an image than this is rarely a defect. */
const MOSTLY = 0.5;

type Marked = Pick<StoredPicture, 'image' | 'alpha' | 'indices' | 'lossy'>;

/** What a mask says. */
export interface ReadMask {
  mask: Mask;
  notices: Notice[];
}

/**
 * Reads a picture as a mask. Background is transparent, black, or else the commonest colour; anything that is clearly
 * another value is defect: white, any colour, any number, of 1 to 32 bits. Soft edges are cut in the middle.
 * @param inverted defects are what is background otherwise
 */
export function toMask(picture: Marked, { inverted = false } = {}): ReadMask {
  const { width, height } = picture.image;
  const { marked, notices } = markedPixels(picture);
  if (inverted) marked.forEach((value, i) => (marked[i] = 1 - value));
  const share = marked.reduce((sum, value) => sum + value, 0) / marked.length;
  if (share > MOSTLY) notices.push(mostlyDefect(share));
  return { mask: { width, height, data: marked }, notices };
}

const mostlyDefect = (share: number): Notice => ({
  kind: 'mask-mostly-defect',
  text: `${Math.round(100 * share)} % of the mask is marked as defect. If its defects are black on white, switch on "Inverted masks" (--invert-masks).`,
});

/** 1 where the picture marks something. */
function markedPixels(picture: Marked): { marked: Uint8Array; notices: Notice[] } {
  const alpha = picture.alpha && isUniform(picture.alpha) ? undefined : picture.alpha;
  const { values, notices } = valuesOf(picture, alpha);
  const cut = (shown: Uint16Array) =>
    cutValues({ ...picture, width: picture.image.width, values: shown }, notices);
  if (!alpha) return cut(values);
  const opaque = alpha.map((value) => (value > 127 ? 1 : 0));
  const notice: Notice = {
    kind: 'mask-alpha',
    text: 'The mask is partly transparent: what is transparent is no defect.',
  };
  // One colour wherever it shows: only the alpha channel says anything.
  if (isUniform(values, opaque)) return { marked: opaque, notices: [notice] };
  const shown = cut(values.map((value, i) => opaque[i]! * value));
  return { marked: shown.marked, notices: [notice, ...shown.notices] };
}

/** Whether all values are the same, of those that count. */
function isUniform(values: ArrayLike<number>, counts?: ArrayLike<number>): boolean {
  let first = -1;
  for (let i = 0; i < values.length; i++) {
    if (counts?.[i] === 0) continue;
    if (first < 0) first = values[i]!;
    else if (values[i] !== first) return false;
  }
  return true;
}

/** One whole number a pixel: how far its colour is from the background's. */
function valuesOf(
  { image, indices }: Marked,
  alpha: Uint8Array | undefined,
): { values: Uint16Array; notices: Notice[] } {
  const { width, height } = image;
  const single = isDeep(image) && image.channels === 1;
  if (single) return { values: wholeNumbers(image.data), notices: [] };
  const rgb = isDeep(image) ? wholeNumbers(image.data) : image.data;
  const count = width * height;
  if (indices && isOneColour(rgb) && !isUniform(indices)) {
    const text =
      'All colours of the mask’s palette are the same: the numbers of the colours are read instead.';
    return { values: Uint16Array.from(indices), notices: [{ kind: 'mask-indices', text }] };
  }
  const background = backgroundOf(rgb, alpha);
  const values = new Uint16Array(count);
  for (let i = 0, from = 0; i < count; i++, from += 3) {
    values[i] = Math.max(
      Math.abs(rgb[from]! - background.colour[0]),
      Math.abs(rgb[from + 1]! - background.colour[1]),
      Math.abs(rgb[from + 2]! - background.colour[2]),
    );
  }
  return { values, notices: background.notices };
}

type Colour = [number, number, number];

/** Black, where the picture is grey or has any; else its commonest colour. */
function backgroundOf(
  rgb: Uint8Array | Uint16Array,
  alpha: Uint8Array | undefined,
): { colour: Colour; notices: Notice[] } {
  const counts = new Map<number, number>();
  let grey = true;
  let dark = false;
  for (let from = 0; from < rgb.length; from += 3) {
    const [red, green, blue] = [rgb[from]!, rgb[from + 1]!, rgb[from + 2]!];
    grey &&= red === green && green === blue;
    dark ||= Math.max(red, green, blue) < NOISE;
    if (dark) continue;
    const key = (red * 65536 + green) * 65536 + blue;
    if (counts.size < MAX_COLOURS || counts.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const notices: Notice[] = [];
  if (grey) return { colour: [0, 0, 0], notices };
  // Transparent places are the background, whatever colour lies under them.
  if (dark || alpha) {
    const text = 'The mask is in colour: every colour but black is taken as defect.';
    return { colour: [0, 0, 0], notices: [{ kind: 'mask-colours', text }] };
  }
  const [key] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const colour: Colour = [Math.floor(key / 2 ** 32), Math.floor(key / 65536) % 65536, key % 65536];
  const text = `The mask is in colour and has no black: its commonest colour (${colour.join(', ')}) is taken as background, every other as defect.`;
  return { colour, notices: [{ kind: 'mask-colours', text }] };
}

/** A photograph has more; it is no mask, and counting them all would take its memory. */
const MAX_COLOURS = 4096;

function isOneColour(rgb: ArrayLike<number>): boolean {
  for (let i = 3; i < rgb.length; i++) if (rgb[i] !== rgb[i - 3]) return false;
  return true;
}

/** Samples as they are; fractions from 0 to 1 spread over a byte, what is no number or too large brought inside. */
function wholeNumbers(data: DeepImage['data']): Uint16Array {
  if (data instanceof Uint16Array) return data;
  const fractions = data.some((value) => value % 1 !== 0) && data.every((value) => !(value > 1));
  const scale = fractions ? 255 : 1;
  return Uint16Array.from(data, (value) => Math.min(65535, Math.max(0, Math.round(scale * value) || 0)));
}

/** Values row by row. */
interface Grid {
  values: Uint16Array;
  width: number;
  lossy?: boolean;
}

/** Cuts values into defect and background. */
function cutValues(grid: Grid, notices: Notice[]): { marked: Uint8Array; notices: Notice[] } {
  const { values, lossy } = grid;
  const levels = levelsOf(values);
  const { isDefect, notice } = lossy ? lossyReading(levels) : losslessReading(grid, levels);
  const marked = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) marked[i] = isDefect[values[i]!]!;
  return { marked, notices: notice ? [...notices, notice] : notices };
}

/** Which values occur, ascending. */
function levelsOf(values: Uint16Array): number[] {
  const occurs = new Uint8Array(65536);
  for (const value of values) occurs[value] = 1;
  const levels: number[] = [];
  occurs.forEach((yes, value) => yes && levels.push(value));
  return levels;
}

interface Reading {
  /** 1 at each value that is defect. */
  isDefect: Uint8Array;
  notice: Notice | null;
}

const above = (level: number): Uint8Array => new Uint8Array(65536).fill(1, level + 1);

/** Middle of the range that the values seem to be drawn in. */
const middle = (top: number): number => (top <= 255 ? 127 : 32767);

/** Values near the ones that were drawn: only a cut in the middle is safe. */
function lossyReading(levels: readonly number[]): Reading {
  const top = levels.at(-1) ?? 0;
  if (top > middle(top)) return { isDefect: above(middle(top)), notice: null };
  return cutOrNumbers(top, top < NOISE);
}

function cutOrNumbers(top: number, numbers: boolean): Reading {
  const level = numbers ? 0 : Math.floor(top / 2);
  const what = numbers
    ? 'it is read as numbered defects, every value but 0 a defect'
    : `values above ${level} are taken as defect`;
  const text = `The mask's largest value is ${top}: ${what}.`;
  return { isDefect: above(level), notice: { kind: 'mask-levels', text } };
}

function losslessReading(grid: Grid, levels: readonly number[]): Reading {
  const lowest = levels[0] ?? 0;
  const top = levels.at(-1) ?? 0;
  const half = middle(top);
  // A picture of one value only: nothing to tell apart.
  if (levels.length <= 1) return { isDefect: above(0), notice: null };
  if (lowest > 0 && (lowest > half || top <= half)) return withoutBlack(lowest, levels);
  const own = levels.filter((level) => level > lowest);
  // Where a level borders on nothing but itself and background: beside a soft edge there are always brighter pixels.
  const flat = () => levelsWhere(grid, own, (value, beside) => beside === value || beside === lowest);
  if (top <= half) {
    const numbers = own.length <= FEW_LEVELS || top < NOISE || flat().length === own.length;
    return cutOrNumbers(top, numbers);
  }
  if (own.every((level) => level > half)) return { isDefect: above(half), notice: null };
  if (flat().length >= FLAT_SHARE * own.length)
    return { isDefect: above(lowest), notice: numbered(lowest, own) };
  // Soft edges, and perhaps whole areas of a lower value between them.
  const low = own.filter((level) => level >= NOISE && level <= half);
  const solid = levelsWhere(grid, low, (value, beside) => beside === value);
  const isDefect = above(half);
  for (const level of solid) isDefect[level] = 1;
  return { isDefect, notice: solid.length > 0 ? numbered(lowest, solid) : null };
}

/** Trimaps and the like: 1 is background there, 2, 3, ... are defects. */
function withoutBlack(lowest: number, levels: readonly number[]): Reading {
  const text = `The mask has no black: its lowest value, ${lowest}, is taken as background and every other as defect (${listed(levels.slice(1))}).`;
  return { isDefect: above(lowest), notice: { kind: 'mask-levels', text } };
}

const numbered = (lowest: number, levels: readonly number[]): Notice => ({
  kind: 'mask-levels',
  text: `The mask has several values (${listed(levels)}): every value but ${lowest} is taken as defect.`,
});

const listed = (levels: readonly number[]): string =>
  levels.length > 6 ? `${levels.slice(0, 5).join(', ')}, ... ${levels.at(-1)}` : levels.join(', ');

/** Those of the levels that have a pixel all of whose neighbours, as far as there are any, are as wanted. */
function levelsWhere(
  { values, width }: Grid,
  levels: readonly number[],
  wanted: (value: number, beside: number) => boolean,
): number[] {
  const open = new Uint8Array(65536);
  for (const level of levels) open[level] = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (open[value] === 1 && neighbours(i, width, values.length).every((at) => wanted(value, values[at]!)))
      open[value] = 0;
  }
  return levels.filter((level) => open[level] === 0);
}

/** The up to eight places around one. */
function neighbours(at: number, width: number, count: number): number[] {
  const left = at % width > 0 ? -1 : 0;
  const right = at % width < width - 1 ? 1 : 0;
  const places: number[] = [];
  for (let row = at - width; row <= at + width; row += width) {
    if (row < 0 || row >= count) continue;
    for (let place = row + left; place <= row + right; place++) if (place !== at) places.push(place);
  }
  return places;
}

/** What of an image says whether a mask fits it. */
export interface MaskedImage {
  /** Upright. */
  width: number;
  height: number;
  /** How the file is turned to make it upright. Default: it is upright. */
  orientation?: Orientation;
}

/** How a mask is brought onto its image. */
export interface MaskFit {
  /** Turn to apply to the mask, as drawn on the pixels as they are stored. */
  turn: Orientation;
  notices: Notice[];
}

/**
 * How a mask fits its image: as it is, or turned as the image is where it was drawn on the stored pixels. Where the shape
 * does not tell, it is taken as drawn on the stored pixels. Another size of the same shape fits: masks are resized by
 * nearest neighbour.
 * @param isUpright whether the mask's own file says how it is to be turned, or that it need not be
 * @throws MaskSizeMismatch when the shapes differ
 */
export function fitMask(mask: Size, image: MaskedImage, isUpright = false): MaskFit {
  const { orientation = 1 } = image;
  const stored = orientation >= 5 ? { width: image.height, height: image.width } : image;
  const fitsUpright = sameShape(mask, image);
  if (orientation === 1 || isUpright || !sameShape(mask, stored)) {
    if (!fitsUpright) throw new MaskSizeMismatch(sizeOf(mask), sizeOf(image));
    return { turn: 1, notices: resizedNotices(mask, image) };
  }
  const text = fitsUpright
    ? 'The image’s file says that it is to be turned, the mask’s does not, and the shape does not tell: the mask is turned as the image is. If it was drawn on the turned image, save the image turned, without that mark.'
    : 'The image’s file says that it is to be turned: the mask, drawn on the pixels as they are stored, is turned with it.';
  return { turn: orientation, notices: [{ kind: 'mask-turned', text }, ...resizedNotices(mask, stored)] };
}

interface Size {
  width: number;
  height: number;
}

const sameShape = (mask: Size, image: Size): boolean =>
  Math.abs((mask.width * image.height) / (mask.height * image.width) - 1) <= ASPECT_TOLERANCE;

function resizedNotices(mask: Size, image: Size): Notice[] {
  if (mask.width === image.width && mask.height === image.height) return [];
  const text = `The mask is ${sizeOf(mask)} pixels, its image ${sizeOf(image)}: the mask is resized.`;
  return [{ kind: 'mask-resized', text }];
}

function sizeOf({ width, height }: Size): string {
  return `${width} x ${height}`;
}
