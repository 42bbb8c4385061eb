// The curves that a comparison can draw, as lines with names and colours. Pure; drawing is CurveChart.tsx, files are
// src/report/svg.ts.
import type { Curve } from '../../lib/scoring/metrics/curves';
import { colourOf, CURVE_KINDS, curveOf, type CurveKind, type KindWords } from '../../report/curveKinds';
import { labelsOf } from './tables';
import type { ComparedRun } from './compareSlice';
import { rowName } from '../controls/methods';

export { CURVE_KINDS, type CurveKind, type KindWords };

export interface CurveLine {
  name: string;
  colour: string;
  curve: Curve;
}

/** One line a row: of its run with this seed, else of its first. */
export function curvesFor(runs: readonly ComparedRun[], kind: CurveKind, seed: number | null): CurveLine[] {
  return labelsOf(runs).flatMap((label, index) => {
    const own = runs.filter((run) => run.label === label && run.table);
    const run = own.find((one) => one.seed === seed) ?? own[0];
    const curve = run && curveOf(run.table?.curves, kind);
    return curve ? [{ name: rowName(label), colour: colourOf(index), curve }] : [];
  });
}

/** The lines on one list of x values, as the chart wants them: each curve has gaps where it has no point. */
export function onOneAxis(lines: readonly CurveLine[]): (number | null)[][] {
  // Vertical steps have two points at one x: they are kept apart by an amount that no chart shows.
  const spread = lines.map(({ curve }) => apart(curve));
  const xs = [...new Set(spread.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const at = new Map(xs.map((x, i) => [x, i]));
  const columns = spread.map(({ x, y }) => {
    const column = new Array<number | null>(xs.length).fill(null);
    x.forEach((value, i) => (column[at.get(value)!] = y[i]!));
    return column;
  });
  return [xs, ...columns];
}

const HAIR = 1e-9;

function apart({ x, y }: Curve): { x: number[]; y: number[] } {
  let last = -Infinity;
  const moved = x.map((value) => (last = value > last ? value : last + HAIR));
  return { x: moved, y };
}
