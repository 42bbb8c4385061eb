// Figures over the pixels of many anomaly maps: pixel AUROC, pixel AP, AUPRO. How the pixels are kept and ranked is
// in imagePixels.ts and rankPixels.ts.
import type { ImagePixels } from './imagePixels';
import { areaUnderCurve, cuts, rampArea, stepPrecision, type Ranking } from './ranking';
import { proWeights, rankPixels, type PixelRanking } from './rankPixels';

/** Share of false alarms up to which AUPRO looks (MVTec AD's evaluation). */
export const AUPRO_LIMIT = 0.3;

/** Fractions in [0, 1]; all null without normal or without defect pixels. */
export interface PixelFigures {
  auroc: number | null;
  averagePrecision: number | null;
  aupro: number | null;
}

/**
 * Figures over all pixels of these images. AUROC and average precision as for image scores. AUPRO: the share of each
 * region found, averaged over regions, against the share of normal pixels falsely found; the area under that
 * curve up to `limit`, divided by `limit` (Bergmann et al., MVTec AD, 2021). Exact, ties included.
 */
export function pixelFigures(images: readonly ImagePixels[], limit = AUPRO_LIMIT): PixelFigures {
  return figuresOf(rankPixels(images), limit);
}

/** The same of a ranking that is there already, as for curves. */
export function figuresOf(ranking: PixelRanking | null, limit = AUPRO_LIMIT): PixelFigures {
  if (!ranking) return UNDEFINED;
  return {
    auroc: areaUnderCurve(ranking),
    averagePrecision: stepPrecision(ranking),
    aupro: meanOverRegions(ranking, limit),
  };
}

/** The largest F1 over pixels, of all thresholds. */
export function pixelF1Max(ranking: Ranking): number {
  let best = 0;
  for (const { truePositives, falsePositives } of cuts(ranking)) {
    best = Math.max(best, (2 * truePositives) / (ranking.positives.length + truePositives + falsePositives));
  }
  return best;
}

const UNDEFINED: PixelFigures = { auroc: null, averagePrecision: null, aupro: null };

/** The curve is a weighted mean of one ramp per pixel, so its area is the same mean of the ramps' areas. */
function meanOverRegions(ranking: PixelRanking, limit: number): number {
  const { above, atLeast, normals } = ranking;
  const cut = limit * normals;
  const areas = proWeights(ranking).map((weight, i) => weight * rampArea(above[i]!, atLeast[i]!, cut));
  return areas.reduce((sum, area) => sum + area, 0) / cut;
}
