// RIAD as an ONNX graph (index.ts, network.ts, similarity.ts): every set of squares is hidden in turn, the U-Net paints
// what is missing, and gradients of image and painting are compared on several scales.
import type { Graph } from '../../formats/onnx/graph';
import { int, type Value } from '../../formats/onnx/messages';
import {
  averagePool,
  binary,
  cast,
  concat,
  convolution,
  length,
  matMul,
  maxPool,
  pointwise,
  reduce,
  reshape,
  slice,
  square,
  unary,
  withNumber,
} from '../../formats/onnx/ops';
import { bilinearBand, denseBand } from '../../kernels/maps/operators1d';
import { convolutionLayer, type GraphScope } from '../../nn/graphLayers';
import { checkInput, type MethodGraphBuilder } from '../methodGraph';
import { configFrom, scoringRegions } from './index';
import { COLOURS, INPUTS, STEP } from './network';
import { LEVELS, meanFilterReach, RIAD } from './settings';
import { GRADIENT_C, PREWITT, SMALLEST_SQUARE } from './similarity';

const build: MethodGraphBuilder = (s, image, values) => {
  const config = configFrom(values);
  const { size } = config;
  checkInput(image, [COLOURS, size, size]);
  const { g } = s;
  const dealt = scoringRegions(config);
  const painted = dealt.map((masks, i) => inpainted(s, g.scope(`regions_${i}`), image, masks, config));
  const unlike = dissimilarity(g.scope('similarity'), image, painted);
  const reach = meanFilterReach(size);
  const smooth = averagePool(g, unlike, 2 * reach + 1, 1, [reach, reach, reach, reach], false);
  const map = reshape(g, smooth, [image.shape[0]!, size, size]);
  return { map, score: reduce(g, 'ReduceMax', map, [1, 2]) };
};
export default build;

/** Hides each set of squares in turn and puts what the network paints there together to one image. */
function inpainted(
  s: GraphScope,
  g: Graph,
  image: Value,
  masks: readonly Float32Array[],
  { width, size }: { width: number; size: number },
): Value {
  const images = image.shape[0]!;
  const hidden = masks.map((mask, set) => {
    const bytes = g.bytes(`hidden_${set}`, [1, 1, size, size], () => Uint8Array.from(mask));
    return cast(g, bytes, 'float32');
  });
  const one = g.scalar('one', 1);
  const holed = hidden.map((mask) => binary(g, 'Mul', image, binary(g, 'Sub', one, mask)));
  // The sets one after the other in one batch.
  const shape = ['3 * N', COLOURS, size, size];
  const whole = unet(s, g.node('Concat', holed, { axis: int(0) }, { shape }), width);
  const of = { shape: [images, COLOURS, size, size] };
  const parts = g.nodes('Split', [whole], { axis: int(0), num_outputs: int(masks.length) }, masks.map(() => of)); // prettier-ignore
  return parts
    .map((part, set) => binary(g, 'Mul', part, hidden[set]!))
    .reduce((sum, part) => binary(g, 'Add', sum, part));
}

/** network.ts */
function unet(s: GraphScope, image: Value, width: number): Value {
  const { g } = s;
  const [height, across] = [length(image, 2), length(image, 3)];
  const missing = (side: number) => (STEP - (side % STEP)) % STEP;
  const [down, right] = [missing(height), missing(across)];
  const pads = g.integers('pads', [0, 0, 0, 0, 0, INPUTS - COLOURS, down, right]);
  const shape = [image.shape[0]!, INPUTS, height + down, across + right];
  const widths = LEVELS.map((multiple) => multiple * width);
  const levels: Value[] = [];
  for (const [level, outputs] of widths.entries()) {
    const above = levels.at(-1);
    const x = above ? maxPool(g, above, 2, 2) : g.node('Pad', [image, pads], { mode: 'constant' }, { shape });
    levels.push(block(s.scope(`down.${level}`), x, outputs));
  }
  const decoded = levels.reduceRight((below, skipped, level) =>
    block(s.scope(`up.${level}`), concat(g, [skipped, doubled(g, below)], 1), widths[level]!),
  );
  const paint = pointwise(g, decoded, 'paint', [width, COLOURS], s.tensor('paint.weight', [width, COLOURS]), s.tensor('paint.bias', [COLOURS])); // prettier-ignore
  return slice(g, slice(g, paint, 2, 0, height), 3, 0, across);
}

