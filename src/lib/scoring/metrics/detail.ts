// What an evaluation says beyond its figures, on request: resamples for intervals and paired comparisons, and curves.
// Costs about a second for ten million pixels, so it is done on request only.
import { resample, type IntegerSource } from './bootstrap';
import { classOf } from './classes';
import { prCurve, proCurve, rocCurve, thin, type Curve } from './curves';
import { aupimo } from './aupimo';
import { figuresOf, pixelF1Max } from './pixels';
import { rankPixels } from './rankPixels';
import type { ImagePixels } from './imagePixels';
import { saturatedPro, SPRO_LIMIT, type SaturatedRegions, type Saturation } from './saturation';
import { rankScores } from './scores';
import type { Samples } from './samples';
import type { Evaluated, Summary } from './summary';

export interface Resampled {
  /** Over all images together, drawn within their classes. */
  all: Samples;
  /** Each class by itself; empty for a set without classes. */
  perClass: Record<string, Samples>;
}

/** Thinned for drawing; null where the figures are. All images together. */
export interface Curves {
  image: { roc: Curve; pr: Curve } | null;
  pixel: { roc: Curve; pr: Curve; pro: Curve } | null;
}

/** Further figures over the pixels of all images, fractions in [0, 1]; null where they are undefined. */
export interface PixelDetail {
  f1Max: number | null;
  /** AUPRO up to 0.05 in place of 0.3. */
  aupro05: number | null;
  /** Saturated PRO up to 0.05, with the saturation that was asked for, else the set's own; null without either. */
  spro05: number | null;
  /** Mean over the images that have one; null where there are too few normal pixels for it. */
  aupimo: number | null;
  /** One for each image, in their order; null for normal images and those without a mask. */
  aupimoImages: (number | null)[];
}

/**
 * @param saturation of every region; null: the set's own, where it has any
 * @param saturated regions of images as their set tells them apart; null or absent: those of the mask, each found whole at all of it
 * @throws RangeError for a saturation that is none
 */
export function pixelDetailOf(
  { labels, pixels = [] }: Pick<Evaluated, 'labels' | 'pixels'>,
  saturation: Saturation | null,
  saturated: readonly (SaturatedRegions | null)[] = [],
): PixelDetail {
  const of = (label: 0 | 1) => labels.map((own, i) => (own === label ? (pixels[i] ?? null) : null));
  const [normal, anomalous] = [of(0), of(1)];
  const present = (list: typeof normal) => list.flatMap((image) => image ?? []);
  const ranking = rankPixels([...present(normal), ...present(anomalous)]);
  const perImage = aupimo(present(normal), present(anomalous));
  const next = perImage?.images.values();
  return {
    f1Max: ranking && pixelF1Max(ranking),
    aupro05: figuresOf(ranking, SPRO_LIMIT).aupro,
    spro05: ranking && saturation ? saturatedPro(ranking, saturation) : ownSpro(normal, anomalous, saturated),
    aupimo: perImage?.mean ?? null,
    aupimoImages: anomalous.map((image) => (image && next ? next.next().value! : null)),
  };
}

/** The same of each class by itself; empty for a set without classes. */
export function pixelDetailPerClass(
  { labels, types, pixels = [] }: Pick<Evaluated, 'labels' | 'types' | 'pixels'>,
  saturation: Saturation | null,
  saturated: readonly (SaturatedRegions | null)[] = [],
): Record<string, PixelDetail> {
  const strata = types.map(classOf);
  const names = [...new Set(strata.filter((name) => name !== null))];
  const details = names.map((name) => {
    const members = strata.flatMap((stratum, i) => (stratum === name ? [i] : []));
    const of = <T>(list: readonly (T | null)[]) => members.map((i) => list[i] ?? null);
    const own = { labels: of(labels), pixels: of(pixels) };
    return [name, pixelDetailOf(own, saturation, of(saturated))] as const;
  });
  return Object.fromEntries(details);
}

/** Null where the set has no saturations of its own. */
function ownSpro(
  normal: readonly (ImagePixels | null)[],
  anomalous: readonly (ImagePixels | null)[],
  saturated: readonly (SaturatedRegions | null)[],
): number | null {
  if (!saturated.some((regions) => regions !== null)) return null;
  const whole = { share: 1 };
  const saturations: Saturation[] = [];
  const images = anomalous.flatMap((image, i) => {
    if (!image) return [];
    const regions = saturated[i] ?? { ...image, saturations: image.regionSizes.map(() => whole) };
    saturations.push(...regions.saturations);
    return [{ normals: image.normals, defects: regions.defects, regionSizes: regions.regionSizes }];
  });
  const ranking = rankPixels([...normal.flatMap((image) => image ?? []), ...images]);
  return ranking && saturatedPro(ranking, saturations);
}

/** @param randomFor a fresh source per class name ('' for all), the same whatever the scores */
export function resampleAll(
  evaluated: Evaluated,
  { metrics, perClass }: Pick<Summary, 'metrics' | 'perClass'>,
  { count, randomFor }: { count: number; randomFor(name: string): IntegerSource },
): Resampled {
  const strata = evaluated.types.map(classOf);
  const classes = Object.keys(perClass).map((name) => {
    const members = strata.flatMap((stratum, i) => (stratum === name ? [i] : []));
    const random = randomFor(name);
    return [name, resample(pick(evaluated, members), perClass[name]!, { count, random })] as const;
  });
  return {
    all: resample(evaluated, metrics, { count, strata, random: randomFor('') }),
    perClass: Object.fromEntries(classes),
  };
}

function pick({ scores, labels, pixels }: Evaluated, members: readonly number[]) {
  return {
    scores: members.map((i) => scores[i]!),
    labels: members.map((i) => labels[i]!),
    ...(pixels && { pixels: members.map((i) => pixels[i]!) }),
  };
}

/** @throws NotANumber, SizeMismatch */
export function curvesOf({ scores, labels, pixels }: Evaluated): Curves {
  const images = rankScores(scores, labels);
  const known = pixels?.flatMap((image, i) => (image && labels[i] !== null ? [image] : [])) ?? [];
  const ranked = rankPixels(known);
  return {
    image: images && { roc: thin(rocCurve(images)), pr: thin(prCurve(images)) },
    pixel: ranked && {
      roc: thin(rocCurve(ranked)),
      pr: thin(prCurve(ranked)),
      pro: thin(proCurve(ranked)),
    },
  };
}
