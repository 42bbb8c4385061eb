// How an image of any size lies on the network's inputs and on the map, as part of an ONNX graph: lib/framing.ts for images
// that are padded or cut into tiles. Lengths are known only when the graph runs, so they are computed in it, in double
// precision and by the same steps; what is squashed needs none of this.
import type { Graph } from '../formats/onnx/graph';
import { int, type Dimension, type Value } from '../formats/onnx/messages';
import {
  binary,
  cast,
  convolution1d,
  reduce,
  reshape,
  reshapeTo,
  transpose,
  unary,
} from '../formats/onnx/ops';
import { MAX_MAP_PIXELS, type Framing } from '../framing';
import {
  CRAD_IMAGE_POOL,
  CRAD_PIXEL_POOL,
  SIGMA_PER_PIXEL,
  type ScoringStep,
} from '../kernels/maps/scoringBands';

/** As MapAxis. Numbers are scalars in double precision. */
export interface MapAxisGraph {
  /** What the map's length is called. */
  name: string;
  size: Value;
  span: Value;
  /** [parts] */
  starts: Value;
}

/** As AxisCut. */
export interface AxisGraph {
  /** Pixels of the input. */
  input: number;
  /** Of the image where each part begins; null where there is one. */
  starts: Value | null;
  /** Of a part, in pixels of the image. */
  length: Value;
  /** Pixels of the input that a part fills, where not all. */
  filled: Value | null;
  map: MapAxisGraph;
}

export interface CutGraph {
  columns: AxisGraph;
  rows: AxisGraph;
}

const number = (g: Graph, value: number): Value => g.exact('number', Float64Array.of(value));
const add = (g: Graph, a: Value, b: Value | number): Value => binary(g, 'Add', a, typeof b === 'number' ? number(g, b) : b); // prettier-ignore
const sub = (g: Graph, a: Value, b: Value | number): Value => binary(g, 'Sub', a, typeof b === 'number' ? number(g, b) : b); // prettier-ignore
const mul = (g: Graph, a: Value, b: Value | number): Value => binary(g, 'Mul', a, typeof b === 'number' ? number(g, b) : b); // prettier-ignore
const div = (g: Graph, a: Value, b: Value | number): Value => binary(g, 'Div', a, typeof b === 'number' ? number(g, b) : b); // prettier-ignore
/** The first one's shape is the result's. */
const least = (g: Graph, a: Value, b: Value | number): Value => g.node('Min', [a, typeof b === 'number' ? number(g, b) : b]); // prettier-ignore
const most = (g: Graph, a: Value, b: Value | number): Value => g.node('Max', [a, typeof b === 'number' ? number(g, b) : b]); // prettier-ignore
const rounded = (g: Graph, x: Value): Value => unary(g, 'Floor', add(g, x, 0.5));
const whole = (g: Graph, x: Value): Value => cast(g, x, 'int64');
/** 0, 1, ... of so many. */
const counting = (g: Graph, count: Value, name: string): Value =>
  g.node('Range', [number(g, 0), count, number(g, 1)], {}, { shape: [name] });
/** A scalar as the length of an axis. */
export const dimension = (g: Graph, x: Value): Value => reshape(g, whole(g, x), [1]);

/** Length of an axis of the image, as a scalar in double precision. */
export function lengthGraph(g: Graph, image: Value, axis: 1 | 2): Value {
  const shape = g.node('Shape', [image], { start: int(axis), end: int(axis + 1) }, { type: 'int64', shape: [1] }); // prettier-ignore
  return cast(g, reshape(g, shape, []), 'float64');
}

/** @param image uint8 [N, H, W, 3] @returns null where the image is squashed */
export function cutGraph(g: Graph, image: Value, framing: Framing): CutGraph | null {
  if (framing.fit === 'squash') return null;
  const size = { width: lengthGraph(g, image, 2), height: lengthGraph(g, image, 1) };
  return framing.fit === 'letterbox' ? letterboxed(g, size, framing) : tiled(g, size, framing);
}

interface SizeGraph {
  width: Value;
  height: Value;
}

