// What labelme (and tools that write its format) drew around the defects of one image.
import * as v from 'valibot';
import { finite, listOf, looseOf, parseJson } from '../schema';
import { blankMask, fillPolygon, OutlinesUnreadable, type OutlinedMask } from './polygon';

const MOST_SHAPES = 100_000;
const MOST_POINTS = 1_000_000;
const LONGEST = 256 * 2 ** 20;

const FILE = looseOf({
  shapes: listOf(
    looseOf({
      shape_type: v.optional(v.nullable(v.string()), 'polygon'),
      points: listOf(v.pipe(listOf(finite, 3), v.minLength(2)), MOST_POINTS),
      mask: v.optional(v.nullable(v.string()), null),
    }),
    MOST_SHAPES,
  ),
  imageWidth: finite,
  imageHeight: finite,
});

const CIRCLE_POINTS = 64;

/** A shape that is a picture: its left upper pixel in the image, its size, and the encoded PNG. */
export interface Bitmap {
  x: number;
  y: number;
  width: number;
  height: number;
  png: Uint8Array<ArrayBuffer>;
}

/**
 * The mask of a labelme file: polygons, rectangles, circles; points and lines have no area. Shapes that are pictures come
 * beside, for whoever can decode them.
 * @throws OutlinesUnreadable for anything else
 */
export function readLabelme(text: string): { mask: OutlinedMask; bitmaps: Bitmap[] } {
  const unreadable = (detail: string, cause?: unknown) => new OutlinesUnreadable(detail, { cause });
  const { shapes, imageWidth, imageHeight } = parseJson(FILE, text, unreadable, {
    what: 'the file',
    longest: LONGEST,
  });
  const mask = blankMask(imageWidth, imageHeight);
  const bitmaps: Bitmap[] = [];
  for (const { shape_type: type, points, mask: encoded } of shapes) {
    const corners = points.map(([x, y]) => [x!, y!] as const);
    if (type === 'mask') {
      bitmaps.push(bitmapOf(corners, encoded, mask));
      continue;
    }
    fillPolygon(mask, polygonOf(type ?? 'polygon', corners));
  }
  return { mask, bitmaps };
}

/** Both corners are pixels of it. @throws OutlinesUnreadable for one that is no PNG in base64, or not within the image */
function bitmapOf([from, to]: readonly Point[], encoded: string | null, image: OutlinedMask): Bitmap {
  if (!from || !to || encoded === null) throw new OutlinesUnreadable('a mask has no corners or no picture');
  const [x, y] = from.map(Math.round) as [number, number];
  const [width, height] = [Math.round(to[0]) - x + 1, Math.round(to[1]) - y + 1];
  if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > image.width || y + height > image.height)
    throw new OutlinesUnreadable('a mask lies outside of its image');
  try {
    return { x, y, width, height, png: Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0)) };
  } catch (cause) {
    throw new OutlinesUnreadable('a mask is not in base64', { cause });
  }
}

type Point = readonly [x: number, y: number];

/** @throws OutlinesUnreadable for a kind that is not read */
function polygonOf(type: string, points: readonly Point[]): number[] {
  const [a, b] = points;
  if (type === 'polygon') return points.flat();
  if (/^(point|points|line|linestrip)$/.test(type)) return [];
  if (type === 'rectangle' && a && b)
    return points.length === 2 ? [a[0], a[1], b[0], a[1], b[0], b[1], a[0], b[1]] : points.flat();
  if (type === 'circle' && a && b) {
    const radius = Math.hypot(b[0] - a[0], b[1] - a[1]);
    return Array.from({ length: CIRCLE_POINTS }, (_, i) => (2 * Math.PI * i) / CIRCLE_POINTS).flatMap(
      (angle) => [a[0] + radius * Math.cos(angle), a[1] + radius * Math.sin(angle)],
    );
  }
  throw new OutlinesUnreadable(`shapes of the kind ${type.slice(0, 40)} are not read`);
}
