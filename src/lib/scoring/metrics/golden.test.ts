// The metrics against scikit-learn's figures and the definition of the PRO curve (goldens/scores.py).
import { describe, expect, it } from 'vitest';
import { drawValues, type Draw } from '../../../testing/draws';
import { goldenJson } from '../../../testing/golden';
import { aupimo } from './aupimo';
import { imagePixels, type MaskedMap } from './imagePixels';
import { pixelF1Max, pixelFigures } from './pixels';
import { rankPixels } from './rankPixels';
import { saturatedPro } from './saturation';
import { auroc, averagePrecision, f1Max } from './scores';

interface ScoreCase {
  /** A 0 or 1 for each score. */
  labels: string;
  scores: number[];
  auroc: number;
  average_precision: number;
  f1_max: number;
}

/** Maps are noise / divisor + mask / 2. */
interface MapCase {
  name: string;
  noise: Draw;
  divisor: number;
  /** Per image its rows, a 0 or 1 for each pixel. */
  masks: string[][];
  aupro_fpr30: number;
  aupro_fpr05: number;
  pixel_f1_max: number;
  spro_half_fpr05: number;
  spro_7_pixels_fpr30: number;
  /** Of the first and the last image, beside the second as a normal one. */
  aupimo: { bounds: [number, number]; images: [number, number] };
  pixel_auroc: number;
  pixel_average_precision: number;
}

const DIGITS = 9;

const bits = (text: string) => Array.from(text, Number);

/** The case's images; its sums are rounded to float32 once, as in Python. */
function imagesOf(wanted: MapCase) {
  return mapsOf(wanted).map(imagePixels);
}

function mapsOf({ name, noise, divisor, masks }: MapCase): MaskedMap[] {
  const values = drawValues(`metrics/maps ${name}`, noise);
  return masks.map((rows, i) => {
    const size = { width: rows[0]!.length, height: rows.length };
    const mask = Uint8Array.from(bits(rows.join('')));
    const pixels = values.subarray(i * mask.length, (i + 1) * mask.length);
    const map = pixels.map((value, p) => value / divisor + mask[p]! / 2);
    return { map: { ...size, values: map }, mask: { ...size, data: mask } };
  });
}

describe('metrics reference values', () => {
  const cases = goldenJson('metrics') as { scores: ScoreCase[]; maps: MapCase[] };

  it('holds cases of both kinds', () => {
    expect([cases.scores.length, cases.maps.length]).toEqual([3, 2]);
  });

  it.each(cases.scores)('$scores.length image scores', (wanted) => {
    const labels = bits(wanted.labels);
    expect(auroc(wanted.scores, labels)).toBeCloseTo(wanted.auroc, DIGITS);
    expect(averagePrecision(wanted.scores, labels)).toBeCloseTo(wanted.average_precision, DIGITS);
    expect(f1Max(wanted.scores, labels)!.f1).toBeCloseTo(wanted.f1_max, DIGITS);
  });

  it.each(cases.maps)('$masks.length maps with masks, $name', (wanted) => {
    const figures = pixelFigures(imagesOf(wanted));
    expect(figures.auroc).toBeCloseTo(wanted.pixel_auroc, DIGITS);
    expect(figures.averagePrecision).toBeCloseTo(wanted.pixel_average_precision, DIGITS);
    expect(figures.aupro).toBeCloseTo(wanted.aupro_fpr30, DIGITS);
  });

  it.each(cases.maps)('$name maps: F1, AUPRO up to 0.05, saturated PRO', (wanted) => {
    const images = imagesOf(wanted);
    const ranking = rankPixels(images)!;
    expect(pixelFigures(images, 0.05).aupro).toBeCloseTo(wanted.aupro_fpr05, DIGITS);
    expect(pixelF1Max(ranking)).toBeCloseTo(wanted.pixel_f1_max, DIGITS);
    expect(saturatedPro(ranking, { share: 0.5 })).toBeCloseTo(wanted.spro_half_fpr05, DIGITS);
    expect(saturatedPro(ranking, { pixels: 7 }, 0.3)).toBeCloseTo(wanted.spro_7_pixels_fpr30, DIGITS);
    expect(saturatedPro(ranking, { share: 1 }, 0.3)).toBeCloseTo(wanted.aupro_fpr30, DIGITS);
  });

  it.each(cases.maps)('$name maps: AUPIMO', (wanted) => {
    const maps = mapsOf(wanted);
    const [first, last] = [maps[0]!, maps[2]!].map(imagePixels);
    const normal = imagePixels({ map: maps[1]!.map, mask: null });
    const found = aupimo([normal], [first!, normal, last!], wanted.aupimo.bounds)!;
    expect(found.images[0]).toBeCloseTo(wanted.aupimo.images[0], DIGITS);
    expect(found.images[1]).toBeNull();
    expect(found.images[2]).toBeCloseTo(wanted.aupimo.images[1], DIGITS);
    expect(found.mean).toBeCloseTo((wanted.aupimo.images[0] + wanted.aupimo.images[1]) / 2, DIGITS);
    // A thousand normal pixels do not show a rate of one in a hundred thousand.
    expect(aupimo([normal], [first!])).toBeNull();
  });
});
