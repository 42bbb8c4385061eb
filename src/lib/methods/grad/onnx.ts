// GRAD and its single grids as an ONNX graph: what biGrid.ts computes, on maps [N, C, H, W]. Both tables are looked up by
// GridSample, whose rules (align_corners = 0, zeros beyond the border) are those of our kernel.
import type { Graph } from '../../formats/onnx/graph';
import type { Value } from '../../formats/onnx/messages';
import {
  activated,
  binary,
  cast,
  channelMeans,
  concat,
  reduce,
  reshape,
  slice,
  square,
  transpose,
  unary,
  withNumber,
} from '../../formats/onnx/ops';
import { NEAR, SHORTEST } from '../../kernels/maps/distanceMap';
import {
  convolutionLayer,
  depthwiseLayer,
  linearLayer,
  squeezeExciteLayer,
  type GraphScope,
} from '../../nn/graphLayers';
import { QUERY_EPSILON } from './biGrid';
import { CONTRASTIVE_MARGIN, type ModelConfig } from './config';
import type { Reading, Standard } from './reading';

/** How the fused map is read. */
export interface GridReading extends Reading {
  /** Whether the distance is taken after the refinement. */
  refine: boolean;
}

interface Coordinates {
  /** [N, H, W, 2] */
  local: Value;
  /** [1, N, 1, 2] */
  global: Value;
}

/** Features [N, C, H, W] -> the fused map [N, H, W], as answer.ts reads it. */
export function gridGraph(s: GraphScope, phi: Value, config: ModelConfig, reading: GridReading): Value {
  const { method, channels, height, width, gate } = config;
  const coordinates = coordinatesOf(s.scope('coordinates'), phi);
  const abnormalBranch = () => {
    const own = config.coordinates && coordinatesOf(s.scope('abnormal').scope('coordinates'), phi);
    return branchOf(s.scope('abnormal'), own ?? coordinates, config, true);
  };
  const scoreOf = (abnormal: Value) =>
    reshape(s.g, slice(s.g, abnormal, 1, 0, 1), [phi.shape[0]!, height, width]);
  if (method === 'abnormal-grid') return scoreOf(abnormalBranch());
  const normal = branchOf(s.scope('normal'), coordinates, config, false);
  const distance = (rebuilt: Value, refine = reading.refine, name = 'distance') =>
    distanceGraph(s.g.scope(name), phi, rebuilt, channels, refine, reading.near);
  if (method !== 'grad') return distance(normal);
  const abnormal = abnormalBranch();
  const rebuilt = fused(s, normal, abnormal, config);
  const map = distance(rebuilt);
  if (gate === 'refine' && reading.refine)
    return gated(s.g.scope('gate'), distance(rebuilt, false, 'plain'), map, scoreOf(abnormal));
  if (gate === 'sum' && reading.sum) {
    const g = s.g.scope('sum');
    const { map: ofMap, score: ofScore } = reading.sum;
    return binary(g, 'Add', standardised(g, map, 'map', ofMap), standardised(g, scoreOf(abnormal), 'score', ofScore)); // prettier-ignore
  }
  return map;
}

/** fusedMap.ts: g |d| + (1 - g) (1 - sim) |d| */
function gated(g: Graph, plain: Value, refined: Value, score: Value): Value {
  const raised = withNumber(g, 'Add', score, 'margin', CONTRASTIVE_MARGIN);
  const scaled = withNumber(g, 'Div', raised, 'two_margins', 2 * CONTRASTIVE_MARGIN);
  const gate = g.node('Clip', [scaled, g.scalar('closed', 0), g.scalar('open', 1)]);
  return binary(g, 'Add', refined, binary(g, 'Mul', gate, binary(g, 'Sub', plain, refined)));
}

const standardised = (g: Graph, map: Value, name: string, { mean, deviation }: Standard): Value =>
  withNumber(g, 'Div', withNumber(g, 'Sub', map, `${name}_mean`, mean), `${name}_deviation`, deviation);