function letterboxed(g: Graph, image: SizeGraph, { width, height }: Framing): CutGraph {
  const scale = least(g, div(g, number(g, width), image.width), div(g, number(g, height), image.height));
  const axis = (length: Value, input: number, name: string): AxisGraph => {
    const filled = least(g, most(g, rounded(g, mul(g, length, scale)), 1), input);
    const starts = g.exact('start', Float64Array.of(0), [1]);
    const map = { name, size: filled, span: number(g, input), starts };
    return { input, starts: null, length, filled, map };
  };
  return {
    columns: axis(image.width, width, 'map_width'),
    rows: axis(image.height, height, 'map_height'),
  };
}

function tiled(g: Graph, image: SizeGraph, { width, height, tile, overlap }: Framing): CutGraph {
  const wanted = { width: tile, height: (tile * height) / width };
  const shrink = least(g, least(g, div(g, image.width, wanted.width), div(g, image.height, wanted.height)), 1); // prettier-ignore
  const partOf = (length: Value, pixels: number) =>
    least(g, most(g, rounded(g, mul(g, number(g, pixels), shrink)), 1), length);
  const part = { width: partOf(image.width, wanted.width), height: partOf(image.height, wanted.height) };
  const columns = startsAlong(g, image.width, part.width, overlap, 'tile_columns');
  const rows = startsAlong(g, image.height, part.height, overlap, 'tile_rows');
  const several = g.node('Greater', [binary(g, 'Mul', columns.count, rows.count), number(g, 1)], {}, { type: 'bool' }); // prettier-ignore
  const fitting = unary(g, 'Sqrt', div(g, number(g, MAX_MAP_PIXELS), mul(g, image.width, image.height)));
  const limit = g.node('Where', [several, fitting, number(g, Number.MAX_VALUE)], {}, { type: 'float64', shape: [] }); // prettier-ignore
  const scale = least(g, div(g, number(g, width), part.width), limit);
  return {
    columns: tileAxis(g, columns, image.width, part.width, width, scale, 'map_width'),
    rows: tileAxis(g, rows, image.height, part.height, height, scale, 'map_height'),
  };
}

interface Starts {
  /** A scalar. */
  count: Value;
  /** [parts] */
  starts: Value;
}

function startsAlong(g: Graph, length: Value, part: Value, overlap: number, name: string): Starts {
  const room = sub(g, length, part);
  const step = most(g, mul(g, part, 1 - overlap), 1);
  const further = unary(g, 'Ceil', sub(g, div(g, room, step), 1e-9));
  // One more wherever there is room at all.
  const count = add(g, most(g, further, least(g, room, 1)), 1);
  const spread = div(g, mul(g, counting(g, count, name), room), most(g, sub(g, count, 1), 1));
  return { count, starts: rounded(g, spread) };
}

function tileAxis(
  g: Graph,
  { count, starts }: Starts,
  length: Value,
  part: Value,
  input: number,
  scale: Value,
  name: string,
): AxisGraph {
  const span = most(g, unary(g, 'Ceil', sub(g, mul(g, part, scale), 1e-9)), 1);
  const size = g.node('Max', [rounded(g, mul(g, length, scale)), span]);
  const last = sub(g, size, span);
  const places = least(g, rounded(g, mul(g, starts, scale)), last);
  const isLast = g.node('Equal', [counting(g, count, starts.shape[0] as string), sub(g, count, 1)], {}, { type: 'bool', shape: starts.shape }); // prettier-ignore
  const ending = g.node('Where', [isLast, last, places], {}, { type: 'float64', shape: starts.shape });
  return { input, starts, length: part, filled: null, map: { name, size, span, starts: ending } };
}

/** All tiles of all images [N, 3, H, W], row by row: [P, 3, h, w]; the images themselves where they are not cut. */
export function tilesGraph(g: Graph, planes: Value, { columns, rows }: CutGraph): Value {
  if (!columns.starts || !rows.starts) return planes;
  const [images, colours] = planes.shape;
  const pixelsOf = ({ starts, length }: AxisGraph, parts: string, name: string) => {
    const inside = counting(g, length, name);
    const first = reshape(g, starts!, [parts, 1]);
    return whole(g, binary(g, 'Add', first, inside));
  };
  const [down, across] = [pixelsOf(rows, 'tile_rows', 'tile_height'), pixelsOf(columns, 'tile_columns', 'tile_width')]; // prettier-ignore
  const cutDown = g.node('Gather', [planes, down], { axis: int(2) }, { shape: [images!, colours!, ...down.shape, planes.shape[3]!] }); // prettier-ignore
  const cut = g.node('Gather', [cutDown, across], { axis: int(4) }, { shape: [images!, colours!, ...down.shape, ...across.shape] }); // prettier-ignore
  const turned = transpose(g, cut, [0, 2, 4, 1, 3, 5]);
  const shape: Dimension[] = ['P', colours!, 'tile_height', 'tile_width'];
  return reshapeTo(g, turned, [-1, colours as number, dimension(g, rows.length), dimension(g, columns.length)], shape); // prettier-ignore
}

