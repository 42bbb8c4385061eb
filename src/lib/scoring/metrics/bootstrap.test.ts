import { describe, expect, it } from 'vitest';
import { Random } from '../../nn/random';
import { resample } from './bootstrap';
import { resampledMetrics } from './resampledMetrics';
import { imagePixels } from './imagePixels';
import { compareSamples, intervalsOf, meanSamples } from './samples';
import { METRIC_NAMES, summarise } from './summary';

const SIDE = 48;
const IMAGES = 24;

/** Half normal, half with a defect that stands out by `contrast`; the last anomalous image has no mask. */
function example(contrast: number, seed = 1) {
  const random = Random.stream(seed, 'bootstrap test');
  const labels = Array.from({ length: IMAGES }, (_, i) => (i < IMAGES / 2 ? 0 : 1) as 0 | 1);
  const types = labels.map((label) => (label ? 'crack' : 'good'));
  const size = { width: SIDE, height: SIDE };
  const images = labels.map((label) => {
    const data = Uint8Array.from({ length: SIDE ** 2 }, (_, i) => (label && i % SIDE < 6 ? 1 : 0));
    const values = Float32Array.from(data, (inside) => 2 + random.normal() + contrast * inside);
    return { map: { ...size, values }, mask: label ? { ...size, data } : null };
  });
  const pixels = images.map((image, i) => (i === IMAGES - 1 ? null : imagePixels(image)));
  const scores = images.map(({ map }) => Math.max(...map.values));
  const evaluated = { scores, labels, types, pixels };
  return { evaluated, metrics: summarise(evaluated).metrics };
}

const draws = (seed = 0) => Random.stream(seed, 'bootstrap');
const { evaluated, metrics } = example(1.5);
const samples = resample(evaluated, metrics, { random: draws(), count: 300 });

