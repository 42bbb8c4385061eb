// What follows the method's map, as part of an ONNX graph: answer.ts's enlarging, smoothing and image score, raw.
import type { Graph } from '../formats/onnx/graph';
import { int, type Value } from '../formats/onnx/messages';
import { binary, length, matMul, reduce, reshape, transpose, unary } from '../formats/onnx/ops';
import type { Size } from '../framing';
import { denseBand } from '../kernels/maps/operators1d';
import { scoringBand, STEPS_OF, type ScoringStep, type Smoothing } from '../kernels/maps/scoringBands';
import type { ImageScoreKind } from '../scoring/answer';
import { dimension, largestOfParts, layoutMatrix, mosaicGraph, type CutGraph } from './framing';

export interface ScoringGraphOptions {
  smooth: Smoothing;
  imageScore: ImageScoreKind;
  /** For `top` and `quantile`: percent of the pixels. */
  imageShare: number;
}

/**
 * @param map [N, h, w], of images that are cut [P, h, w] @param own the method's own scores of these, where it has some
 * @param layout the size of the scored map, or how the maps lie on it
 * @returns the scored map [N, height, width] and the scores [N]
 */
export function scoringGraph(
  g: Graph,
  map: Value,
  own: Value | null,
  layout: Size | CutGraph,
  { smooth, imageScore, imageShare }: ScoringGraphOptions,
): { pixels: Value; score: Value } {
  const steps = STEPS_OF[smooth];
  const cut = 'columns' in layout ? layout : null;
  const joined = cut ? mosaicGraph(g.scope('mosaic'), map, cut) : map;
  const cells: Size = { height: length(map, 1), width: length(map, 2) };
  const enlargedBy = (step: ScoringStep) => {
    const { rows, columns } = cut ? onLayout(g, cut, cells, step) : onSquare(g, layout as Size, cells, step);
    return matMul(g, matMul(g, rows, joined), columns);
  };
  const pixels = enlargedBy(steps.pixels);
  if (imageScore === 'top' || imageScore === 'quantile') {
    const highest = highestPixels(g, pixels, layout, imageShare);
    return { pixels, score: reduce(g, imageScore === 'top' ? 'ReduceMean' : 'ReduceMin', highest, [1]) };
  }
  if (own) return { pixels, score: cut ? largestOfParts(g, own, cut)! : own };
  const read = imageScore === 'raw' ? joined : steps.image === steps.pixels ? pixels : enlargedBy(steps.image); // prettier-ignore
  return { pixels, score: reduce(g, 'ReduceMax', read, [1, 2]) };
}

/** All of it is rows * map * columns. */
interface Operators {
  rows: Value;
  columns: Value;
}

function onSquare(g: Graph, { width, height }: Size, cells: Size, step: ScoringStep): Operators {
  const [down, across] = [scoringBand(cells.height, height, step), scoringBand(cells.width, width, step)];
  return {
    rows: g.floats(`${step}/rows`, [down.outputs, cells.height], () => denseBand(down)),
    columns: g.floats(`${step}/columns`, [cells.width, across.outputs], () => denseBand(across, true)),
  };
}

function onLayout(g: Graph, { rows, columns }: CutGraph, cells: Size, step: ScoringStep): Operators {
  const across = layoutMatrix(g.scope(`${step}/columns`), columns.map, cells.width, step);
  return {
    rows: layoutMatrix(g.scope(`${step}/rows`), rows.map, cells.height, step),
    columns: transpose(g, across, [1, 0]),
  };
}

function highestPixels(g: Graph, pixels: Value, layout: Size | CutGraph, share: number): Value {
  const attributes = { axis: int(1), largest: int(1), sorted: int(0) };
  const highestOf = (flat: Value, count: Value, shape: Value['shape']) =>
    g.nodes('TopK', [flat, count], attributes, [{ shape }, { type: 'int64', shape }])[0]!;
  const images = pixels.shape[0]!;
  if ('columns' in layout) {
    const { rows, columns } = layout;
    const flat = g.node('Flatten', [pixels], { axis: int(1) }, { shape: [images, 'pixels'] });
    const all = binary(g, 'Mul', rows.map.size, columns.map.size);
    const wanted = binary(g, 'Mul', g.exact('share', Float64Array.of(share / 100)), all);
    const rounded = unary(g, 'Floor', binary(g, 'Add', wanted, g.exact('half', Float64Array.of(0.5))));
    const count = g.node('Max', [rounded, g.exact('one', Float64Array.of(1))]);
    return highestOf(flat, dimension(g, count), [images, 'highest']);
  }
  const size = length(pixels, 1) * length(pixels, 2);
  const count = Math.max(1, Math.round((share / 100) * size));
  return highestOf(reshape(g, pixels, [images, size]), g.integers('count', [count]), [images, count]);
}
