// ROC, precision-recall and PRO curves as points to be joined by straight lines: exact with ties, then thinned so
// that no corner moves by more than a stated distance. Drawing is the interface's business.
import { proWeights, type PixelRanking } from './rankPixels';
import { cuts, type Ranking } from './ranking';

/** Points from the strictest threshold to the loosest, each list of the same length; x and y in [0, 1]. */
export interface Curve {
  x: number[];
  y: number[];
  /** The score from which on things are called anomalous at this point (just above it at a step's first corner). */
  threshold: number[];
}

/** A thousandth of either axis: below a pixel on any chart on screen. */
export const CURVE_TOLERANCE = 1e-3;

/** Share of positives found against share of normals falsely found. */
export function rocCurve(ranking: Ranking): Curve {
  const weight = 1 / ranking.positives.length;
  return riseOver(ranking, () => weight);
}

/** Mean share of each region found against share of normal pixels falsely found (MVTec AD's PRO curve). */
export function proCurve(ranking: PixelRanking): Curve {
  const weights = proWeights(ranking);
  return riseOver(ranking, (i) => weights[i]!);
}

/** Precision against recall, in steps as average precision sums them: each precision holds back to the recall before. */
export function prCurve(ranking: Ranking): Curve {
  const curve: Curve = { x: [], y: [], threshold: [] };
  let recall = 0;
  for (const { threshold, truePositives, falsePositives } of cuts(ranking)) {
    const precision = truePositives / (truePositives + falsePositives);
    addPoint(curve, recall, precision, threshold);
    recall = truePositives / ranking.positives.length;
    addPoint(curve, recall, precision, threshold);
  }
  return curve;
}

/** Between two thresholds the curve is level up to the normals above, then a straight line through the tied ones. */
function riseOver(ranking: Ranking, weightOf: (positive: number) => number): Curve {
  const { positives, above, normals } = ranking;
  const curve: Curve = { x: [0], y: [0], threshold: [Infinity] };
  let height = 0;
  for (const { threshold, truePositives, falsePositives, gained } of cuts(ranking)) {
    const start = positives.length - truePositives;
    addPoint(curve, above[start]! / normals, height, threshold);
    for (let i = start; i < start + gained; i++) height += weightOf(i);
    addPoint(curve, falsePositives / normals, Math.min(height, 1), threshold);
  }
  addPoint(curve, 1, 1, -Infinity);
  return curve;
}

/** Adds a point unless it lies on the last one. */
function addPoint({ x, y, threshold }: Curve, nextX: number, nextY: number, nextThreshold: number): void {
  if (x.length > 0 && x.at(-1) === nextX && y.at(-1) === nextY) return;
  x.push(nextX);
  y.push(nextY);
  threshold.push(nextThreshold);
}

/**
 * Leaves out points whose absence moves the line by at most `tolerance` (Ramer, Douglas and Peucker); both ends
 * and every corner that matters stay.
 */
export function thin(curve: Curve, tolerance = CURVE_TOLERANCE): Curve {
  const kept = new Uint8Array(curve.x.length);
  kept[0] = kept[kept.length - 1] = 1;
  const waiting: [number, number][] = [[0, curve.x.length - 1]];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const { index, distance } = farthest(curve, ...part);
    if (distance <= tolerance) continue;
    kept[index] = 1;
    waiting.push([part[0], index], [index, part[1]]);
  }
  const keep = (values: number[]) => values.filter((_, i) => kept[i] === 1);
  return { x: keep(curve.x), y: keep(curve.y), threshold: keep(curve.threshold) };
}

/** The point between two others that lies farthest from the line segment that joins them. */
function farthest({ x, y }: Curve, from: number, to: number): { index: number; distance: number } {
  const [x0, y0] = [x[from]!, y[from]!];
  const [dx, dy] = [x[to]! - x0, y[to]! - y0];
  const lengthSquared = dx * dx + dy * dy || 1;
  let worst = { index: from, squared: -1 };
  for (let i = from + 1; i < to; i++) {
    const [px, py] = [x[i]! - x0, y[i]! - y0];
    const along = Math.min(Math.max((px * dx + py * dy) / lengthSquared, 0), 1);
    const squared = (px - along * dx) ** 2 + (py - along * dy) ** 2;
    if (squared > worst.squared) worst = { index: i, squared };
  }
  return { index: worst.index, distance: Math.sqrt(Math.max(worst.squared, 0)) };
}
