// All figures of one ranking at once, for images that count several times or not at all: what a bootstrap resample
// asks for. Takes groups of tied things (equal scores, or one bin of pixels) from the highest down.
import { rampArea } from './ranking';

/** What ties at one place of a ranking; all numbers are weighted counts. */
export interface Groups {
  /** Per group, highest score first. */
  positives: ArrayLike<number>;
  normals: ArrayLike<number>;
  /** Per group the sum of region shares found there; null where there are no regions. */
  shares: ArrayLike<number> | null;
  /** True when a group is a bin of many distinct scores: precision then changes evenly inside it, not in one step. */
  binned: boolean;
}

export interface WeightedFigures {
  auroc: number;
  averagePrecision: number;
  f1Max: number;
  /** Null without regions. */
  aupro: number | null;
}

/**
 * AUROC, average precision, F1-max and AUPRO by the definitions of scores.ts and pixels.ts; exact when every group
 * holds one distinct score and is not `binned`. Null when one class has no weight.
 */
export function weightedFigures(
  { positives, normals, shares, binned }: Groups,
  limit: number,
): WeightedFigures | null {
  const [allPositives, allNormals] = [sum(positives), sum(normals)];
  if (allPositives === 0 || allNormals === 0) return null;
  const cut = limit * allNormals;
  let [found, alarms, area, precision, f1, pro] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < positives.length; i++) {
    const gained = positives[i]!;
    const before = alarms;
    alarms += normals[i]!;
    if (shares) pro += shares[i]! * rampArea(before, alarms, cut);
    area += (found + gained / 2) * normals[i]!;
    if (gained === 0) continue;
    precision +=
      gained *
      (binned
        ? evenPrecision(found, before, gained, alarms - before)
        : (found + gained) / (found + gained + alarms));
    found += gained;
    f1 = Math.max(f1, (2 * found) / (allPositives + found + alarms));
  }
  return {
    auroc: area / (allPositives * allNormals),
    averagePrecision: precision / allPositives,
    f1Max: f1,
    aupro: shares ? pro / (cut * sum(shares)) : null,
  };
}

/**
 * Mean precision while true and false positives grow evenly by `gained` and `added`: the integral over s in [0, 1] of
 * (found + gained s) / (found + alarms + (gained + added) s).
 */
function evenPrecision(found: number, alarms: number, gained: number, added: number): number {
  const [start, growth] = [found + alarms, gained + added];
  if (start === 0) return gained / growth;
  const curved = (found * growth - gained * start) / growth ** 2;
  return gained / growth + curved * Math.log1p(growth / start);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
