// Pictures of what goes on inside a model: feature vectors projected on the device, read back, and coloured here.
import { tf } from '../../lib/gpu/tf';
import type { Comparison } from '../../lib/methods/detector';
import type { BiGrid } from '../../lib/methods/grad/biGrid';
import type { Grid } from '../../lib/methods/grad/grids';
import { colourBytes, ownScale, type FeatureColours } from '../../lib/scoring/featureColours';
import { projected, projectedTiles, type GridSteps } from '../../lib/scoring/inside';
import type { ModelState } from '../models/modelState';
import type { FeaturePicture, Inside, InsideBranch, InsideGrids, MapData } from '../api/types';

/** Places a side of a picture of a map, and of a global table with all its maps: what is larger is drawn coarser. */
const MOST_SIDE = 128;
const MOST_TABLE = 256;

/** What was computed on the way from features to map. Tensors. */
export interface Steps {
  /** [1, H, W, C]: what the model sees. */
  input: tf.Tensor4D;
  grids: GridSteps | null;
  comparison: Comparison | null;
  /** [1, h, w]; null without a model. */
  map: tf.Tensor3D | null;
}

type Drawn = Pick<Inside, 'features' | 'grids' | 'comparison' | 'map'>;

/** All reads begin before the first wait. */
export async function pictures(
  { input, grids, comparison, map }: Steps,
  state: ModelState | null,
  fusionValue: number | null,
  colours: FeatureColours,
): Promise<Drawn> {
  const brush = new Brush(colours);
  const reads = [
    brush.picture(input),
    grids && gridPictures(brush, state!.model as BiGrid, grids, fusionValue),
    comparison && comparisonPictures(brush, comparison),
    map && numbers(map),
  ] as const;
  brush.done();
  const [features, gridsRead, comparisonRead, mapRead] = await Promise.all(reads);
  return { features, grids: gridsRead, comparison: comparisonRead, map: mapRead };
}

async function comparisonPictures(brush: Brush, { seen, expected }: Comparison) {
  const [first, second] = await Promise.all([brush.picture(seen), brush.picture(expected)]);
  return { seen: first, expected: second };
}

async function gridPictures(
  brush: Brush,
  model: BiGrid,
  { local, global, normal, abnormal, fused, similarity, refined }: GridSteps,
  fusionValue: number | null,
): Promise<InsideGrids> {
  const { method, fusion: kind } = model.config;
  const { grids } = model;
  const both = method === 'grad';
  // The weight is read from the model where nobody set it: while training it moves.
  const weight = both ? (fusionValue ?? model.fusionValue()) : null;
  const adds = both ? addend(model, abnormal!, fusionValue) : abnormal;
  const reads = [
    readOut(local.clone()),
    readOut(global.clone()),
    normal && branchPictures(brush, grids.normal!, model, brush.picture(normal)),
    adds && branchPictures(brush, grids.abnormal!, model, brush.picture(adds, brush.aroundZero)),
    fused && brush.picture(fused),
    similarity && numbers(similarity),
    refined && brush.picture(refined),
    weight,
  ] as const;
  if (adds !== abnormal) adds?.dispose();
  const [points, [x, y], n, a, whole, alike, rebuilt, value] = await Promise.all(reads);
  return {
    local: points,
    global: [x!, y!],
    normal: n,
    abnormal: a,
    sum: whole && { fused: whole, similarity: alike!.values, refined: rebuilt! },
    fusion: value === null ? null : { kind, value },
  };
}

/** What the abnormal branch adds to the sum: w x_a or (1 - lambda) x_a. The caller disposes it. */
function addend(model: BiGrid, abnormal: tf.Tensor4D, value: number | null): tf.Tensor4D {
  return tf.tidy(() => model.fuse({ normal: tf.zerosLike(abnormal), abnormal }, value ?? undefined));
}

