// The curves that a comparison can draw, as lines with names and colours. Pure; drawing is CurveChart.tsx, files are
// src/report/svg.ts.
import type { Curve } from '../../lib/scoring/metrics/curves';
import { labelsOf } from './tables';
import type { ComparedRun } from './compareSlice';
import { rowName } from '../controls/methods';

export type CurveKind = 'imageRoc' | 'imagePr' | 'pixelRoc' | 'pixelPr' | 'pixelPro';

export interface KindWords {
  value: CurveKind;
  label: string;
  x: string;
  y: string;
}

const FALSE_IMAGES = 'share of normal images called anomalous';
const FALSE_PIXELS = 'share of normal pixels called anomalous';
const RECALL = 'share of defects found (recall)';

export const CURVE_KINDS: readonly KindWords[] = [
  { value: 'imageRoc', label: 'ROC, images', x: FALSE_IMAGES, y: RECALL },
  { value: 'imagePr', label: 'PR, images', x: RECALL, y: 'precision' },
  { value: 'pixelRoc', label: 'ROC, pixels', x: FALSE_PIXELS, y: 'share of defect pixels found' },
  { value: 'pixelPr', label: 'PR, pixels', x: 'share of defect pixels found', y: 'precision' },
  { value: 'pixelPro', label: 'PRO', x: FALSE_PIXELS, y: 'mean share of a region found' },
];

export interface CurveLine {
  name: string;
  colour: string;
  curve: Curve;
}

/** Eight hues of equal weight on light and dark grounds (Okabe and Ito, black and yellow replaced). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#b8860b', '#8b6bd1', '#808890'];

/** A row's colour: its place in the table, the same in every chart. */
const colourOf = (index: number) => COLOURS[index % COLOURS.length]!;

/** One line a row: of its run with this seed, else of its first. */
export function curvesFor(runs: readonly ComparedRun[], kind: CurveKind, seed: number | null): CurveLine[] {
  return labelsOf(runs).flatMap((label, index) => {
    const own = runs.filter((run) => run.label === label && run.table);
    const run = own.find((one) => one.seed === seed) ?? own[0];
    const curve = run && curveOf(run, kind);
    return curve ? [{ name: rowName(label), colour: colourOf(index), curve }] : [];
  });
}

function curveOf({ table }: ComparedRun, kind: CurveKind): Curve | null {
  const { image = null, pixel = null } = table?.curves ?? {};
  switch (kind) {
    case 'imageRoc':
      return image && image.roc;
    case 'imagePr':
      return image && image.pr;
    case 'pixelRoc':
      return pixel && pixel.roc;
    case 'pixelPr':
      return pixel && pixel.pr;
    case 'pixelPro':
      return pixel && pixel.pro;
  }
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
