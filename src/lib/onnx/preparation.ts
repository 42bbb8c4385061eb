// What happens to an image before the backbone, as part of an ONNX graph: images/resize.ts to the bit, and
// backbones/pixels.ts. ONNX's own antialiased Resize leaves the rounding to the runtime (one level in up to a hundredth
// of the pixels). So the weights of the triangle filter are made in the graph, in double precision and then as whole
// numbers, and applied by MatMulInteger, which is exact.
import type { Graph } from '../formats/onnx/graph';
import { int, type Dimension, type Value } from '../formats/onnx/messages';
import { binary, cast, reduce, reshape, transpose, unary } from '../formats/onnx/ops';
import type { Normalisation } from '../backbones/hubTable';
import type { Size } from '../framing';
import { PADDING } from '../images/cut';
import { PRECISION_BITS } from '../images/resize';
import { lengthGraph, tilesGraph, type AxisGraph, type CutGraph } from './framing';

type Along = Pick<AxisGraph, 'length' | 'filled'>;

/**
 * uint8 RGB [N, H, W, 3] of any size -> [N, 3, height, width], normalised; of images that are cut, all their tiles.
 * @param cut null: squashed
 */
export function preparationGraph(
  g: Graph,
  image: Value,
  { width, height }: Size,
  { mean, std }: Normalisation,
  cut: CutGraph | null = null,
): Value {
  const planes = transpose(g, image, [0, 3, 1, 2]);
  const parts = cut ? tilesGraph(g.scope('tiles'), planes, cut) : planes;
  const [columns, rows] = [g.scope('columns'), g.scope('rows')];
  // Columns first, then rows, each rounded to bytes.
  const across = cut?.columns ?? { length: lengthGraph(columns, image, 2), filled: null };
  const narrow = resampled(columns, parts, across, width);
  const down = cut?.rows ?? { length: lengthGraph(rows, image, 1), filled: null };
  const turned = resampled(rows, transpose(g, narrow, [0, 1, 3, 2]), down, height);
  const seen = cast(g, transpose(g, turned, [0, 1, 3, 2]), 'float32');
  const levels = cut?.columns.filled ? padded(g.scope('padding'), seen, { width, height }) : seen;
  const perChannel = (name: string, values: readonly number[]) =>
    g.floats(name, [1, 3, 1, 1], () => Float32Array.from(values));
  const scales = std.map((value) => 1 / (255 * value));
  const offsets = mean.map((value, c) => value / std[c]!);
  return binary(g, 'Sub', binary(g, 'Mul', levels, perChannel('scale', scales)), perChannel('offset', offsets)); // prettier-ignore
}

/** Whole levels [N, 3, h, w] with the colour of the padding right of them and below: exact in float32. */
function padded(g: Graph, levels: Value, { width, height }: Size): Value {
  const colour = g.floats('colour', [1, 3, 1, 1], () => Float32Array.from(PADDING));
  const found = g.node('Shape', [levels], {}, { type: 'int64', shape: [4] });
  const missing = binary(g, 'Sub', g.integers('input', [0, 3, height, width]), found);
  const own = g.node('Mul', [missing, g.integers('sides', [0, 0, 1, 1])], {}, { shape: [4] });
  const pads = g.node('Concat', [g.integers('before', [0, 0, 0, 0]), own], { axis: int(0) }, { shape: [8] });
  const shape = [levels.shape[0]!, 3, height, width];
  const zero = g.scalar('nothing', 0);
  return binary(g, 'Add', g.node('Pad', [binary(g, 'Sub', levels, colour), pads, zero], {}, { shape }), colour); // prettier-ignore
}