async function branchPictures(
  brush: Brush,
  { local, global }: Grid,
  { config: { height, width, channels } }: BiGrid,
  rebuilt: Promise<FeaturePicture>,
): Promise<InsideBranch> {
  const [side, cells] = [local.shape[0], global.shape[0]];
  const most = Math.max(1, Math.floor(MOST_TABLE / cells));
  const tiles = tf.tidy(() => projectedTiles(global, [height, width, channels], brush.axes, most));
  const [, high, wide] = tiles.shape;
  const reads = [brush.own(local, side, side), readOut(tiles), rebuilt] as const;
  const [table, values, picture] = await Promise.all(reads);
  return { local: table, global: { ...sheet(values, cells, [high, wide]), cells }, rebuilt: picture };
}

/** The maps of R x R cells side by side. @param values [R * R, high, wide, 3] */
function sheet(values: Float32Array, cells: number, [high, wide]: readonly [number, number]): FeaturePicture {
  const bytes = colourBytes(values, ownScale(values));
  const row = cells * wide * 3;
  const rgb = new Uint8Array(bytes.length);
  for (let cell = 0; cell < cells * cells; cell++) {
    const [top, left] = [Math.floor(cell / cells) * high, (cell % cells) * wide];
    for (let y = 0; y < high; y++) {
      const from = (cell * high + y) * wide * 3;
      rgb.set(bytes.subarray(from, from + wide * 3), (top + y) * row + left * 3);
    }
  }
  return { width: cells * wide, height: cells * high, rgb };
}

async function numbers(map: tf.Tensor3D): Promise<MapData> {
  const [, height, width] = map.shape;
  return { width, height, values: await readOut(map.clone()) };
}

/** The numbers of a tensor, which is given up. */
export async function readOut(tensor: tf.Tensor): Promise<Float32Array<ArrayBuffer>> {
  try {
    return (await tensor.data<'float32'>()).slice() as Float32Array<ArrayBuffer>;
  } finally {
    tensor.dispose();
  }
}

/** Projects on the device, colours what comes back. */
class Brush {
  readonly axes: tf.Tensor2D;
  /** For what is added to features: nothing added is grey. */
  readonly aroundZero: Pick<FeatureColours, 'middle' | 'spread'>;

  constructor(private readonly colours: FeatureColours) {
    this.axes = tf.tensor2d(colours.axes, [colours.channels, 3]);
    this.aroundZero = { middle: [0, 0, 0], spread: colours.spread };
  }

  /** Of vectors [1, h, w, C], coarser where there are very many. */
  picture(vectors: tf.Tensor4D, scale = this.#scale): Promise<FeaturePicture> {
    const drawn = tf.tidy(() => {
      const [, height, width] = vectors.shape;
      const side = Math.ceil(Math.max(height, width) / MOST_SIDE);
      const map = projected(vectors, this.axes).reshape<tf.Tensor4D>([1, height, width, 3]);
      return side > 1 ? tf.avgPool(map, side, side, 'same') : map;
    });
    const [, height, width] = drawn.shape;
    return this.#read(drawn, { width, height }, () => scale);
  }

  /** Of a table, on its own scale: its cells are no features. */
  own(table: tf.Tensor3D, width: number, height: number): Promise<FeaturePicture> {
    const drawn = tf.tidy(() => projected(table, this.axes));
    return this.#read(drawn, { width, height }, ownScale);
  }

  /** Nothing more is drawn. */
  done(): void {
    this.axes.dispose();
  }

  get #scale(): Pick<FeatureColours, 'middle' | 'spread'> {
    return this.colours;
  }

  async #read(
    drawn: tf.Tensor,
    size: { width: number; height: number },
    scaleOf: (values: Float32Array) => Pick<FeatureColours, 'middle' | 'spread'>,
  ): Promise<FeaturePicture> {
    const values = await readOut(drawn);
    return { ...size, rgb: colourBytes(values, scaleOf(values)) };
  }
}
