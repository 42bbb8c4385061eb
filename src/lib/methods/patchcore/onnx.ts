// PatchCore as an ONNX graph (index.ts, imageScore.ts, foreground.ts). The nearest patch is found by products, and its distance is then
// taken anew from the difference, since a product loses the digits of a small one.
import type { Graph } from '../../formats/onnx/graph';
import { int, type Value } from '../../formats/onnx/messages';
import {
  averagePool,
  binary,
  cast,
  matMul,
  maxPool,
  reduce,
  reshape,
  square,
  transpose,
  unary,
  withNumber,
} from '../../formats/onnx/ops';
import { checkInput, type MethodGraphBuilder } from '../methodGraph';
import { configIn } from '../stored';
import type { GraphScope } from '../../nn/graphLayers';
import { CONFIG } from './config';
import { NEIGHBOURHOOD, topCount } from './imageScore';
import { SHORTEST } from './patches';

const build: MethodGraphBuilder = (s, input, values) => {
  const config = configIn(CONFIG, values);
  const { channels, score } = config;
  checkInput(input, [channels, null, null]);
  const { g } = s;
  const [images, , height, width] = input.shape as [string, number, number, number];
  const count = s.shapeOf('patches')[0] ?? 0;
  const bank = bankOf(g, g.weights('patches', [count, channels], s.tensor('patches', [count, channels])), count); // prettier-ignore
  const cosine = config.distance === 'cosine';
  const patches = cosine ? unitPatches(g, rowsOf(g, input, channels)) : rowsOf(g, pooledOf(g, input), channels); // prettier-ignore
  const nearest = nearestOf(g, patches, bank);
  const lengths = distanceTo(g, patches, gathered(g, bank.points, nearest), 1);
  // Of vectors of length one half the square of the distance is one minus the cosine.
  const plain = reshape(g, cosine ? withNumber(g, 'Mul', square(g, lengths), 'half', 0.5) : lengths, [images, height, width]); // prettier-ignore
  const { foregroundLine: line = null } = config;
  const map = cosine && line !== null ? binary(g, 'Mul', plain, foregroundOf(s, patches, plain.shape, channels, line)) : plain; // prettier-ignore
  if (score === 'nearest') return { map, score: null };
  const places = height * width;
  if (score === 'top') {
    const all = reshape(g, map, [images, places]);
    return { map, score: reduce(g, 'ReduceMean', highest(g, all, topCount(places)), [1]) };
  }
  const perImage = {
    patches: reshape(g, patches, [images, places, channels]),
    distances: reshape(g, map, [images, places]),
    nearest: reshape(g, nearest, [images, places]),
  };
  return { map, score: reweighted(g.scope('reweighted'), perImage, bank) };
};
export default build;

/** patches.ts: means over 3 x 3 places; beyond the border lie zeros that count. */
const pooledOf = (g: Graph, input: Value): Value => averagePool(g, input, 3, 1, [1, 1, 1, 1], true);

/** [N, C, h, w] -> [N * h * w, C] */
const rowsOf = (g: Graph, maps: Value, channels: number): Value =>
  reshape(g, transpose(g, maps, [0, 2, 3, 1]), ['N * h * w', channels]);

function unitPatches(g: Graph, rows: Value): Value {
  const lengths = unary(g, 'Sqrt', reduce(g, 'ReduceSum', square(g, rows), [1], true));
  return binary(g, 'Div', rows, g.node('Max', [lengths, g.scalar('shortest', SHORTEST)]));
}

/** foregroundMask(): 1 on the foreground and next to it, else 0. */
function foregroundOf(s: GraphScope, patches: Value, shape: Value['shape'], channels: number, line: number) {
  const { g } = s;
  const [images, height, width] = shape as [string, number, number];
  const direction = g.floats('foreground', [channels, 1], s.tensor('foreground', [channels, 1]));
  const along = matMul(g, patches, direction);
  const above = g.node('Greater', [along, g.scalar('line', line)], {}, { type: 'bool' });
  const marked = reshape(g, cast(g, above, 'float32'), [images, 1, height, width]);
  return reshape(g, maxPool(g, marked, 3, 1, [1, 1, 1, 1]), [images, height, width]);
}

