// The operators that detectors are made of, with the shapes of their results. Maps are [N, C, H, W] as ONNX has them.
// Every length but N is known while the graph is built.
import { sizeOf, type Graph } from './graph';
import { ELEMENT_TYPES, int, type Dimension, type ElementType, type Value } from './messages';

/** Pixels added before and after: top, left, bottom, right. */
export type Pads = readonly [number, number, number, number];

const NO_PADS: Pads = [0, 0, 0, 0];

/** Length of an axis that is known. @throws RangeError where it is not */
export function length(value: Value, axis: number): number {
  const size = value.shape.at(axis);
  if (typeof size === 'number') return size;
  throw new RangeError(`${value.name}: the length of axis ${axis} is not known`);
}

export interface Filter {
  name: string;
  /** [output, input / groups, kernel, kernel] */
  shape: readonly [number, number, number, number];
  values: () => Float32Array;
  bias?: (() => Float32Array) | undefined;
}

export interface ConvolutionOptions {
  stride?: number;
  pads?: Pads;
  groups?: number;
}

export function convolution(
  g: Graph,
  x: Value,
  { name, shape, values, bias }: Filter,
  { stride = 1, pads = NO_PADS, groups = 1 }: ConvolutionOptions = {},
): Value {
  const [outputs, , kernel] = shape;
  const inputs = [x, g.weights(`${name}.weight`, shape, values)];
  if (bias) inputs.push(g.weights(`${name}.bias`, [outputs], bias));
  const attributes = {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [...pads],
    group: int(groups),
  };
  const [height, width] = windows(x, kernel, stride, pads);
  return g.node('Conv', inputs, attributes, { shape: [x.shape[0]!, outputs, height, width] });
}

/** A map through a linear layer at every place. @param values [inputs, outputs] as our layers store them */
export function pointwise(
  g: Graph,
  x: Value,
  name: string,
  [inputs, outputs]: readonly [number, number],
  values: () => Float32Array,
  bias?: () => Float32Array,
): Value {
  const shape = [outputs, inputs, 1, 1] as const;
  return convolution(g, x, { name, shape, values: () => transposed(values(), inputs, outputs), bias });
}

export function maxPool(g: Graph, x: Value, kernel: number, stride: number, pads: Pads = NO_PADS): Value {
  return pool(g, 'MaxPool', x, kernel, stride, pads, {});
}

/** @param countPads whether places beyond the border count as zeros, or not at all */
export function averagePool(
  g: Graph,
  x: Value,
  kernel: number,
  stride: number,
  pads: Pads,
  countPads: boolean,
): Value {
  return pool(g, 'AveragePool', x, kernel, stride, pads, { count_include_pad: int(Number(countPads)) });
}

function pool(
  g: Graph,
  op: string,
  x: Value,
  kernel: number,
  stride: number,
  pads: Pads,
  more: Record<string, ReturnType<typeof int>>,
): Value {
  const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [...pads], ...more };
  const [height, width] = windows(x, kernel, stride, pads);
  return g.node(op, [x], attributes, { shape: [x.shape[0]!, x.shape[1]!, height, width] });
}

function windows(x: Value, kernel: number, stride: number, [top, left, bottom, right]: Pads) {
  const along = (size: number) => Math.floor((size - kernel) / stride) + 1;
  return [along(length(x, 2) + top + bottom), along(length(x, 3) + left + right)] as const;
}

/** Element by element, the shorter shape repeated. */
export function binary(g: Graph, op: 'Add' | 'Sub' | 'Mul' | 'Div', a: Value, b: Value): Value {
  return g.node(op, [a, b], {}, { shape: broadcast(a.shape, b.shape) });
}

function broadcast(a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly Dimension[], axis: number) => shape[axis - (rank - shape.length)] ?? 1;
  return Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)));
}

/** The same with a number. */
export const withNumber = (
  g: Graph,
  op: 'Add' | 'Sub' | 'Mul' | 'Div',
  x: Value,
  name: string,
  value: number,
): Value => binary(g, op, x, g.scalar(name, value));

/** The same numbers as another type. */
export const cast = (g: Graph, x: Value, type: ElementType): Value =>
  g.node('Cast', [x], { to: int(ELEMENT_TYPES[type]) }, { type });

export const unary = (g: Graph, op: string, x: Value): Value => g.node(op, [x]);

