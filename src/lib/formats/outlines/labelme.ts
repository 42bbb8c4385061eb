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
    }),
    MOST_SHAPES,
  ),
  imageWidth: finite,
  imageHeight: finite,
});

const CIRCLE_POINTS = 64;

/**
 * The mask of a labelme file: polygons, rectangles, circles; points and lines have no area.
 * @throws OutlinesUnreadable for anything else
 */
export function readLabelme(text: string): OutlinedMask {
  const unreadable = (detail: string, cause?: unknown) => new OutlinesUnreadable(detail, { cause });
  const { shapes, imageWidth, imageHeight } = parseJson(FILE, text, unreadable, {
    what: 'the file',
    longest: LONGEST,
  });
  const mask = blankMask(imageWidth, imageHeight);
  for (const { shape_type: type, points } of shapes) {
    const corners = points.map(([x, y]) => [x!, y!] as const);
    fillPolygon(mask, polygonOf(type ?? 'polygon', corners));
  }
  return mask;
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