/** L2 norm over channels of (rebuilt - phi), refined or not (kernels/maps/distanceMap.ts): [N, H, W]. */
export function distanceGraph(
  g: Graph,
  phi: Value,
  rebuilt: Value,
  channels: number,
  refine: boolean,
  near = NEAR,
): Value {
  const sum = reduce(g, 'ReduceSum', square(g, binary(g, 'Sub', rebuilt, phi)), [1]);
  const distance = unary(g, 'Sqrt', sum);
  if (!refine) return distance;
  const mean = withNumber(g, 'Div', sum, 'channels', channels);
  const isNear = g.node('LessOrEqual', [mean, g.scalar('near', near)], {}, { type: 'bool' });
  const nearness = cast(g, isNear, 'float32');
  const likeness = binary(
    g,
    'Add',
    withNumber(g, 'Mul', nearness, 'near_share', 0.3),
    withNumber(g, 'Mul', cosine(g, phi, rebuilt), 'cosine_share', 0.7),
  );
  const unlike = unary(g, 'Abs', binary(g, 'Sub', g.scalar('one', 1), likeness));
  return binary(g, 'Mul', unlike, distance);
}

function cosine(g: Graph, a: Value, b: Value): Value {
  const dot = reduce(g, 'ReduceSum', binary(g, 'Mul', a, b), [1]);
  const lengthOf = (x: Value) => {
    const length = unary(g, 'Sqrt', reduce(g, 'ReduceSum', square(g, x), [1]));
    return g.node('Max', [length, g.scalar('shortest', SHORTEST)]);
  };
  return binary(g, 'Div', binary(g, 'Div', dot, lengthOf(a)), lengthOf(b));
}

/** x_n + w x_a, or lambda x_n + (1 - lambda) x_a. */
function fused(s: GraphScope, normal: Value, abnormal: Value, { fusion, lambda }: ModelConfig): Value {
  const { g } = s;
  if (fusion === 'w') {
    const weight = g.floats('fusion', [1], s.tensor('fusion', [1]));
    return binary(g, 'Add', normal, binary(g, 'Mul', abnormal, weight));
  }
  const part = (x: Value, name: string, share: number) => withNumber(g, 'Mul', x, name, share);
  return binary(g, 'Add', part(normal, 'lambda', lambda), part(abnormal, 'one_less_lambda', 1 - lambda));
}

function coordinatesOf(s: GraphScope, phi: Value): Coordinates {
  const images = phi.shape[0]!;
  const local = mapping(s.scope('local'), phi);
  const global = mapping(s.scope('global'), channelMeans(s.g, phi));
  return {
    local: transpose(s.g, local, [0, 2, 3, 1]),
    global: reshape(s.g, global, [1, images, 1, 2]),
  };
}

/** linear C -> C, tanh, linear C -> 2, tanh */
function mapping(s: GraphScope, x: Value): Value {
  const tanh = (value: Value) => unary(s.g, 'Tanh', value);
  const channels = x.shape[1] as number;
  const hidden = tanh(linearLayer(s.scope('hidden'), x, channels, { bias: true }));
  return tanh(linearLayer(s.scope('output'), hidden, 2, { bias: true }));
}

function branchOf(s: GraphScope, coordinates: Coordinates, config: ModelConfig, normalised: boolean): Value {
  const query = queryOf(s.scope('grid'), coordinates, config);
  const read = normalised ? instanceNormalised(s.g.scope('query'), query, config) : query;
  return decoded(s.scope('decoder'), read, config);
}

