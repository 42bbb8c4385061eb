// UniAD as an ONNX graph (network.ts, layers.ts): tokens [N, T, width], attention as products of matrices with a mask that
// hides each token's neighbourhood.
import type { Graph } from '../../formats/onnx/graph';
import { int, type Value } from '../../formats/onnx/messages';
import {
  averagePool,
  binary,
  length,
  matMul,
  reduce,
  reshape,
  square,
  transpose,
  unary,
  withNumber,
} from '../../formats/onnx/ops';
import { LAYER_NORM_EPSILON } from '../../kernels/normalise/layerNorm';
import type { GraphScope } from '../../nn/graphLayers';
import { checkInput, type MethodGraphBuilder } from '../methodGraph';
import { configFrom } from './index';
import { hiddenNeighbourhood, poolingFactor, tokenGrid, UNIAD, type UniadConfig } from './settings';

const build: MethodGraphBuilder = (s, input, values) => {
  const config = configFrom(values);
  const { height, width, channels, hidden, layers } = config;
  checkInput(input, [channels, height, width]);
  const { g } = s;
  const images = input.shape[0]!;
  const grid = tokenGrid(config);
  const tokens = grid[0] * grid[1];
  const features = transpose(g, reshape(g, pooled(g, input, config), [images, channels, tokens]), [0, 2, 1]);
  const sizes: Sizes = {
    tokens,
    width: hidden,
    mask: maskOf(g, grid),
    position: positionOf(s, grid, hidden),
  };
  let x = dense(s.scope('input'), features, hidden);
  for (let i = 0; i < layers; i++) x = encoderLayer(s.scope('encoder').scope(`${i}`), x, sizes);
  const memory = x;
  for (let i = 0; i < layers; i++) x = decoderLayer(s.scope('decoder').scope(`${i}`), x, memory, sizes);
  const rebuilt = dense(s.scope('output'), layerNorm(s.scope('decoderNorm'), x), channels);
  const sum = reduce(g, 'ReduceSum', square(g, binary(g, 'Sub', rebuilt, features)), [2]);
  return { map: reshape(g, unary(g, 'Sqrt', sum), [images, ...grid]), score: null };
};
export default build;

interface Sizes {
  tokens: number;
  width: number;
  /** [T, T]: added to scores; null where all tokens are seen. */
  mask: Value | null;
  /** [1, T, width] */
  position: Value;
}

/** Averages of square blocks, the last ones cut off by the border. */
function pooled(g: Graph, phi: Value, { height, width }: UniadConfig): Value {
  const factor = poolingFactor(height, width);
  if (factor === 1) return phi;
  const missing = (size: number) => (factor - (size % factor)) % factor;
  const [rows, columns] = [missing(height), missing(width)];
  const [top, left] = [rows >> 1, columns >> 1];
  return averagePool(g, phi, factor, factor, [top, left, rows - top, columns - left], false);
}

/** Far below any score: its exponential is zero. */
const HIDDEN = -1e30;

function maskOf(g: Graph, grid: readonly [number, number]): Value | null {
  const hidden = hiddenNeighbourhood(grid);
  if (!hidden) return null;
  const [reachY, reachX] = hidden.map((side) => (side - 1) / 2) as [number, number];
  const tokens = grid[0] * grid[1];
  const isHidden = (a: number, b: number) =>
    Math.abs(Math.floor(a / grid[1]) - Math.floor(b / grid[1])) <= reachY &&
    Math.abs((a % grid[1]) - (b % grid[1])) <= reachX;
  return g.floats('neighbourhood', [tokens, tokens], () =>
    Float32Array.from({ length: tokens ** 2 }, (_, pair) =>
      isHidden(Math.floor(pair / tokens), pair % tokens) ? HIDDEN : 0,
    ),
  );
}

