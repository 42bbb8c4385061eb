// Figures over the pixels of many anomaly maps: pixel AUROC, pixel AP, AUPRO. Each pixel is copied once, into
// the sorted list of normal ones or of its defect region; several such groups can then be asked together.
import { SizeMismatch } from './errors';
import { areaUnderCurve, rank, stepPrecision } from './ranking';
import { connectedRegions, type RegionMask } from './regions';
import { sortFloats } from './sortFloats';

/** One anomaly map, row-major, larger = more anomalous. */
export interface ScoreMap {
  width: number;
  height: number;
  values: Float32Array;
}

/** A map and its ground truth; null says that every pixel is normal. */
export interface MaskedMap {
  map: ScoreMap;
  mask: RegionMask | null;
}

/** The pixels of some images, ranked. */
export interface RankedPixels {
  /** Pixels outside all masks, ascending. */
  normals: Float32Array;
  /** One ascending list per 8-connected defect region. */
  regions: Float32Array[];
}

/** Share of false alarms up to which AUPRO looks (MVTec AD's evaluation). */
export const AUPRO_LIMIT = 0.3;

/**
 * Sorts the pixels of these images into normal ones and defect regions.
 * @throws NotANumber, SizeMismatch (a mask of another size than its map)
 */
export function rankPixels(images: readonly MaskedMap[]): RankedPixels {
  images.forEach(checkSizes);
  const normals = new Float32Array(images.reduce((sum, image) => sum + countNormals(image), 0));
  const regions: Float32Array[] = [];
  let filled = 0;
  for (const { map, mask } of images) {
    if (!mask) {
      normals.set(map.values, filled);
      filled += map.values.length;
      continue;
    }
    filled = copyNormals(map.values, mask.data, normals, filled);
    regions.push(...regionValues(map, mask));
  }
  return {
    normals: sortFloats(normals, MAPS),
    regions: regions.map((values) => sortFloats(values, MAPS)),
  };
}

const MAPS = 'An anomaly map';

/** Fractions in [0, 1]; all null without normal or without defect pixels. */
export interface PixelFigures {
  auroc: number | null;
  averagePrecision: number | null;
  aupro: number | null;
}

/**
 * Figures over all pixels of these groups. AUROC and average precision as for image scores. AUPRO: the share of each
 * region found, averaged over regions, against the share of normal pixels falsely found; the area under that
 * curve up to `limit`, divided by `limit` (Bergmann et al., MVTec AD, 2021).
 */
export function pixelFigures(groups: readonly RankedPixels[], limit = AUPRO_LIMIT): PixelFigures {
  const normals = groups.map((group) => group.normals);
  const regions = groups.flatMap((group) => group.regions);
  if (regions.length === 0 || normals.every((run) => run.length === 0)) return UNDEFINED;
  const ranking = rank(sortFloats(joined(regions), MAPS), normals);
  return {
    auroc: areaUnderCurve(ranking),
    averagePrecision: stepPrecision(ranking),
    aupro: meanOverRegions(regions, normals, limit),
  };
}

const UNDEFINED: PixelFigures = { auroc: null, averagePrecision: null, aupro: null };

/** The curve is a mean over regions, so its area is the mean of the regions' areas. */
function meanOverRegions(regions: Float32Array[], normals: Float32Array[], limit: number): number {
  const areas = regions.map((region) => areaUnderCurve(rank(region, normals), limit));
  return areas.reduce((sum, area) => sum + area, 0) / regions.length;
}

function checkSizes({ map, mask }: MaskedMap): void {
  const pixels = map.width * map.height;
  if (map.values.length !== pixels) throw new SizeMismatch('Values of a map', pixels, map.values.length);
  if (mask && (mask.width !== map.width || mask.height !== map.height)) {
    throw new SizeMismatch('Mask', `${map.width} x ${map.height}`, `${mask.width} x ${mask.height}`);
  }
}

function countNormals({ map, mask }: MaskedMap): number {
  if (!mask) return map.values.length;
  let count = 0;
  for (const value of mask.data) if (value === 0) count++;
  return count;
}

/** Copies the values outside the mask to `target` from `filled` on; where the next ones go. */
function copyNormals(values: Float32Array, mask: Uint8Array, target: Float32Array, filled: number): number {
  let next = filled;
  for (let i = 0; i < values.length; i++) {
    if (mask[i] === 0) target[next++] = values[i]!;
  }
  return next;
}

function regionValues(map: ScoreMap, mask: RegionMask): Float32Array[] {
  const { labels, sizes } = connectedRegions(mask);
  const regions = sizes.map((size) => new Float32Array(size));
  const filled = new Uint32Array(sizes.length);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const region = labels[pixel]! - 1;
    if (region >= 0) regions[region]![filled[region]!++] = map.values[pixel]!;
  }
  return regions;
}

function joined(lists: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let filled = 0;
  for (const list of lists) {
    all.set(list, filled);
    filled += list.length;
  }
  return all;
}
