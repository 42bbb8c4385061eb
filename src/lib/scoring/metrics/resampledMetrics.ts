// Figures of a set of images of which some count several times and some not at all: one bootstrap draw. What does not
// depend on the draw (order of scores, bins of pixels) is made once.
import { pixelHistogram, type PixelHistogram } from './pixelHistogram';
import { AUPRO_LIMIT } from './pixels';
import type { Evaluated, Metrics } from './summary';
import { weightedFigures, type Groups } from './weighted';

/** What a draw needs of an evaluation. */
export type Drawable = Pick<Evaluated, 'scores' | 'labels' | 'pixels'>;

/** Weights (how often each image counts) -> figures; pixel figures from some 500 bins, so nearly exact. */
export function resampledMetrics({ scores, labels, pixels }: Drawable): (weights: Float64Array) => Metrics {
  const rankedImages = imageGroups(scores, labels);
  const known = pixels?.map((image, i) => (labels[i] === null ? null : image)) ?? [];
  const bins = pixelHistogram(known);
  return (weights: Float64Array): Metrics => {
    const image = weightedFigures(rankedImages(weights), 1);
    const pixel = bins && weightedFigures(pixelGroups(bins, weights), AUPRO_LIMIT);
    return {
      image_auroc: image?.auroc ?? null,
      image_ap: image?.averagePrecision ?? null,
      image_f1_max: image?.f1Max ?? null,
      pixel_auroc: pixel?.auroc ?? null,
      pixel_ap: pixel?.averagePrecision ?? null,
      aupro30: pixel?.aupro ?? null,
    };
  };
}

/** Images of equal score are one group. */
function imageGroups(scores: ArrayLike<number>, labels: Evaluated['labels']) {
  const order = labels
    .flatMap((label, i) => (label === null ? [] : [i]))
    .sort((a, b) => scores[b]! - scores[a]!);
  let groups = 0;
  const groupOf = order.map((image, i) =>
    i > 0 && scores[image] !== scores[order[i - 1]!] ? ++groups : groups,
  );
  return (weights: Float64Array): Groups => {
    const positives = new Float64Array(groups + 1);
    const normals = new Float64Array(groups + 1);
    order.forEach(
      (image, i) => ((labels[image] === 1 ? positives : normals)[groupOf[i]!]! += weights[image]!),
    );
    return { positives, normals, shares: null, binned: false };
  };
}

function pixelGroups({ bins, images }: PixelHistogram, weights: Float64Array): Groups {
  const [positives, normals, shares] = [0, 0, 0].map(() => new Float64Array(bins)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  images.forEach((image, i) => {
    if (!image || weights[i] === 0) return;
    addReversed(normals, image.normals, weights[i]!);
    if (image.positives) addReversed(positives, image.positives, weights[i]!);
    if (image.shares) addReversed(shares, image.shares, weights[i]!);
  });
  return { positives, normals, shares, binned: true };
}

/** Bins ascend, groups descend. */
function addReversed(target: Float64Array, counts: Float32Array, weight: number): void {
  const last = target.length - 1;
  for (let i = 0; i <= last; i++) target[last - i]! += weight * counts[i]!;
}