/** A learned vector per column and one per row, side by side. */
function positionOf(s: GraphScope, [height, width]: readonly [number, number], channels: number): Value {
  const half = channels / 2;
  const rows = s.scope('position').tensor('rows', [height, half]);
  const columns = s.scope('position').tensor('columns', [width, half]);
  return s.g.floats('position', [1, height * width, channels], () => {
    const [ofRows, ofColumns] = [rows(), columns()];
    return Float32Array.from({ length: height * width * channels }, (_, i) => {
      const [token, c] = [Math.floor(i / channels), i % channels];
      return c < half
        ? ofColumns[(token % width) * half + c]!
        : ofRows[Math.floor(token / width) * half + c - half]!;
    });
  });
}

const add = (s: GraphScope, a: Value, b: Value): Value => binary(s.g, 'Add', a, b);

function dense(s: GraphScope, x: Value, outputs: number): Value {
  const inputs = length(x, -1);
  const weight = s.g.weights('weight', [inputs, outputs], s.tensor('weight', [inputs, outputs]));
  return add(s, matMul(s.g, x, weight), s.g.weights('bias', [outputs], s.tensor('bias', [outputs])));
}

function layerNorm(s: GraphScope, x: Value): Value {
  const width = length(x, -1);
  const [scale, shift] = ['scale', 'shift'].map((name) => s.g.floats(name, [width], s.tensor(name, [width])));
  return s.g.node('LayerNormalization', [x, scale!, shift!], { axis: int(-1), epsilon: LAYER_NORM_EPSILON });
}

const feedForward = (s: GraphScope, x: Value, { width }: Sizes): Value =>
  dense(s.scope('narrow'), unary(s.g, 'Relu', dense(s.scope('widen'), x, UNIAD.feedForward * width)), width);

/** All [N, T, width]; queries may be the same for all images. */
function attention(s: GraphScope, queries: Value, keys: Value, values: Value, sizes: Sizes): Value {
  const { g } = s;
  const { tokens, width, mask } = sizes;
  const head = width / UNIAD.heads;
  const heads = (name: string, x: Value, order: readonly number[]) =>
    transpose(g, reshape(g, dense(s.scope(name), x, width), [x.shape[0]!, tokens, UNIAD.heads, head]), order);
  const q = heads('query', queries, [0, 2, 1, 3]);
  const k = heads('key', keys, [0, 2, 3, 1]);
  const v = heads('value', values, [0, 2, 1, 3]);
  const scores = withNumber(g, 'Mul', matMul(g, q, k), 'scale', 1 / Math.sqrt(head));
  const weights = g.node('Softmax', [mask ? binary(g, 'Add', scores, mask) : scores], { axis: int(-1) });
  const attended = transpose(g, matMul(g, weights, v), [0, 2, 1, 3]);
  return dense(s.scope('output'), reshape(g, attended, [attended.shape[0]!, tokens, width]), width);
}

function encoderLayer(s: GraphScope, tokens: Value, sizes: Sizes): Value {
  const placed = add(s, tokens, sizes.position);
  const attended = attention(s.scope('attention'), placed, placed, tokens, sizes);
  const x = layerNorm(s.scope('attentionNorm'), add(s, tokens, attended));
  return layerNorm(s.scope('feedForwardNorm'), add(s, x, feedForward(s.scope('feedForward'), x, sizes)));
}

function decoderLayer(s: GraphScope, previous: Value, memory: Value, sizes: Sizes): Value {
  const { tokens, width, position } = sizes;
  const query = s.g.weights('query', [1, tokens, width], s.tensor('query', [tokens, width]));
  const found = attention(s.scope('encoded'), add(s, query, position), add(s, memory, position), memory, sizes); // prettier-ignore
  const x = layerNorm(s.scope('encodedNorm'), add(s, query, found));
  const fused = attention(s.scope('previous'), add(s, x, position), add(s, previous, position), previous, sizes); // prettier-ignore
  const y = layerNorm(s.scope('previousNorm'), add(s, x, fused));
  return layerNorm(s.scope('feedForwardNorm'), add(s, y, feedForward(s.scope('feedForward'), y, sizes)));
}