/** Features [N, C, h, w] whose cells on the padding are the image's own, mirrored: backbones/padding.ts. */
export function withoutPaddingGraph(g: Graph, phi: Value, { columns, rows }: CutGraph): Value {
  return mirroredAlong(g, mirroredAlong(g, phi, 2, rows), 3, columns);
}

function mirroredAlong(g: Graph, phi: Value, axis: 2 | 3, { filled, input }: AxisGraph): Value {
  if (!filled) return phi;
  const cells = phi.shape[axis] as number;
  const own = unary(g, 'Ceil', sub(g, div(g, filled, input / cells), 0.5));
  const count = least(g, most(g, own, 1), cells);
  const all = g.integers(
    'cells',
    Array.from({ length: cells }, (_, i) => i),
  );
  const sources = mirrored(g, all, dimension(g, count));
  return g.node('Gather', [phi, sources], { axis: int(axis) }, { shape: phi.shape });
}

/** 0, 1, ... up to `count`, then back, and so on, in both directions. @param indices int64 @param count int64 [1] */
function mirrored(g: Graph, indices: Value, count: Value): Value {
  const period = binary(g, 'Mul', count, g.integers('both ways', [2]));
  const folded = g.node('Mod', [indices, period], {}, { shape: indices.shape });
  const last = binary(g, 'Sub', period, g.integers('one', [1]));
  return g.node('Min', [folded, binary(g, 'Sub', last, folded)]);
}

/** Values of an image's parts [P, ...] by image: [N, parts]; null stays null, and what is not cut stays as it is. */
export function largestOfParts(g: Graph, values: Value | null, { columns, rows }: CutGraph): Value | null {
  if (!values || !columns.starts || !rows.starts) return values;
  const parts = binary(g, 'Mul', partsAlong(g, columns), partsAlong(g, rows));
  return reduce(g, 'ReduceMax', reshapeTo(g, values, [-1, parts], ['N', 'parts']), [1]);
}

const partsAlong = (g: Graph, { starts }: AxisGraph): Value =>
  g.node('Shape', [starts!], {}, { type: 'int64', shape: [1] });

/** Maps [P, h, w] of the parts of images side by side: [N, rows * h, columns * w]. */
export function mosaicGraph(g: Graph, maps: Value, { columns, rows }: CutGraph): Value {
  if (!columns.starts || !rows.starts) return maps;
  const [, height, width] = maps.shape as [string, number, number];
  const [down, across] = [partsAlong(g, rows), partsAlong(g, columns)];
  const shape: Dimension[] = ['N', 'tile_rows', 'tile_columns', height, width];
  const apart = transpose(g, reshapeTo(g, maps, [-1, down, across, height, width], shape), [0, 1, 3, 2, 4]);
  const times = (count: Value, cells: number) => binary(g, 'Mul', count, g.integers('cells', [cells]));
  return reshapeTo(g, apart, [-1, times(down, height), times(across, width)], ['N', 'cells_down', 'cells_across']); // prettier-ignore
}

/**
 * The operator of layoutScoringBand() as a matrix.
 * @param samples of one part @returns float32 [size, parts * samples], of CRAD's image map one row more, without its padding 31 less
 */
export function layoutMatrix(g: Graph, axis: MapAxisGraph, samples: number, step: ScoringStep): Value {
  const lying = layoutGraph(g.scope('layout'), axis, samples);
  if (step === 'none') return cast(g, lying, 'float32');
  if (step === 'gauss') return gaussianGraph(g.scope('gauss'), lying, axis);
  const pooled = pool(g.scope('pixels'), columnsFirst(g, cast(g, lying, 'float32')), CRAD_PIXEL_POOL, axis.name); // prettier-ignore
  if (step === 'cradPixels') return rowsFirst(g, pooled, lying);
  const image = g.scope('image');
  if (step === 'cradImage')
    return rowsFirst(g, pool(image, pooled, CRAD_IMAGE_POOL, `${axis.name} + 1`), lying);
  // A map narrower than the pool is refused by the runtime, where the engine takes all of it.
  const inside = { ...CRAD_IMAGE_POOL, padding: 0 };
  return rowsFirst(g, pool(image, pooled, inside, `${axis.name} - ${inside.width - 1}`), lying);
}

