// Saturated PRO (sPRO; Bergmann et al., MVTec LOCO AD, 2022): of a large region it is enough to find a part. Where something
// is missing, or in the wrong place, nobody can say which pixels exactly are the defect.
import { keysWithin, type ImagePixels, type ScoreMap } from './imagePixels';
import type { RegionMask } from './regions';
import { rampArea } from './ranking';
import type { PixelRanking } from './rankPixels';

/** From how much of a region on it counts as found whole: a share of its area, or a number of pixels. */
export type Saturation = { share: number } | { pixels: number };

/** The regions of one image as its set tells them apart, each with the saturation of its own. */
export interface SaturatedRegions extends Pick<ImagePixels, 'defects' | 'regionSizes'> {
  /** One a region. */
  saturations: Saturation[];
}

/** Of regions at the map's size; those without a pixel are left out. @throws NotANumber, SizeMismatch */
export function saturatedRegions(
  map: ScoreMap,
  regions: readonly { mask: RegionMask; saturation: Saturation }[],
): SaturatedRegions {
  const there = regions.filter(({ mask }) => mask.data.includes(1));
  const saturations = there.map(({ saturation }) => saturation);
  return { ...keysWithin(map, there.map(({ mask }) => mask)), saturations }; // prettier-ignore
}

/** Share of false alarms up to which sPRO looks, as MVTec LOCO AD reports it. */
export const SPRO_LIMIT = 0.05;

/**
 * Area under the mean saturated overlap of the regions over the share of normal pixels falsely found, up to `limit`,
 * divided by `limit`; in [0, 1]. With a share of 1 it is AUPRO.
 * @param saturations one for all regions, or one a region in the order of the images and of `regionSizes`
 */
export function saturatedPro(
  ranking: PixelRanking,
  saturations: Saturation | readonly Saturation[],
  limit = SPRO_LIMIT,
): number {
  const { positives, above, atLeast, normals, region, regionSizes } = ranking;
  const enough = regionSizes.map((size, i) => saturatedArea(size, pick(saturations, i)));
  const found = new Float64Array(regionSizes.length);
  const cut = limit * normals;
  let area = 0;
  // From the highest score down a region's pixels count until there are enough of them.
  for (let i = positives.length - 1; i >= 0; i--) {
    const number = region[i]!;
    const counts = Math.min(1, Math.max(0, enough[number]! - found[number]!++));
    area += (counts / enough[number]!) * rampArea(above[i]!, atLeast[i]!, cut);
  }
  return area / (cut * regionSizes.length);
}

const pick = (given: Saturation | readonly Saturation[], region: number): Saturation =>
  Array.isArray(given) ? (given as readonly Saturation[])[region]! : (given as Saturation);

/** @throws RangeError for a share that is not in (0, 1] or pixels that are not above 0 */
function saturatedArea(size: number, saturation: Saturation): number {
  const area = 'share' in saturation ? saturation.share * size : Math.min(saturation.pixels, size);
  if (area > 0 && area <= size) return area;
  throw new RangeError(
    'a region saturates at a share in (0, 1] of its area, or at a number of pixels above 0',
  );
}
