// Which curves there are, with the words on their axes, and the colours of lines: for charts on the page, SVG files and
// reports alike.
import type { Curve } from '../lib/scoring/metrics/curves';
import type { Curves } from '../lib/scoring/metrics/detail';

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

/** Eight hues of equal weight on light and dark grounds (Okabe and Ito, black and yellow replaced). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#b8860b', '#8b6bd1', '#808890'];

/** A row's colour: its place in the table, the same in every chart. */
export const colourOf = (index: number): string => COLOURS[index % COLOURS.length]!;

/** One of the curves; null where it was not computed or the figure is undefined. */
export function curveOf(curves: Curves | null | undefined, kind: CurveKind): Curve | null {
  const { image = null, pixel = null } = curves ?? {};
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
