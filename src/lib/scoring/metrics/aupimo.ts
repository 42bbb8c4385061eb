// AUPIMO (Bertoldo et al., 2024): per anomalous image, the share of its defect pixels found while hardly any pixel of a NORMAL
// image is called anomalous, averaged over the logarithm of that false-positive rate between 1e-5 and 1e-4. One number an
// image, so that weak images are seen; their mean stands for the set.
import { bucketsOfNone, type ImagePixels } from './imagePixels';
import { rampArea } from './ranking';
import { rankPixels } from './rankPixels';

/** False-positive rates between which AUPIMO looks. */
export const AUPIMO_BOUNDS: readonly [number, number] = [1e-5, 1e-4];

export interface Aupimo {
  /** In [0, 1], one for each image given as anomalous; null for one without defect pixels. */
  images: (number | null)[];
  /** Over the images that have one. */
  mean: number;
}

/**
 * The curve runs over all thresholds; between two of them it is straight over the logarithm of the rate, and before the
 * first false positive it is level. Null without defect pixels, and where the normal images have too few pixels to show the
 * lower rate: one of them would be more.
 * @param normal images whose pixels are all normal, maps of equal size @param anomalous images with their regions
 */
export function aupimo(
  normal: readonly ImagePixels[],
  anomalous: readonly ImagePixels[],
  [lower, upper] = AUPIMO_BOUNDS,
): Aupimo | null {
  // Each image's defects as one region, and no normal pixel but those of normal images.
  const whole = anomalous.filter(({ defects }) => defects.length > 0).map(defectsAlone);
  const ranking = rankPixels([
    ...normal.map((image) => ({ ...image, defects: NONE, regionSizes: [] })),
    ...whole,
  ]);
  if (!ranking || ranking.normals * lower < 1) return null;
  const { above, atLeast, normals, region, regionSizes } = ranking;
  const [low, high] = [Math.log(lower), Math.log(upper)];
  const areas = new Float64Array(regionSizes.length);
  region.forEach((image, i) => {
    const end = Math.log(atLeast[i]! / normals);
    // Tied with the first false positives: found with them.
    const start = above[i] === 0 ? end : Math.log(above[i]! / normals);
    areas[image]! += end === -Infinity ? high - low : rampArea(start, end, high) - rampArea(start, end, low);
  });
  const values = Array.from(areas, (area, i) => area / (regionSizes[i]! * (high - low)));
  const next = values.values();
  return {
    images: anomalous.map(({ defects }) => (defects.length > 0 ? next.next().value! : null)),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
}

const NONE = new Uint32Array(0);

const defectsAlone = ({ defects }: ImagePixels): ImagePixels => ({
  ...{ normals: bucketsOfNone(), defects, regionSizes: [defects.length] },
});
