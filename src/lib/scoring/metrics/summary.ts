// All figures of one evaluation: over everything, per defect type, and per class where the set has several. Names
// and meaning as in the JSON that `evaluate` writes; a figure that is undefined is null, never NaN.
import { classOf } from './classes';
import { SizeMismatch } from './errors';
import type { ImagePixels } from './imagePixels';
import { pixelFigures } from './pixels';
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

export const METRIC_NAMES = [
  'image_auroc',
  'image_ap',
  'image_f1_max',
  'pixel_auroc',
  'pixel_ap',
  'aupro30',
] as const satisfies readonly (keyof Metrics)[];

export type TypeMetrics = Metrics & {
  /** Images of this type, or of this class. */
  n: number;
};

/** One entry per image in every list. */
export interface Evaluated {
  scores: ArrayLike<number>;
  /** 0 normal, 1 anomalous, null unknown (left out of every figure). */
  labels: readonly (0 | 1 | null)[];
  /** Defect type, any one name for normal images; `class/type` where the set has several classes. */
  types: readonly string[];
  /**
   * Pixels with their ground truth; null or absent: no pixel figures from this image. An anomalous image without a
   * mask has none: its defect pixels are unknown.
   */
  pixels?: readonly (ImagePixels | null)[];
}

export interface Summary {
  /** Over all images together, of whatever class. */
  metrics: Metrics;
  perType: Record<string, TypeMetrics>;
  /** Each class by itself; empty for a set whose types name no class. */
  perClass: Record<string, TypeMetrics>;
  /** Mean over classes, each figure over those classes that have it; null without classes. */
  classMean: Metrics | null;
  /** The image score that gives `metrics.image_f1_max`: scores from it on are called anomalous. */
  f1Threshold: number | null;
}

/**
 * Metrics over all images, per type and per class. A defect type is measured against the normal images of its class
 * (against all where its class has none); a type of normal images has its count alone. Types and classes stand in
 * the order in which they first appear.
 * @throws NotANumber, SizeMismatch
 */
export function summarise(evaluated: Evaluated): Summary {
  checkLengths(evaluated);
  const { scores, labels } = evaluated;
  const perClass = perClassOf(evaluated);
  return {
    metrics: metricsOf(
      evaluated,
      membersOf(evaluated, () => true),
    ),
    perType: perTypeOf(evaluated),
    perClass,
    classMean: meanMetrics(Object.values(perClass)),
    f1Threshold: f1Max(scores, labels)?.threshold ?? null,
  };
}

/** Each figure's mean over those that have it; null for an empty list. */
export function meanMetrics(list: readonly Metrics[]): Metrics | null {
  if (list.length === 0) return null;
  const mean = (name: keyof Metrics) => {
    const values = list.flatMap((metrics) => metrics[name] ?? []);
    return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  };
  return Object.fromEntries(METRIC_NAMES.map((name) => [name, mean(name)])) as unknown as Metrics;
}

function perTypeOf(evaluated: Evaluated): Summary['perType'] {
  const { types, labels } = evaluated;
  const normals = membersOf(evaluated, (i) => labels[i] === 0);
  const rows = [...new Set(types)].map((type) => {
    const all = membersOf(evaluated, (i) => types[i] === type);
    const own = normals.filter((i) => classOf(types[i]!) === classOf(type));
    const defects = all.filter((i) => labels[i] === 1);
    return [
      type,
      { n: all.length, ...metricsOf(evaluated, [...(own.length > 0 ? own : normals), ...defects]) },
    ] as const;
  });
  return Object.fromEntries(rows);
}

function perClassOf(evaluated: Evaluated): Summary['perClass'] {
  const classes = new Set(evaluated.types.flatMap((type) => classOf(type) ?? []));
  const rows = [...classes].map((name) => {
    const members = membersOf(evaluated, (i) => classOf(evaluated.types[i]!) === name);
    return [name, { n: members.length, ...metricsOf(evaluated, members) }] as const;
  });
  return Object.fromEntries(rows);
}

const membersOf = ({ labels }: Evaluated, belongs: (index: number) => boolean) =>
  labels.map((_, i) => i).filter(belongs);

function metricsOf({ scores, labels, pixels }: Evaluated, members: readonly number[]): Metrics {
  const memberScores = members.map((i) => scores[i]!);
  const memberLabels = members.map((i) => labels[i]!);
  const known = members.filter((i) => labels[i] !== null);
  const figures = pixelFigures(known.flatMap((i) => pixels?.[i] ?? []));
  return {
    image_auroc: auroc(memberScores, memberLabels),
    image_ap: averagePrecision(memberScores, memberLabels),
    image_f1_max: f1Max(memberScores, memberLabels)?.f1 ?? null,
    pixel_auroc: figures.auroc,
    pixel_ap: figures.averagePrecision,
    aupro30: figures.aupro,
  };
}

function checkLengths({ scores, labels, types, pixels }: Evaluated): void {
  const lists = { Labels: labels, Types: types, Pixels: pixels };
  for (const [name, list] of Object.entries(lists)) {
    if (list && list.length !== scores.length) throw new SizeMismatch(name, scores.length, list.length);
  }
}