interface Bank {
  count: number;
  /** [M, C] */
  points: Value;
  /** [M], half the square of each length. */
  halfSquares: Value;
}

function bankOf(g: Graph, points: Value, count: number): Bank {
  const squares = reduce(g, 'ReduceSum', square(g, points), [1]);
  return { count, points, halfSquares: withNumber(g, 'Mul', squares, 'half', 0.5) };
}

/** |b|^2 / 2 - q . b for each query and point: in the order of the distances. [Q, M] */
const orders = (g: Graph, queries: Value, { count, points, halfSquares }: Bank): Value =>
  g.node('Gemm', [queries, points, halfSquares], { alpha: -1, beta: 1, transB: int(1) }, { shape: [queries.shape[0]!, count] }); // prettier-ignore

/** Index of the nearest point for each query [Q, C], the first of equally near ones: [Q]. */
function nearestOf(g: Graph, queries: Value, bank: Bank): Value {
  const of = { type: 'int64', shape: [queries.shape[0]!] } as const;
  return g.node('ArgMin', [orders(g, queries, bank)], { axis: int(1), keepdims: int(0) }, of);
}

/** The largest values of each row. */
function highest(g: Graph, rows: Value, count: number): Value {
  const shape = [rows.shape[0]!, count];
  const attributes = { axis: int(1), largest: int(1), sorted: int(1) };
  return g.nodes('TopK', [rows, g.integers('top', [count])], attributes, [{ shape }, { type: 'int64', shape }])[0]!; // prettier-ignore
}

/** Rows of a table [M, C] by indices [...]. */
const gathered = (g: Graph, table: Value, indices: Value): Value =>
  g.node('Gather', [table, indices], { axis: int(0) }, { shape: [...indices.shape, table.shape[1]!] });

/** Lengths of the differences along an axis. */
const distanceTo = (g: Graph, a: Value, b: Value, axis: number): Value =>
  unary(g, 'Sqrt', reduce(g, 'ReduceSum', square(g, binary(g, 'Sub', a, b)), [axis]));

interface PerImage {
  /** [N, places, C], [N, places], [N, places] */
  patches: Value;
  distances: Value;
  nearest: Value;
}

/** The largest distance, weighed by how crowded the bank is around the patch's nearest neighbour: [N]. */
function reweighted(g: Graph, { patches, distances, nearest }: PerImage, bank: Bank): Value {
  const images = distances.shape[0]!;
  const largest = reduce(g, 'ReduceMax', distances, [1]);
  const b = Math.min(NEIGHBOURHOOD, bank.count);
  if (b === 1) return largest;
  const at = g.node('ArgMax', [distances], { axis: int(1), keepdims: int(1) }, { type: 'int64', shape: [images, 1] }); // prettier-ignore
  const ofImage = (values: Value, rest: Value['shape']) =>
    g.node('GatherND', [values, at], { batch_dims: int(1) }, { shape: [images, ...rest] });
  const farthest = ofImage(patches, [patches.shape[2]!]);
  const neighbour = gathered(g, bank.points, ofImage(nearest, []));
  const shape = [images, b];
  const order = orders(g, neighbour, bank);
  const attributes = { axis: int(1), largest: int(0), sorted: int(1) };
  const [, support] = g.nodes('TopK', [order, g.integers('b', [b])], attributes, [{ shape }, { type: 'int64', shape }]); // prettier-ignore
  const queries = reshape(g, farthest, [images, 1, farthest.shape[1]!]);
  const reaches = distanceTo(g, gathered(g, bank.points, support!), queries, 2);
  const shares = g.node('Softmax', [reaches], { axis: int(1) });
  const own = g.node('Gather', [shares, g.integers('first', [0], [])], { axis: int(1) }, { shape: [images] });
  return binary(g, 'Mul', largest, binary(g, 'Sub', g.scalar('one', 1), own));
}
