// The metrics against scikit-learn's figures and the definition of the PRO curve (goldens/scores.py).
import { describe, expect, it } from 'vitest';
import { drawValues, type Draw } from '../../../testing/draws';
import { goldenJson } from '../../../testing/golden';
import { imagePixels } from './imagePixels';
import { pixelFigures } from './pixels';
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
  pixel_auroc: number;
  pixel_average_precision: number;
}

const DIGITS = 9;

const bits = (text: string) => Array.from(text, Number);

/** The case's images; its sums are rounded to float32 once, as in Python. */
function imagesOf({ name, noise, divisor, masks }: MapCase) {
  const values = drawValues(`metrics/maps ${name}`, noise);
  return masks.map((rows, i) => {
    const size = { width: rows[0]!.length, height: rows.length };
    const mask = Uint8Array.from(bits(rows.join('')));
    const pixels = values.subarray(i * mask.length, (i + 1) * mask.length);
    const map = pixels.map((value, p) => value / divisor + mask[p]! / 2);
    return imagePixels({ map: { ...size, values: map }, mask: { ...size, data: mask } });
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
});
