// What COCO's JSON says of the images of a whole set: polygons and run lengths around their defects.
import * as v from 'valibot';
import { finite, listOf, looseOf, parseOrNull } from '../schema';
import { blankMask, fillPolygon, fillRuns, OutlinesUnreadable, type OutlinedMask } from './polygon';

const MOST_IMAGES = 100_000;
const MOST_ANNOTATIONS = 1_000_000;
const MOST_NUMBERS = 4_000_000;

const id = v.union([finite, v.string()]);
const RUNS = looseOf({
  size: v.pipe(listOf(finite, 2), v.length(2)),
  counts: v.union([v.pipe(v.string(), v.maxLength(MOST_NUMBERS)), listOf(finite, MOST_NUMBERS)]),
});
const FILE = looseOf({
  images: listOf(looseOf({ id, file_name: v.pipe(v.string(), v.maxLength(1024)), width: v.optional(finite), height: v.optional(finite) }), MOST_IMAGES), // prettier-ignore
  annotations: listOf(looseOf({ image_id: id, segmentation: v.optional(v.unknown()) }), MOST_ANNOTATIONS),
});
const POLYGONS = listOf(listOf(finite, MOST_NUMBERS), MOST_IMAGES);

export interface CocoImage {
  file: string;
  /** Whether anything is marked on it. */
  annotated: boolean;
  /** Whether outlines say where; boxes alone do not. */
  drawn: boolean;
}

export interface CocoSet {
  images: CocoImage[];
  /** The union of an image's outlines. @throws OutlinesUnreadable */
  maskOf(file: string): OutlinedMask;
}

/** Null for text that is not COCO's JSON. */
export function readCoco(text: string): CocoSet | null {
  if (!/"annotations"/.test(text) || !/"images"/.test(text)) return null;
  const value = parseOrNull(FILE, parsed(text));
  if (!value) return null;
  const drawings = new Map<string, unknown[]>();
  for (const { image_id, segmentation } of value.annotations) {
    const list = drawings.get(String(image_id));
    if (list) list.push(segmentation);
    else drawings.set(String(image_id), [segmentation]);
  }
  const byFile = new Map(value.images.map((image) => [image.file_name, image]));
  const of = (image: { id: string | number }) => drawings.get(String(image.id)) ?? [];
  return {
    images: [...byFile.values()].map((image) => ({
      file: image.file_name,
      annotated: of(image).length > 0,
      drawn: of(image).some(isDrawn),
    })),
    maskOf(file) {
      const image = byFile.get(file);
      if (!image) throw new OutlinesUnreadable(`it does not name the image ${file.slice(0, 120)}`);
      const drawn = of(image).filter(isDrawn);
      const size = sizeOf(image, drawn);
      const mask = blankMask(size.width, size.height);
      for (const drawing of drawn) draw(mask, drawing);
      return mask;
    },
  };
}

const isDrawn = (drawing: unknown): boolean =>
  Array.isArray(drawing) ? drawing.length > 0 : typeof drawing === 'object' && drawing !== null;

/** The image's own, else that of its run lengths. */
function sizeOf(
  image: { width?: number | undefined; height?: number | undefined },
  drawn: readonly unknown[],
) {
  const { width, height } = image;
  if (width !== undefined && height !== undefined) return { width, height };
  const runs = drawn.map((drawing) => parseOrNull(RUNS, drawing)).find((one) => one !== null);
  if (!runs) throw new OutlinesUnreadable('it does not say how large the image is');
  return { width: runs.size[1]!, height: runs.size[0]! };
}

function draw(mask: OutlinedMask, drawing: unknown): void {
  const polygons = parseOrNull(POLYGONS, drawing);
  if (polygons) return polygons.forEach((points) => fillPolygon(mask, points));
  const runs = parseOrNull(RUNS, drawing);
  if (!runs) throw new OutlinesUnreadable('an outline is neither polygons nor run lengths');
  if (runs.size[0] !== mask.height || runs.size[1] !== mask.width)
    throw new OutlinesUnreadable('run lengths are of another size than their image');
  fillRuns(mask, runs.counts);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