/** concat(global sample, local sample): [N, 2C, H, W] */
function queryOf(s: GraphScope, { local, global }: Coordinates, config: ModelConfig): Value {
  const { g } = s;
  const { channels, height, width, localGrid, globalGrid } = config;
  const images = local.shape[0]!;
  const stored = s.tensor('local', [localGrid, localGrid, channels]);
  const localTable = g.weights('local', [1, channels, localGrid, localGrid], () =>
    channelsFirst(stored(), localGrid ** 2, channels, 1),
  );
  // All images look into one table: for GridSample they are rows of one.
  const rows = reshape(g, local, [1, 'N * H', width, 2]);
  const found = sampled(g, localTable, rows, [1, channels, 'N * H', width]);
  const localSample = transpose(g, reshape(g, found, [channels, images, height, width]), [1, 0, 2, 3]);
  const values = channels * height * width;
  const storedGlobal = s.tensor('global', [globalGrid, globalGrid, values]);
  const globalTable = g.weights('global', [1, values, globalGrid, globalGrid], () =>
    channelsFirst(storedGlobal(), globalGrid ** 2, channels, height * width),
  );
  const whole = sampled(g, globalTable, global, [1, values, images, 1]);
  const perImage = transpose(g, reshape(g, whole, [values, images]), [1, 0]);
  return concat(g, [reshape(g, perImage, [images, channels, height, width]), localSample], 1);
}

const sampled = (g: Graph, table: Value, points: Value, shape: Value['shape']): Value =>
  g.node(
    'GridSample',
    [table, points],
    { mode: 'bilinear', padding_mode: 'zeros', align_corners: { int: 0 } },
    { shape },
  );

/** [cells, places, channels] -> [channels, places, cells] */
function channelsFirst(table: Float32Array, cells: number, channels: number, places: number): Float32Array {
  const turned = new Float32Array(table.length);
  for (let cell = 0, from = 0; cell < cells; cell++) {
    for (let place = 0; place < places; place++) {
      for (let c = 0; c < channels; c++) turned[(c * places + place) * cells + cell] = table[from++]!;
    }
  }
  return turned;
}

/** (q - mean) / (std + epsilon) per image and channel, std unbiased. */
function instanceNormalised(g: Graph, query: Value, { height, width }: ModelConfig): Value {
  const deviation = binary(g, 'Sub', query, reduce(g, 'ReduceMean', query, [2, 3], true));
  const sum = reduce(g, 'ReduceSum', square(g, deviation), [2, 3], true);
  const variance = withNumber(g, 'Div', sum, 'degrees', Math.max(height * width - 1, 1));
  const scale = withNumber(g, 'Add', unary(g, 'Sqrt', variance), 'epsilon', QUERY_EPSILON);
  return binary(g, 'Div', deviation, scale);
}

function decoded(s: GraphScope, query: Value, { decoder, blocks, expansion, channels }: ModelConfig): Value {
  const block = decoder === 'mobile' ? mobileBlock : basicBlock;
  let x = query;
  for (let i = 0; i < blocks; i++) x = block(s.scope(`blocks.${i}`), x, expansion);
  return linearLayer(s.scope('output'), x, channels, { bias: false });
}

/** decoder/mobile.ts */
function mobileBlock(s: GraphScope, x: Value, expansion: number): Value {
  const channels = x.shape[1] as number;
  const hidden = Math.max(1, Math.round(channels * expansion));
  const norm = (name: string) => s.scope(name);
  const expanded = linearLayer(s.scope('expand'), x, hidden, { bias: false, norm: norm('expandNorm'), activation: 'hard-swish' }); // prettier-ignore
  const mixed = depthwiseLayer(s.scope('depthwise'), expanded, norm('depthwiseNorm'));
  const excited = squeezeExciteLayer(s.scope('squeezeExcite'), mixed);
  const projected = linearLayer(s.scope('project'), excited, channels, { bias: false, norm: norm('projectNorm') }); // prettier-ignore
  return binary(s.g, 'Add', projected, x);
}

/** decoder/basic.ts */
function basicBlock(s: GraphScope, x: Value): Value {
  const channels = x.shape[1] as number;
  const hidden = convolutionLayer(s.scope('first'), x, channels, s.scope('firstNorm'), { activation: 'relu' }); // prettier-ignore
  const second = convolutionLayer(s.scope('second'), hidden, channels, s.scope('secondNorm'));
  return activated(s.g, binary(s.g, 'Add', second, x), 'relu');
}