describe('bootstrap over images', () => {
  it('counts each image once when nothing is resampled: image figures exact, pixel figures nearly', () => {
    const figures = resampledMetrics(evaluated)(new Float64Array(IMAGES).fill(1));
    for (const name of ['image_auroc', 'image_ap', 'image_f1_max'] as const) {
      expect(figures[name]).toBeCloseTo(metrics[name]!, 12);
    }
    for (const name of ['pixel_auroc', 'pixel_ap', 'aupro30'] as const) {
      expect(Math.abs(figures[name]! - metrics[name]!), name).toBeLessThan(5e-4);
    }
  });

  it('an image drawn twice counts like two equal images, in every figure', () => {
    const weights = Float64Array.from({ length: IMAGES }, (_, i) => (i * 7) % 3);
    const twice = [...weights].flatMap((weight, i) => Array.from({ length: weight }, () => i));
    const pick = <T>(list: readonly T[]) => twice.map((i) => list[i]!);
    const repeated = summarise({
      scores: pick(evaluated.scores),
      labels: pick(evaluated.labels),
      types: pick(evaluated.types),
      pixels: pick(evaluated.pixels),
    });
    const figures = resampledMetrics(evaluated)(weights);
    for (const name of METRIC_NAMES) {
      expect(Math.abs(figures[name]! - repeated.metrics[name]!), name).toBeLessThan(5e-4);
    }
  });

  it('holds the figure in its interval, and is the same for the same seed', () => {
    const intervals = intervalsOf(samples);
    for (const name of METRIC_NAMES) {
      const [low, high] = intervals[name]!;
      expect(low).toBeLessThanOrEqual(metrics[name]! + 1e-6);
      expect(high).toBeGreaterThanOrEqual(metrics[name]! - 1e-6);
    }
    expect(intervals.image_auroc![0]).toBeLessThan(intervals.image_auroc![1]);
    expect(resample(evaluated, metrics, { random: draws(), count: 300 })).toEqual(samples);
    expect(resample(evaluated, metrics, { random: draws(1), count: 300 })).not.toEqual(samples);
  });

  it('has the width of the standard error that theory gives for AUROC', () => {
    // Hanley and McNeil (1982) for separable normal scores; the bootstrap must agree within a third.
    const many = Array.from({ length: 400 }, (_, i) => draws(i).normal() + (i % 2 ? 1 : 0));
    const labels = many.map((_, i) => (i % 2) as 0 | 1);
    const types = labels.map(String);
    const { metrics: exact } = summarise({ scores: many, labels, types });
    const [low, high] = intervalsOf(
      resample({ scores: many, labels }, exact, { random: draws() }),
    ).image_auroc!;
    const a = exact.image_auroc!;
    const [q1, q2] = [a / (2 - a), (2 * a * a) / (1 + a)];
    const error = Math.sqrt((a * (1 - a) + 199 * (q1 - a * a) + 199 * (q2 - a * a)) / (200 * 200));
    expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(2 / 3);
    expect((high - low) / (2 * 1.96 * error)).toBeLessThan(4 / 3);
  });

  it('draws within strata only', () => {
    // In each stratum all images are alike, so no resample can differ.
    const labels = [0, 0, 1, 1, 0, 0, 1, 1] as (0 | 1)[];
    const scores = [1, 1, 2, 2, 3, 3, 1.5, 1.5];
    const strata = [...'aaaabbbb'];
    const exact = summarise({ scores, labels, types: strata }).metrics;
    const of = (options: { strata?: string[] }) =>
      new Set(resample({ scores, labels }, exact, { random: draws(), count: 50, ...options }).image_auroc);
    expect(of({ strata }).size).toBe(1);
    expect(of({}).size).toBeGreaterThan(1);
  });

  it('is null for undefined figures and for too few images, never NaN', () => {
    const few = { scores: [1, 2, 3], labels: [0, 0, 1] as (0 | 1)[], types: ['g', 'g', 'd'] };
    const none = resample(few, summarise(few).metrics, { random: draws(), count: 10 });
    expect(new Set(Object.values(none))).toEqual(new Set([null]));
    expect(new Set(Object.values(intervalsOf(none)))).toEqual(new Set([null]));
    const imagesOnly = resample(
      { ...evaluated, pixels: [] },
      { ...metrics, pixel_auroc: null },
      { random: draws(), count: 10 },
    );
    expect(imagesOnly.pixel_auroc).toBeNull();
    expect(imagesOnly.image_auroc).not.toBeNull();
  });
});

describe('paired comparison', () => {
  const better = example(3);
  const betterSamples = resample(better.evaluated, better.metrics, { random: draws(), count: 300 });
  const base = { metrics, samples };

  it('finds a clear gain, and none against itself', () => {
    const gain = compareSamples(base, { metrics: better.metrics, samples: betterSamples }).pixel_ap!;
    expect(gain.difference).toBeCloseTo(better.metrics.pixel_ap! - metrics.pixel_ap!, 12);
    expect(gain.interval[0]).toBeGreaterThan(0);
    expect(gain.ahead).toBe(1);
    expect(compareSamples(base, base).pixel_ap).toEqual({ difference: 0, interval: [0, 0], ahead: 0.5 });
  });

  it('says nothing about a figure that one of them lacks', () => {
    const lacking = { metrics: { ...metrics, aupro30: null }, samples: { ...samples, aupro30: null } };
    expect(compareSamples(base, lacking).aupro30).toBeNull();
    expect(compareSamples(base, lacking).pixel_ap).not.toBeNull();
  });

  it('the mean of runs is the mean of each resample', () => {
    const mean = meanSamples([samples, betterSamples])!;
    expect(mean.image_ap![7]).toBeCloseTo((samples.image_ap![7]! + betterSamples.image_ap![7]!) / 2, 6);
    expect(meanSamples([samples, { ...samples, image_ap: null }])!.image_ap).toEqual(samples.image_ap);
    expect(meanSamples([{ ...samples, image_ap: null }])!.image_ap).toBeNull();
    expect(meanSamples([])).toBeNull();
  });
});