/** Bytes along the last axis, of this length, to `size` of them, or to as many as are filled. */
function resampled(g: Graph, bytes: Value, { length, filled }: Along, size: number): Value {
  const name = bytes.shape.at(-1)!;
  const weights = weightsGraph(g, length, name, filled ?? size);
  const parts = inBytes(g, weights);
  const shape = [...bytes.shape.slice(0, -1), weights.shape[1]!];
  const [low, middle, high] = parts.map((part) =>
    g.node('MatMulInteger', [bytes, part], {}, { type: 'int32', shape }),
  ) as [Value, Value, Value];
  // (2^16 high + 2^8 middle + low + 2^21) >> 22, byte by byte so that 32 bits suffice.
  const carried = binary(g, 'Add', middle, quotient(g, low, 'byte', 2 ** 8));
  const half = g.exact('half', Int32Array.of(2 ** (PRECISION_BITS - 1 - 8)));
  const upper = binary(g, 'Add', high, quotient(g, binary(g, 'Add', carried, half), 'byte', 2 ** 8));
  const rounded = quotient(g, upper, 'rest', 2 ** (PRECISION_BITS - 16));
  return cast(g, g.node('Min', [rounded, g.exact('white', Int32Array.of(255))]), 'uint8');
}

/** Whole quotient; neither number is negative. */
const quotient = (g: Graph, x: Value, name: string, by: number): Value =>
  binary(g, 'Div', x, g.exact(name, Int32Array.of(by)));

/** Whole numbers below 2^24 as three bytes, the lowest first. */
function inBytes(g: Graph, weights: Value): Value[] {
  const above = quotient(g, weights, 'byte', 2 ** 8);
  const highest = quotient(g, above, 'byte', 2 ** 8);
  const below = (whole: Value, next: Value) =>
    binary(g, 'Sub', whole, binary(g, 'Mul', next, g.exact('byte', Int32Array.of(2 ** 8))));
  return [below(weights, above), below(above, highest), highest].map((part) => cast(g, part, 'uint8'));
}

/**
 * Weights of each pixel along an axis for each of `size` new ones, times 2^22: triangleWeights() of images/resize.ts,
 * where its pixels without weight have weight 0. @param named the length's name @returns int32 [length of the axis, size]
 */
function weightsGraph(g: Graph, length: Value, named: Dimension, size: number | Value): Value {
  const number = (name: string, value: number) => g.exact(name, Float64Array.of(value));
  const [zero, one, half] = [number('zero', 0), number('one', 1), number('half', 0.5)];
  const scale = binary(g, 'Div', length, typeof size === 'number' ? number('size', size) : size);
  const support = g.node('Max', [scale, one]);
  const centres = binary(g, 'Mul', placesOf(g, named, size, half), scale);
  const range = g.node('Range', [zero, length, one], {}, { shape: [named] });
  const pixels = reshape(g, range, [named, 1]);
  const away = binary(g, 'Add', binary(g, 'Sub', pixels, centres), half);
  const share = unary(g, 'Abs', binary(g, 'Mul', away, binary(g, 'Div', one, support)));
  const triangle = g.node('Max', [binary(g, 'Sub', one, share), zero]);
  const sums = reduce(g, 'ReduceSum', triangle, [0], true);
  const fixed = binary(g, 'Mul', binary(g, 'Div', triangle, sums), number('precision', 2 ** PRECISION_BITS));
  // Towards zero, as arrays of whole numbers take numbers.
  return cast(g, binary(g, 'Add', fixed, half), 'int32');
}

/** Centres of the new pixels, [1, size]. */
function placesOf(g: Graph, named: Dimension, size: number | Value, half: Value): Value {
  if (typeof size === 'number') {
    return g.exact('places', Float64Array.from({ length: size }, (_, i) => i + 0.5), [1, size]); // prettier-ignore
  }
  const shape = [`filled of ${named}`];
  const [from, by] = [g.exact('first', Float64Array.of(0)), g.exact('by', Float64Array.of(1))];
  const range = g.node('Range', [from, size, by], {}, { shape });
  return reshape(g, binary(g, 'Add', range, half), [1, ...shape]);
}
