// The metrics against scikit-learn's and MVTec's figures.
import { expect, it } from 'vitest';
import { describeWithShared, sharedBytes } from '../../../testing/golden';
import { imagePixels } from './imagePixels';
import { pixelFigures } from './pixels';
import { auroc, averagePrecision, f1Max } from './scores';

interface ScoreCase {
  labels: number[];
  scores: number[];
  auroc: number;
  average_precision: number;
  f1_max: number;
}

interface MapCase {
  maps: number[][][];
  masks: number[][][];
  aupro_fpr30: number;
  pixel_auroc: number;
  pixel_average_precision: number;
}

const DIGITS = 9;

describeWithShared('metrics reference values', () => {
  const cases = JSON.parse(new TextDecoder().decode(sharedBytes('golden/metrics.json'))) as (
    ScoreCase | MapCase
  )[];
  const scoreCases = cases.filter((each) => 'scores' in each);
  const mapCases = cases.filter((each) => 'maps' in each);

  it('holds cases of both kinds', () => {
    expect([scoreCases.length, mapCases.length]).toEqual([3, 1]);
  });

  it.each(scoreCases)('$labels.length image scores', (wanted) => {
    expect(auroc(wanted.scores, wanted.labels)).toBeCloseTo(wanted.auroc, DIGITS);
    expect(averagePrecision(wanted.scores, wanted.labels)).toBeCloseTo(wanted.average_precision, DIGITS);
    expect(f1Max(wanted.scores, wanted.labels)!.f1).toBeCloseTo(wanted.f1_max, DIGITS);
  });

  it.each(mapCases)('$maps.length maps with masks', (wanted) => {
    const images = wanted.maps.map((rows, i) => {
      const size = { width: rows[0]!.length, height: rows.length };
      return imagePixels({
        map: { ...size, values: Float32Array.from(rows.flat()) },
        mask: { ...size, data: Uint8Array.from(wanted.masks[i]!.flat()) },
      });
    });
    const figures = pixelFigures(images);
    expect(figures.auroc).toBeCloseTo(wanted.pixel_auroc, DIGITS);
    expect(figures.averagePrecision).toBeCloseTo(wanted.pixel_average_precision, DIGITS);
    expect(figures.aupro).toBeCloseTo(wanted.aupro_fpr30, DIGITS);
  });
});