/** Twice: 3 x 3 convolution, batch norm, ReLU. */
function block(s: GraphScope, x: Value, outputs: number): Value {
  const layer = (input: Value, i: number) => {
    const inside = s.scope(`${i}`);
    return convolutionLayer(inside, input, outputs, inside.scope('norm'), { activation: 'relu' });
  };
  return layer(layer(x, 0), 1);
}

/** Every pixel four times. */
function doubled(g: Graph, x: Value): Value {
  const scales = g.floats('scales', [4], () => Float32Array.of(1, 1, 2, 2));
  const shape = [x.shape[0]!, x.shape[1]!, 2 * length(x, 2), 2 * length(x, 3)];
  return g.node(
    'Resize',
    [x, null, scales],
    { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    { shape },
  );
}

/** 1 - MSGMS averaged over the paintings: [N, 1, S, S]. */
function dissimilarity(g: Graph, image: Value, painted: readonly Value[]): Value {
  const size = length(image, 2);
  let grey = greyOf(g, image);
  let others = painted.map((one) => greyOf(g, one));
  const maps: Value[] = [];
  for (let scale = 0; ; scale++) {
    const own = squaredGradient(g, grey);
    const alike = others.map((other) => gradientSimilarity(g, own, squaredGradient(g, other)));
    maps.push(enlarged(g, alike.reduce((sum, map) => binary(g, 'Add', sum, map)), size)); // prettier-ignore
    if (scale + 1 === RIAD.scales || length(grey, 2) < 2) break;
    const halved = (map: Value) => averagePool(g, map, 2, 2, [0, 0, 0, 0], true);
    [grey, others] = [halved(grey), others.map(halved)];
  }
  const sum = maps.reduce((total, map) => binary(g, 'Add', total, map));
  const mean = withNumber(g, 'Div', sum, 'comparisons', maps.length * painted.length);
  return binary(g, 'Sub', g.scalar('one', 1), mean);
}

const greyOf = (g: Graph, image: Value): Value => reduce(g, 'ReduceMean', image, [1], true);

/** (2 a b + c) / (a^2 + b^2 + c) from the squares of a and b. */
function gradientSimilarity(g: Graph, a: Value, b: Value): Value {
  const product = withNumber(g, 'Mul', unary(g, 'Sqrt', binary(g, 'Mul', a, b)), 'two', 2);
  const c = g.scalar('c', GRADIENT_C);
  return binary(g, 'Div', binary(g, 'Add', product, c), binary(g, 'Add', binary(g, 'Add', a, b), c));
}

/** Both of Prewitt's filters as one convolution: squares of the gradients, [N, 1, S, S]. */
function squaredGradient(g: Graph, map: Value): Value {
  const { box, difference } = PREWITT;
  const outer = (rows: readonly number[], columns: readonly number[]) =>
    rows.flatMap((row) => columns.map((column) => row * column));
  const filter = {
    name: 'prewitt',
    shape: [2, 1, 3, 3] as const,
    values: () => Float32Array.from([...outer(box, difference), ...outer(difference, box)]),
  };
  const gradients = convolution(g, map, filter, { pads: [1, 1, 1, 1] });
  const squares = reduce(g, 'ReduceSum', square(g, gradients), [1], true);
  return withNumber(g, 'Add', squares, 'smallest', SMALLEST_SQUARE);
}

/** Bilinear, align_corners = true. */
function enlarged(g: Graph, map: Value, size: number): Value {
  const side = length(map, 2);
  if (side === size) return map;
  const band = bilinearBand(side, size);
  const rows = g.floats('rows', [size, side], () => denseBand(band));
  const columns = g.floats('columns', [side, size], () => denseBand(band, true));
  return matMul(g, matMul(g, rows, map), columns);
}
