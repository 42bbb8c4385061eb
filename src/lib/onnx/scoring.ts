// What follows the method's map, as part of an ONNX graph: answer.ts's enlarging, smoothing and image score, raw.
import type { Graph } from '../formats/onnx/graph';
import { int, type Value } from '../formats/onnx/messages';
import { length, matMul, reduce, reshape } from '../formats/onnx/ops';
import { denseBand } from '../kernels/maps/operators1d';
import { scoringBand, STEPS_OF, type ScoringStep, type Smoothing } from '../kernels/maps/scoringBands';
import type { ImageScoreKind } from '../scoring/answer';

export interface ScoringGraphOptions {
  /** S */
  size: number;
  smooth: Smoothing;
  imageScore: ImageScoreKind;
  /** For `top` and `quantile`: percent of the pixels. */
  imageShare: number;
}

/**
 * @param map [N, h, w] @param own the method's own image scores [N], where it has some
 * @returns the scored map [N, S, S] and the scores [N]
 */
export function scoringGraph(
  g: Graph,
  map: Value,
  own: Value | null,
  { size, smooth, imageScore, imageShare }: ScoringGraphOptions,
): { pixels: Value; score: Value } {
  const steps = STEPS_OF[smooth];
  const pixels = enlarged(g, map, size, steps.pixels);
  if (imageScore === 'top' || imageScore === 'quantile') {
    const highest = highestPixels(g, pixels, Math.max(1, Math.round((imageShare / 100) * size * size)));
    return { pixels, score: reduce(g, imageScore === 'top' ? 'ReduceMean' : 'ReduceMin', highest, [1]) };
  }
  if (own) return { pixels, score: own };
  const read = imageScore === 'raw' ? map : steps.image === steps.pixels ? pixels : enlarged(g, map, size, steps.image); // prettier-ignore
  return { pixels, score: reduce(g, 'ReduceMax', read, [1, 2]) };
}

/** rows * map * columns^T */
function enlarged(g: Graph, map: Value, size: number, step: ScoringStep): Value {
  const [height, width] = [length(map, 1), length(map, 2)];
  const [down, across] = [scoringBand(height, size, step), scoringBand(width, size, step)];
  const rows = g.floats(`${step}/rows`, [down.outputs, height], () => denseBand(down));
  const columns = g.floats(`${step}/columns`, [width, across.outputs], () => denseBand(across, true));
  return matMul(g, matMul(g, rows, map), columns);
}

function highestPixels(g: Graph, pixels: Value, count: number): Value {
  const flat = reshape(g, pixels, [pixels.shape[0]!, length(pixels, 1) * length(pixels, 2)]);
  const shape = [flat.shape[0]!, count];
  const attributes = { axis: int(1), largest: int(1), sorted: int(0) };
  return g.nodes('TopK', [flat, g.integers('count', [count])], attributes, [{ shape }, { type: 'int64', shape }])[0]!; // prettier-ignore
}
