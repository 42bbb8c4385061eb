// Polygons and run lengths as masks: zeros and ones, row-major, one byte a pixel.
import { RemedyError } from '../../errors';

/** As src/lib/images has it. */
export interface OutlinedMask {
  width: number;
  height: number;
  data: Uint8Array;
}

/** The JSON of another tool cannot be read as outlines. */
export class OutlinesUnreadable extends RemedyError {
  override readonly name = 'OutlinesUnreadable';
  constructor(detail: string, options?: ErrorOptions) {
    super(
      `The outlines cannot be read: ${detail}.`,
      'Export them again as labelme or COCO JSON, or as PNG masks.',
      options,
    );
  }
}

/** As images themselves (images/limits.ts). */
const MOST_SIDE = 16_384;
const MOST_PIXELS = 64 * 2 ** 20;
/** Edges of an outline that cross rows of pixels, altogether: no drawing has as many. */
const MOST_CROSSINGS = 2e7;

/** @throws OutlinesUnreadable for a size that no image has */
export function blankMask(width: number, height: number): OutlinedMask {
  const fits = (side: number) => Number.isInteger(side) && side > 0 && side <= MOST_SIDE;
  if (!fits(width) || !fits(height) || width * height > MOST_PIXELS)
    throw new OutlinesUnreadable(`an image of ${String(width)} x ${String(height)} pixels is not possible`);
  return { width, height, data: new Uint8Array(width * height) };
}

/**
 * Marks the pixels whose centres lie within a polygon (even-odd), beside what is marked already.
 * @param points x, y, x, y, ... in pixels; (0, 0) is the upper left corner of the first pixel
 * @throws OutlinesUnreadable for an outline of absurd length
 */
export function fillPolygon({ width, height, data }: OutlinedMask, points: readonly number[]): void {
  const rows = new Map<number, number[]>();
  const count = Math.floor(points.length / 2);
  if (count < 3) return;
  let crossings = 0;
  for (let i = 0; i < count; i++) {
    const [x0, y0] = [points[2 * i]!, points[2 * i + 1]!];
    const [x1, y1] = [points[2 * ((i + 1) % count)]!, points[2 * ((i + 1) % count) + 1]!];
    // Rows whose middle, y + 0.5, lies between both ends; the lower end counts, the upper one does not.
    const first = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5));
    const end = Math.min(height, Math.ceil(Math.max(y0, y1) - 0.5));
    crossings += Math.max(0, end - first);
    if (crossings > MOST_CROSSINGS) throw new OutlinesUnreadable('an outline has too many points');
    for (let y = first; y < end; y++) {
      const x = x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0);
      const row = rows.get(y);
      if (row) row.push(x);
      else rows.set(y, [x]);
    }
  }
  for (const [y, found] of rows) {
    const xs = found.sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const from = Math.max(0, Math.ceil(xs[i]! - 0.5));
      const to = Math.min(width, Math.ceil(xs[i + 1]! - 0.5));
      if (to > from) data.fill(1, y * width + from, y * width + to);
    }
  }
}

/**
 * Marks what COCO's run lengths mark: column by column, zeros first.
 * @param counts as numbers, or packed into text as pycocotools writes them
 * @throws OutlinesUnreadable when they do not fill the picture
 */
export function fillRuns({ width, height, data }: OutlinedMask, counts: readonly number[] | string): void {
  const runs = typeof counts === 'string' ? unpackRuns(counts, width * height) : counts;
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (!Number.isInteger(run) || run < 0 || at + run > data.length)
      throw new OutlinesUnreadable('its run lengths do not fit its size');
    if (i % 2 === 1)
      for (let k = at; k < at + run; k++) data[(k % height) * width + Math.floor(k / height)] = 1;
    at += run;
  }
  if (at !== data.length) throw new OutlinesUnreadable('its run lengths do not fit its size');
}

/** Five bits a sign from 48 up, the sixth says that more follow; from the third on a run is a difference to the last but one. */
function unpackRuns(text: string, most: number): number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      const bits = text.charCodeAt(at++) - 48;
      if (!(bits >= 0 && bits < 64) || shift > 45)
        throw new OutlinesUnreadable('its packed run lengths are damaged');
      value += (bits & 31) * 2 ** shift;
      shift += 5;
      more = (bits & 32) !== 0;
      if (!more && (bits & 16) !== 0) value -= 2 ** shift;
    }
    if (runs.length > 2) value += runs.at(-2)!;
    if (runs.length > most) throw new OutlinesUnreadable('it has more runs than pixels');
    runs.push(value);
  }
  return runs;
}
