// All figures of one evaluation: over everything, and per defect type against the normal images. Names and
// meaning as in the JSON that `evaluate` writes; a figure that is undefined is null.
import { SizeMismatch } from './errors';
import { pixelFigures, rankPixels, type MaskedMap, type RankedPixels, type ScoreMap } from './pixels';
import type { RegionMask } from './regions';
import { auroc, averagePrecision, f1Max } from './scores';

/** Fractions in [0, 1]; null where a class or the masks are missing. */
export interface Metrics {
  image_auroc: number | null;
  image_ap: number | null;
  image_f1_max: number | null;
  pixel_auroc: number | null;
  pixel_ap: number | null;
  aupro30: number | null;
}

export type TypeMetrics = Metrics & {
  /** Images of this type. */
  n: number;
};

/** One entry per image in every list. */
export interface Evaluated {
  scores: ArrayLike<number>;
  /** 0 normal, 1 anomalous, null unknown (left out of every figure). */
  labels: readonly (0 | 1 | null)[];
  /** Defect type; any one name for normal images. */
  types: readonly string[];
  /** Anomaly maps; null or absent: no pixel figures from this image. */
  maps?: readonly (ScoreMap | null)[];
  /** Ground truth of the maps' size. An anomalous image without one is left out of the pixel figures. */
  masks?: readonly (RegionMask | null)[];
}

export interface Summary {
  metrics: Metrics;
  perType: Record<string, TypeMetrics>;
}

/**
 * Metrics over all images and per type. A defect type is measured against all normal images; a type of normal images
 * has its count alone. Types stand in the order in which they first appear.
 * @throws NotANumber, SizeMismatch
 */
export function summarise(evaluated: Evaluated): Summary {
  checkLengths(evaluated);
  const normal = group(evaluated, (i) => evaluated.labels[i] === 0);
  const types = [...new Set(evaluated.types)].map((type) => ({
    type,
    n: evaluated.types.filter((other) => other === type).length,
    defects: group(evaluated, (i) => evaluated.types[i] === type && evaluated.labels[i] === 1),
  }));
  return {
    metrics: metricsOf([normal, ...types.map(({ defects }) => defects)]),
    perType: Object.fromEntries(
      types.map(({ type, n, defects }) => [type, { n, ...metricsOf([normal, defects]) }]),
    ),
  };
}

/** Images that are ranked once and then take part in several comparisons. */
interface Group {
  scores: number[];
  labels: (0 | 1 | null)[];
  pixels: RankedPixels;
}

function group(evaluated: Evaluated, belongs: (index: number) => boolean): Group {
  const members = evaluated.labels.map((_, i) => i).filter(belongs);
  return {
    scores: members.map((i) => evaluated.scores[i]!),
    labels: members.map((i) => evaluated.labels[i]!),
    pixels: rankPixels(members.flatMap((i) => maskedMap(evaluated, i))),
  };
}

/** The map with its ground truth, or nothing when one of them is missing. */
function maskedMap({ labels, maps, masks }: Evaluated, index: number): MaskedMap[] {
  const map = maps?.[index];
  if (!map) return [];
  if (labels[index] === 0) return [{ map, mask: null }];
  const mask = masks?.[index];
  return mask ? [{ map, mask }] : [];
}

function metricsOf(groups: Group[]): Metrics {
  const scores = groups.flatMap((group) => group.scores);
  const labels = groups.flatMap((group) => group.labels);
  const pixels = pixelFigures(groups.map((group) => group.pixels));
  return {
    image_auroc: auroc(scores, labels),
    image_ap: averagePrecision(scores, labels),
    image_f1_max: f1Max(scores, labels)?.f1 ?? null,
    pixel_auroc: pixels.auroc,
    pixel_ap: pixels.averagePrecision,
    aupro30: pixels.aupro,
  };
}

function checkLengths({ scores, labels, types, maps, masks }: Evaluated): void {
  const lists = { Labels: labels, Types: types, Maps: maps, Masks: masks };
  for (const [name, list] of Object.entries(lists)) {
    if (list && list.length !== scores.length) throw new SizeMismatch(name, scores.length, list.length);
  }
}