/** Averages over height and width: [N, C, 1, 1]. */
export const channelMeans = (g: Graph, x: Value): Value =>
  g.node('GlobalAveragePool', [x], {}, { shape: [x.shape[0]!, x.shape[1]!, 1, 1] });

/** As kernels apply them while they write their result. */
export type Activation = 'linear' | 'relu' | 'relu6' | 'silu' | 'hard-swish' | 'gelu';

export function activated(g: Graph, x: Value, activation: Activation = 'linear'): Value {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return unary(g, 'Relu', x);
    case 'relu6':
      return g.node('Clip', [x, g.scalar('zero', 0), g.scalar('six', 6)]);
    case 'silu':
      return binary(g, 'Mul', x, unary(g, 'Sigmoid', x));
    case 'hard-swish':
      return unary(g, 'HardSwish', x);
    case 'gelu': {
      const erf = unary(g, 'Erf', binary(g, 'Mul', x, g.scalar('half root', Math.SQRT1_2)));
      const share = binary(g, 'Add', erf, g.scalar('one', 1));
      return binary(g, 'Mul', binary(g, 'Mul', x, g.scalar('half', 0.5)), share);
    }
  }
}

/** At most one length may be one that is not known. */
export function reshape(g: Graph, x: Value, shape: readonly Dimension[]): Value {
  const target = shape.map((size) => (typeof size === 'number' ? size : -1));
  return g.node('Reshape', [x, g.integers('shape', target)], {}, { shape });
}

/**
 * To a shape of which several lengths are known only when the graph runs.
 * @param target lengths, or int64 [1] that give them; -1 at most once: what is left, 0: as it is
 * @param shape what is known of the result
 */
export function reshapeTo(
  g: Graph,
  x: Value,
  target: readonly (number | Value)[],
  shape: readonly Dimension[],
): Value {
  const parts = target.map((size) => (typeof size === 'number' ? g.integers('length', [size]) : size));
  const whole = g.node('Concat', parts, { axis: int(0) }, { type: 'int64', shape: [parts.length] });
  return g.node('Reshape', [x, whole], {}, { shape });
}

/** Lines [N, 1, L] through one filter [1, 1, kernel], zeros beyond their ends. @param name of the result's length */
export function convolution1d(g: Graph, x: Value, filter: Value, padding: number, name: Dimension): Value {
  return g.node('Conv', [x, filter], { pads: [padding, padding], strides: [1] }, { shape: [x.shape[0]!, 1, name] }); // prettier-ignore
}

export function transpose(g: Graph, x: Value, order: readonly number[]): Value {
  return g.node('Transpose', [x], { perm: order }, { shape: order.map((axis) => x.shape[axis]!) });
}

export function concat(g: Graph, values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0]!;
  const sum = values.reduce((total, value) => total + length(value, axis), 0);
  const shape = values[0]!.shape.map((size, i) => (i === axis ? sum : size));
  return g.node('Concat', values, { axis: int(axis) }, { shape });
}

/** A part of a map along one axis. */
export function slice(g: Graph, x: Value, axis: number, from: number, to: number): Value {
  const of = (name: string, value: number) => g.integers(name, [value]);
  const shape = x.shape.map((size, i) => (i === axis ? to - from : size));
  return g.node('Slice', [x, of('from', from), of('to', to), of('axis', axis)], {}, { shape });
}

type Reduction = 'ReduceMean' | 'ReduceSum' | 'ReduceMax' | 'ReduceMin';

/** Over some axes, which go. @param keep whether they stay with length 1 */
export function reduce(g: Graph, op: Reduction, x: Value, axes: readonly number[], keep = false): Value {
  const shape = keep
    ? x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  const keepdims = int(Number(keep));
  // ReduceSum and, from opset 18 on, the others take their axes as an input.
  return g.node(op, [x, g.integers('axes', axes)], { keepdims }, { shape });
}

/** Matrix products over the last two axes, the others repeated. */
export function matMul(g: Graph, a: Value, b: Value): Value {
  const outer = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return g.node('MatMul', [a, b], {}, { shape: [...outer, a.shape.at(-2)!, b.shape.at(-1)!] });
}

/** x^2 */
export const square = (g: Graph, x: Value): Value => binary(g, 'Mul', x, x);

/** [inputs, outputs] -> [outputs, inputs] */
export function transposed(values: Float32Array, inputs: number, outputs: number): Float32Array {
  const turned = new Float32Array(sizeOf([inputs, outputs]));
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) turned[o * inputs + i] = values[i * outputs + o]!;
  }
  return turned;
}
