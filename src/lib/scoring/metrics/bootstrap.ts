// How sure a figure is: the bootstrap over IMAGES. A resample draws as many normal and as many anomalous images as
// there are, with repetition, within each class; image and pixel figures are computed from the same draw. Pixels
// of one image hang together, so they are never drawn one by one. Equal seeds give equal draws whatever the scores,
// so two methods on the same images are compared resample by resample (samples.ts).
import { resampledMetrics, type Drawable } from './resampledMetrics';
import { byMetric, type Samples } from './samples';
import type { Metrics } from './summary';

export const RESAMPLES = 1000;

/** A source of uniform integers in [low, high], as the model's generator is one. */
export interface IntegerSource {
  int(low: number, high: number): number;
}

export interface ResampleOptions {
  random: IntegerSource;
  count?: number;
  /** Per image a name: images are drawn for one another only within the same name and label. */
  strata?: readonly (string | null)[];
}

/**
 * The figures of `count` resamples. Pixel figures are computed from some 500 bins, their difference from the exact
 * figure over all images taken off each. A figure is null when it is undefined over all images, or when its
 * resamples could not differ (fewer than two images of a label).
 * @param metrics the exact figures of the same evaluation: summarise has refused what makes no sense
 */
export function resample(evaluated: Drawable, metrics: Metrics, options: ResampleOptions): Samples {
  const { labels } = evaluated;
  const { random, count = RESAMPLES, strata = [] } = options;
  const figuresOf = resampledMetrics(evaluated);
  const binned = figuresOf(Float64Array.from(labels, (label) => (label === null ? 0 : 1)));
  const groups = groupsOf(labels, strata);
  const draws = canDiffer(labels)
    ? Array.from({ length: count }, () => figuresOf(drawWeights(groups, labels.length, random)))
    : [];
  return byMetric((name) => {
    if (metrics[name] === null || draws.length === 0) return null;
    const offset = metrics[name] - (binned[name] ?? metrics[name]);
    return Float32Array.from(draws, (figures) => clamp((figures[name] ?? NaN) + offset));
  });
}

const clamp = (value: number) => Math.min(Math.max(value, 0), 1);

const canDiffer = (labels: Drawable['labels']) =>
  [0, 1].every((label) => labels.filter((other) => other === label).length > 1);

/** Indices of the images that are drawn for one another, group by group in the order of their first image. */
function groupsOf(labels: Drawable['labels'], strata: readonly (string | null)[]): number[][] {
  const groups = new Map<string, number[]>();
  labels.forEach((label, i) => {
    if (label === null) return;
    const name = `${label} ${strata[i] ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), i]);
  });
  return [...groups.values()];
}

/** How often each image is drawn. */
function drawWeights(groups: readonly number[][], images: number, random: IntegerSource): Float64Array {
  const weights = new Float64Array(images);
  for (const members of groups) {
    members.forEach(() => weights[members[random.int(0, members.length - 1)]!]!++);
  }
  return weights;
}