/** layoutBand(): each part enlarged to its span, blended where several lie. [size, parts * samples] */
function layoutGraph(g: Graph, { name, size, span, starts }: MapAxisGraph, samples: number): Value {
  const places = reshape(g, counting(g, size, name), [name, 1]);
  const inside = binary(g, 'Sub', places, starts);
  const ends = least(g, add(g, inside, 0.5), add(g, binary(g, 'Sub', span, inside), -0.5));
  const weight = most(g, ends, 0);
  const share = binary(g, 'Div', weight, reduce(g, 'ReduceSum', weight, [1], true));
  const scale = div(g, number(g, samples - 1), most(g, sub(g, span, 1), 1));
  const parts = starts.shape[0]!;
  const position = reshapeTo(g, binary(g, 'Mul', inside, scale), [0, 0, 1], [name, parts, 1]);
  const cells = g.exact('cells', Float64Array.from({ length: samples }, (_, i) => i), [samples]); // prettier-ignore
  const away = unary(g, 'Abs', binary(g, 'Sub', position, cells));
  const hat = most(g, binary(g, 'Sub', g.exact('full', Float64Array.of(1), [1, 1, 1]), away), 0);
  const lying = binary(g, 'Mul', { ...hat, shape: away.shape }, reshapeTo(g, share, [0, 0, 1], [name, parts, 1])); // prettier-ignore
  return reshapeTo(g, lying, [dimension(g, size), -1], [name, `${name} samples`]);
}

/** gaussianBand() after it, of sigma in proportion to the span. */
function gaussianGraph(g: Graph, lying: Value, { name, size, span }: MapAxisGraph): Value {
  const sigma = mul(g, span, SIGMA_PER_PIXEL);
  const radius = unary(g, 'Floor', add(g, mul(g, sigma, 4), 0.5));
  const reach = mul(g, radius, 2);
  const taps = sub(g, counting(g, add(g, reach, 1), `${name} taps`), radius);
  const away = binary(g, 'Div', taps, sigma);
  const bell = unary(g, 'Exp', mul(g, binary(g, 'Mul', away, away), -0.5));
  const kernel = binary(g, 'Div', bell, reduce(g, 'ReduceSum', bell, [0], true));
  // Beyond its ends the line goes on mirrored, its last sample repeated.
  const beyond = `${name} + taps`;
  const places = whole(g, sub(g, counting(g, add(g, size, reach), beyond), radius));
  const sources = mirrored(g, places, dimension(g, size));
  const longer = g.node('Gather', [lying, sources], { axis: int(0) }, { shape: [beyond, lying.shape[1]!] });
  const lines = columnsFirst(g, cast(g, longer, 'float32'));
  const weights = reshapeTo(g, cast(g, kernel, 'float32'), [1, 1, -1], [1, 1, `${name} taps`]);
  return rowsFirst(g, convolution1d(g, lines, weights, 0, name), lying);
}

/** boxBand(): average pool of stride 1 that counts the zeros of its padding. */
function pool(g: Graph, lines: Value, { width, padding }: typeof CRAD_PIXEL_POOL, name: string): Value {
  const box = g.floats('box', [1, 1, width], () => new Float32Array(width).fill(1 / width));
  return convolution1d(g, lines, box, padding, name);
}

/** [size, inputs] -> lines [inputs, 1, size] */
const columnsFirst = (g: Graph, matrix: Value): Value =>
  reshapeTo(g, transpose(g, matrix, [1, 0]), [0, 1, -1], [matrix.shape[1]!, 1, matrix.shape[0]!]);

const rowsFirst = (g: Graph, lines: Value, { shape }: Value): Value =>
  transpose(g, reshapeTo(g, lines, [0, -1], [shape[1]!, lines.shape[2]!]), [1, 0]);
