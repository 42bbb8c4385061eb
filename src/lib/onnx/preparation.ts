// What happens to an image before the backbone, as part of an ONNX graph: images/resize.ts to the bit, and
// backbones/pixels.ts. ONNX's own antialiased Resize leaves the rounding to the runtime (one level in up to a hundredth
// of the pixels). So the weights of the triangle filter are made in the graph, in double precision and then as whole
// numbers, and applied by MatMulInteger, which is exact.
import type { Graph } from '../formats/onnx/graph';
import { int, type Value } from '../formats/onnx/messages';
import { binary, cast, reduce, reshape, transpose, unary } from '../formats/onnx/ops';
import type { Normalisation } from '../backbones/hubTable';
import { PRECISION_BITS } from '../images/resize';

/** uint8 RGB [N, H, W, 3] of any size -> [N, 3, S, S], normalised. */
export function preparationGraph(g: Graph, image: Value, size: number, { mean, std }: Normalisation): Value {
  const planes = transpose(g, image, [0, 3, 1, 2]);
  // Columns first, then rows, each rounded to bytes.
  const narrow = resampled(g.scope('columns'), planes, image, 2, size);
  const turned = resampled(g.scope('rows'), transpose(g, narrow, [0, 1, 3, 2]), image, 1, size);
  const levels = cast(g, transpose(g, turned, [0, 1, 3, 2]), 'float32');
  const perChannel = (name: string, values: readonly number[]) =>
    g.floats(name, [1, 3, 1, 1], () => Float32Array.from(values));
  const scales = std.map((value) => 1 / (255 * value));
  const offsets = mean.map((value, c) => value / std[c]!);
  return binary(g, 'Sub', binary(g, 'Mul', levels, perChannel('scale', scales)), perChannel('offset', offsets)); // prettier-ignore
}

/** Bytes along the last axis, which is the image's `axis`, to `size` of them. */
function resampled(g: Graph, bytes: Value, image: Value, axis: 1 | 2, size: number): Value {
  const parts = inBytes(g, weightsGraph(g, image, axis, size));
  const shape = [...bytes.shape.slice(0, -1), size];
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
 * where its pixels without weight have weight 0. @returns int32 [length of the axis, size]
 */
function weightsGraph(g: Graph, image: Value, axis: 1 | 2, size: number): Value {
  const number = (name: string, value: number) => g.exact(name, Float64Array.of(value));
  const [zero, one, half] = [number('zero', 0), number('one', 1), number('half', 0.5)];
  const named = image.shape[axis]!;
  const shape = g.node('Shape', [image], { start: int(axis), end: int(axis + 1) }, { type: 'int64', shape: [1] }); // prettier-ignore
  const length = cast(g, reshape(g, shape, []), 'float64');
  const scale = binary(g, 'Div', length, number('size', size));
  const support = g.node('Max', [scale, one]);
  const places = g.exact('places', Float64Array.from({ length: size }, (_, i) => i + 0.5), [1, size]); // prettier-ignore
  const centres = binary(g, 'Mul', places, scale);
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
