// Every hand-written kernel on fixed inputs, at sizes that fit the tiles of no shader, with every set of pipeline
// constants and with gradients where there are any: what `bench checksums` takes digests of.
import { colormap } from '../../lib/overlay/colormaps';
import { backendDevice } from '../../lib/gpu/backend';
import { tf } from '../../lib/gpu/tf';
import { attendOnGrid, type AttentionOptions } from '../../lib/kernels/attention/attention';
import { tokenAttention } from '../../lib/kernels/attention/tokenAttention';
import type { Activation, TrainedActivation } from '../../lib/kernels/convolution/activation';
import { channelMeans } from '../../lib/kernels/convolution/channelMeans';
import { convolution } from '../../lib/kernels/convolution/convolution';
import { convolution3x3, narrowConvolution3x3 } from '../../lib/kernels/convolution/convolutionTraining';
import { depthwiseConvolution } from '../../lib/kernels/convolution/depthwiseConvolution';
import { depthwise3x3 } from '../../lib/kernels/convolution/depthwiseTraining';
import { gatedHardSwish } from '../../lib/kernels/convolution/gatedHardSwish';
import { squeezeExcite } from '../../lib/kernels/convolution/squeezeExcite';
import { gridSample } from '../../lib/kernels/gridSample/gridSample';
import { branchMaps } from '../../lib/kernels/inference/branchMaps';
import { foldNorm } from '../../lib/kernels/inference/foldNorm';
import { gridQuery } from '../../lib/kernels/inference/gridQuery';
import { scaleChannels } from '../../lib/kernels/inference/normaliseFeatures';
import { normaliseImage } from '../../lib/kernels/inference/normaliseImage';
import { pointwise } from '../../lib/kernels/inference/pointwise';
import { vectorNetwork } from '../../lib/kernels/inference/vectorNetwork';
import { linear } from '../../lib/kernels/linear/linear';
import { forceTiles } from '../../lib/kernels/linear/tiling';
import { meanSquaredError, weightedSum } from '../../lib/kernels/linear/weightedSum';
import { checkedRow } from '../../lib/kernels/maps/checkedRow';
import { distanceMap } from '../../lib/kernels/maps/distanceMap';
import { mapExtremes } from '../../lib/kernels/maps/mapExtremes';
import { nonFinite } from '../../lib/kernels/maps/nonFinite';
import { OverlayRenderer } from '../../lib/kernels/maps/overlay';
import { pasteBlock } from '../../lib/kernels/maps/pasteBlock';
import { scoreMaps } from '../../lib/kernels/maps/smoothMap';
import { dropout } from '../../lib/kernels/noise/dropout';
import { featureJitter } from '../../lib/kernels/noise/featureJitter';
import { gaussianNoise } from '../../lib/kernels/noise/gaussianNoise';
import { layerNorm } from '../../lib/kernels/normalise/layerNorm';
import {
  batchNormInference,
  batchNormTraining,
  instanceNormalise,
} from '../../lib/kernels/normalise/normalise';
import { followStatistics } from '../../lib/kernels/normalise/runningStatistics';
import { adamwUpdate } from '../../lib/kernels/optimiser/adamw';
import { clipScale } from '../../lib/kernels/optimiser/clipScale';
import { collectRows } from '../../lib/kernels/search/collectRows';
import { coresetDistances, pickCoreset } from '../../lib/kernels/search/coreset';
import { mahalanobis, packedSize } from '../../lib/kernels/search/mahalanobis';
import { nearestNeighbours } from '../../lib/kernels/search/nearestNeighbours';

type T1 = tf.Tensor1D;
type T2 = tf.Tensor2D;
type T3 = tf.Tensor3D;
type T4 = tf.Tensor4D;
type Bits = Float32Array | Int32Array | Uint8Array | Uint8ClampedArray;

export interface ChecksumCase {
  /** Unique and stable: results are compared under it. */
  name: string;
  /** All results, gradients last. */
  run(): Promise<Bits[]>;
}

/** Seeded inputs in [-1, 1), the same on every machine. */
const draw = (shape: number[], seed: number) => tf.randomUniform(shape, -1, 1, 'float32', seed);
const drawAll = (shapes: number[][]) => shapes.map((shape, i) => draw(shape, i + 1));

/** An operation on inputs drawn for the shapes. */
function forward(
  name: string,
  shapes: number[][],
  compute: (...inputs: never[]) => tf.Tensor | tf.Tensor[],
): ChecksumCase {
  const operation = compute as (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  return {
    name: nameOf(name, shapes),
    run: () => read(() => [operation(...drawAll(shapes))].flat()),
  };
}

/** The same with the gradients of all inputs. */
function training(
  name: string,
  shapes: number[][],
  compute: (...inputs: never[]) => tf.Tensor,
): ChecksumCase {
  const operation = compute as (...inputs: tf.Tensor[]) => tf.Tensor;
  const results = () => {
    const inputs = drawAll(shapes);
    const value = operation(...inputs);
    return [value, ...tf.grads(operation)(inputs, draw(value.shape, 0))];
  };
  return { name: `${nameOf(name, shapes)} and gradients`, run: () => read(results) };
}

const nameOf = (name: string, shapes: number[][]) =>
  `${name}: ${shapes.map((shape) => shape.join('x')).join(' ')}`;

async function read(compute: () => tf.Tensor[]): Promise<Bits[]> {
  const tensors = tf.tidy(compute);
  try {
    return await Promise.all(
      tensors.map(async (tensor) => (await tensor.data()) as Float32Array | Int32Array),
    );
  } finally {
    tf.dispose(tensors);
  }
}

/** More elements than one dimension holds workgroups of 64 for. */
const SPREAD = 64 * 65_535 + 65;

const gridSampleCases = [[3, 5, 7], [8, 33, 300], [4, 272, 255], [5, 70, 3000]].map(
  ([side, channels, points]) =>
    training('grid sample', [[side!, side!, channels!], [points!, 2]], (table: T3, coords: T2) =>
      // Some points lie outside.
      gridSample(table, coords.mul(1.2)),
    ),
); // prettier-ignore

const linearCases = [[3, 5, 7], [70, 33, 31], [65, 8, 65], [9, 2000, 5], [1, 1, 1]].flatMap(
  ([rows, inner, columns]) => [
    training('linear', [[rows!, inner!], [inner!, columns!]], (x: T2, weight: T2) => linear(x, weight)),
    training('linear with bias', [[rows!, inner!], [inner!, columns!], [columns!]], linear<T2>),
  ],
); // prettier-ignore

const fusionCases = [[7], [33, 65]].flatMap((shape) => [
  training('weighted sum', [shape, shape, []], weightedSum<tf.Tensor>),
  training('squared error', [shape, shape], meanSquaredError),
]);

/** Results on both sides of every bend of the activations. */
const large = (x: T4) => x.mul<T4>(9);

const convolutionCases = (['linear', 'relu', 'relu6', 'silu'] satisfies Activation[]).flatMap((activation) =>
  [
    { kernel: 3, stride: 1, padding: 'symmetric' as const },
    { kernel: 3, stride: 2, padding: 'same' as const },
    { kernel: 1, stride: 1, padding: 'symmetric' as const },
    { kernel: 5, stride: 2, padding: 'symmetric' as const },
  ].flatMap(({ kernel, stride, padding }) => {
    const options = { stride, padding, activation };
    const label = `${kernel}x${kernel}/${stride}, ${padding}, ${activation}`;
    const [x, filter] = [[2, 7, 9, 8], [kernel, kernel, 8, 12]]; // prettier-ignore
    const size = (length: number) => Math.ceil(length / stride);
    const residual = [2, size(7), size(9), 12];
    const dense = [x!, filter!, [12]];
    return [
      forward(`convolution ${label}`, dense, (a: T4, f: T4, bias: T1) =>
        convolution(large(a), f, bias, options),
      ),
      forward(`gated convolution ${label}`, [...dense, [2, 8]], (a: T4, f: T4, bias: T1, gate: T2) =>
        convolution(large(a), f, bias, { ...options, gate }),
      ),
      forward(`convolution and sum ${label}`, [...dense, residual], (a: T4, f: T4, bias: T1, added: T4) =>
        convolution(large(a), f, bias, { ...options, residual: added }),
      ),
      forward(
        `gated convolution and sum ${label}`,
        [...dense, [2, 8], residual],
        (a: T4, f: T4, bias: T1, gate: T2, added: T4) =>
          convolution(large(a), f, bias, { ...options, gate, residual: added }),
      ),
      forward(`depthwise convolution ${label}`, [x!, [kernel, kernel, 8], [8]], (a: T4, f: T3, bias: T1) =>
        depthwiseConvolution(large(a), f, bias, options),
      ),
    ];
  }),
);

const BATCHES = [
  [3, 5],
  [2, 9, 11, 33],
  [5, 8, 8, 64],
];

const batchStatisticsCases = BATCHES.map((x) =>
  forward('batch statistics', [x, [x.at(-1)!], [x.at(-1)!]], (a: T4, scale: T1, shift: T1) => {
    const { mean, variance } = batchNormTraining(a, scale, shift, { epsilon: 1e-5 });
    return [mean, variance];
  }),
);

const decoderCases = [[1, 3, 5, 3], [2, 7, 9, 12], [3, 16, 13, 65]].flatMap((x) => [
  training('depthwise 3x3', [x, [3, 3, x[3]!, 1]], depthwise3x3),
  training('channel means', [x], channelMeans),
  training('gated hard-swish', [x, [x[0]!, x[3]!]], gatedHardSwish),
  training('instance norm', [x], (a: T4) => instanceNormalise(a, 1e-5)),
]); // prettier-ignore

const trainedConvolutionCases = [
  training('convolution 3x3', [[2, 5, 7, 4], [3, 3, 4, 8]], convolution3x3),
  training('narrow convolution 3x3', [[2, 5, 7, 4], [3, 3, 4, 8]], narrowConvolution3x3),
]; // prettier-ignore

const batchNormCases = (['linear', 'relu', 'hard-swish'] satisfies TrainedActivation[]).flatMap((activation) =>
  BATCHES.flatMap((x) => {
    const options = { epsilon: 1e-5, activation };
    const channels = [x.at(-1)!];
    return [
      training(`batch norm, ${activation}`, [x, channels, channels], (a: T4, scale: T1, shift: T1) =>
        batchNormTraining(a.mul(4), scale, shift, options).y,
      ),
      forward(
        `batch norm inference, ${activation}`,
        [x, channels, channels, channels, channels],
        (a: T4, mean: T1, variance: T1, scale: T1, shift: T1) =>
          batchNormInference(a.mul(4), mean, variance.abs(), scale, shift, options),
      ),
    ];
  }),
); // prettier-ignore

const attentionCases = [4, 8, 12, 16, 20, 24, 28, 32].flatMap((head) =>
  (
    [
      { heads: 2, grid: [5, 7], hidden: null },
      { heads: 3, grid: [7, 5], hidden: [3, 5], dropout: { rate: 0.3, seed: 7 } },
    ] satisfies AttentionOptions[]
  ).map((options) => {
    const tokens = [2, 35, options.heads * head];
    const label = options.hidden ? 'attention, neighbours hidden, dropout' : 'attention';
    return training(label, [tokens, tokens, tokens], (q: T3, k: T3, v: T3) => attendOnGrid(q, k, v, options));
  }),
);

const tokenCases = [36, 64].map((head) =>
  forward('token attention', [[2, 45, 9 * head]], (qkv: T3) => tokenAttention(qkv, 3)),
);

const transformerCases = [[3, 4], [2, 33, 20], [5, 65, 272]].flatMap((x) => [
  training('layer norm', [x, [x.at(-1)!], [x.at(-1)!]], layerNorm<T3>),
  training('dropout', [x], (a: T3) => dropout(a, 0.4, 4_000_000_001)),
  forward('feature jitter', [x], (a: T3) => featureJitter(a, 20, 3_000_000_007)),
  forward('Gaussian noise', [x], (a: T3) => gaussianNoise(a.shape, 0.5, [4_000_000_001, 17])),
]); // prettier-ignore

const squeezeCases = [[1, 3, 5, 4, 1], [3, 7, 9, 36, 33], [2, 8, 8, 264, 256]].map(([b, h, w, c, reduced]) =>
  forward(
    'squeeze and excite',
    [[b!, h!, w!, c!], [reduced!, c!], [reduced!], [reduced!, c!], [c!]],
    (x: T4, reduce: T2, reduceBias: T1, expand: T2, expandBias: T1) =>
      squeezeExcite(x, { reduce, reduceBias, expand, expandBias }),
  ),
); // prettier-ignore

const mapCases = [[1, 3, 5, 3], [2, 7, 9, 33], [3, 16, 13, 272]].flatMap((phi) => {
  const map = phi.slice(0, 3);
  const [batch, , , channels] = phi as [number, number, number, number];
  return [
    forward('distance map', [phi, phi], (a: T4, b: T4) => distanceMap(a, b, false)),
    forward('refined distance map', [phi, phi], (a: T4, b: T4) => distanceMap(a.mul(5), b.mul(5), true)),
    forward('refined distance map of likes', [phi, phi], (a: T4, b: T4) => distanceMap(a, a.add(b.mul(1e-3)), true)),
    forward('paste block', [phi, map, [batch]], (a: T4, mask: T3, intensity: T1) =>
      pasteBlock(a, tf.relu(mask), intensity),
    ),
    forward('paste block, directed', [phi, map, [batch], [batch, channels]], (a: T4, mask: T3, i: T1, to: T2) =>
      pasteBlock(a, mask, i, to),
    ),
    forward('map extremes', [map], mapExtremes),
    forward('count of NaN and infinities', [phi], (a: T4) => nonFinite(tf.div(a, tf.relu(a)))),
    ...(['none', 'gauss', 'crad'] as const).map((smoothing) =>
      forward(`scored map, ${smoothing}`, [map], (a: T3) => {
        const { pixels, image } = scoreMaps(a, 67, smoothing);
        return [pixels, image];
      }),
    ),
  ];
}); // prettier-ignore

/** The overlay is no tensor: its pixels. */
function overlayCase(name: string, size: [number, number], threshold: number | null): ChecksumCase {
  return {
    name: `overlay, ${name}`,
    async run() {
      const map = draw([5, 7], 1) as T2;
      const renderer = new OverlayRenderer(backendDevice());
      const look = { lut: colormap('viridis'), opacity: 0.6, fade: 0.3, threshold, lineWidth: 1.5 };
      const range: [number, number] = [-0.8, 0.9];
      const given = await renderer.renderToPixels(map, { ...look, range }, ...size);
      const measured = tf.tidy(() => mapExtremes(map.expandDims(0)));
      const found = await renderer.renderToPixels(map, { ...look, range: measured }, ...size);
      renderer.dispose();
      tf.dispose([map, measured]);
      return [given, found];
    },
  };
}

const overlayCases = [
  overlayCase('with contour', [61, 43], 0.2),
  overlayCase('without contour', [33, 21], null),
  overlayCase('smaller than its map', [3, 2], 0.1),
];

/** Layers that do not train, by the shaders that a graphics adapter takes. */
const inferenceCases = [
  forward(
    'pointwise, all around it',
    [[2, 5, 3, 12], [12, 20], [2, 20], [2, 12], [2, 5, 3, 20]],
    (x: T4, weight: T2, affine: T2, gate: T2, residual: T4) =>
      pointwise(x, weight, { affine, gate, residual }),
  ),
  forward('pointwise, hard-swish', [[37, 12], [12, 36], [36]], (x: T2, weight: T2, affine: T1) =>
    pointwise(x.mul<T2>(4), weight, { affine, activation: 'hard-swish' }),
  ),
  forward('pointwise, few columns', [[37, 12], [12, 2], [2]], (x: T2, weight: T2, affine: T1) =>
    pointwise(x, weight, { affine, activation: 'tanh' }),
  ),
  forward('folded norm', Array<number[]>(4).fill([9]), (mean: T1, v: T1, scale: T1, shift: T1) => {
    const affine = tf.variable(tf.zeros<tf.Rank.R2>([2, 9]), false);
    foldNorm(affine, { mean, variance: v.abs(), scale, shift }, 1e-5);
    return copies([affine]);
  }),
  forward('grid query', [[3, 3, 120], [5, 5, 6], [2, 2], [40, 2]], gridQuery),
  ...[false, true].map((refine) =>
    forward(
      `branch maps, refined: ${refine}`,
      [[2, 3, 5, 12], [2, 3, 5, 12], [2, 3, 5, 12], [1]],
      (phi: T4, a: T4, b: T4, weight: T1) =>
        Object.values(branchMaps(phi, a, b, { normal: 1, abnormal: 1, weight }, refine)),
    ),
  ),
  forward('scaled channels', [[3, 5, 9]], (x: T3) =>
    scaleChannels(x, { mean: Float32Array.from({ length: 9 }, Math.sin), factor: Float32Array.from({ length: 9 }, Math.exp) }),
  ),
  forward('image norm', [[2, 9, 7, 36]], (x: T4) => normaliseImage(x, 1e-6)),
  training('vector network', [[3, 20], [20, 5], [5, 20]], (x: T2, first: T2, second: T2) =>
    vectorNetwork(
      x,
      { weight: first, bias: null, activation: 'relu' },
      { weight: second, bias: null, activation: 'hard-sigmoid' },
    ),
  ),
  training('vector network with biases', [[2, 30], [30, 29], [29, 2], [29], [2]], (x: T2, first: T2, second: T2, a: T1, b: T1) =>
    vectorNetwork(x, { weight: first, bias: a, activation: 'tanh' }, { weight: second, bias: b, activation: 'tanh' }),
  ),
  forward('row that is read back', [[2, 16], [2], [2, 7, 50]], checkedRow),
  training('batch norm and sum', [[2, 9, 11, 36], [36], [36], [2, 9, 11, 36]], (x: T4, scale: T1, shift: T1, residual: T4) =>
    batchNormTraining(x, scale, shift, { epsilon: 1e-5, activation: 'relu', residual }).y,
  ),
]; // prettier-ignore

const searchCases = [[5, 3, 7], [70, 20, 130], [65, 33, 2000]].flatMap(([queries, channels, points]) => [
  forward('three nearest', [[queries!, channels!], [channels!, points!]], (a: T2, bank: T2) => {
    const { distances, indices } = nearestNeighbours(a, bank, 3);
    return [distances, indices];
  }),
  forward('coreset', [[points!, 4 * Math.ceil(channels! / 4)]], (a: T2) => {
    const [distances, picks] = [coresetDistances(points!, 1), tf.fill<tf.Rank.R1>([6], 0)];
    pickCoreset(a, distances, picks, { from: 0, to: 4 });
    pickCoreset(a, distances, picks, { from: 4, to: 6 });
    return [picks, distances];
  }),
  forward('collect rows', [[queries!, channels!]], (rows: T2) => {
    const store = tf.fill<tf.Rank.R2>([2 * queries!, channels! + 2], 0.5);
    const targets = Array.from({ length: queries! }, (_, i) => (i % 3 === 0 ? -1 : 2 * i));
    collectRows(rows, tf.tensor1d(targets), store);
    return store;
  }),
  forward('Mahalanobis', [[3, 2, 3, channels!], [6, 3], [6, packedSize(3)]], (phi: T4, mean: T2, whitening: T2) =>
    mahalanobis(phi, { channels: tf.tensor1d([0, 2, 1]), mean, whitening }),
  ),
]); // prettier-ignore

const optimiserCases = [[3], [65, 33], [17, 31, 63]].flatMap((shape) => [
  forward('AdamW', [shape, shape, shape, shape, []], (p: T3, m: T3, v: T3, gradient: T3, scale: tf.Scalar) => {
    const [parameter, first, second] = [p, m, v.abs()].map((tensor) => tf.variable(tensor as tf.Tensor));
    const step = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };
    for (const number of [1, 2]) {
      adamwUpdate(parameter!, first!, second!, gradient, scale, { ...step, step: number });
    }
    return copies([parameter!, first!, second!]);
  }),
  forward('gradient norm', [shape, [7], [129, 129]], (...gradients: tf.Tensor[]) =>
    Object.values(clipScale(gradients, 0.1)),
  ),
]); // prettier-ignore

const statisticsCases = [3, 65].map((channels) =>
  forward(
    'running statistics',
    Array<number[]>(4).fill([channels]),
    (m: T1, v: T1, mean: T1, variance: T1) => {
      const [runningMean, runningVariance] = [tf.variable(m), tf.variable(v.abs())];
      followStatistics(
        runningMean,
        runningVariance,
        { mean, variance: variance.abs() as T1 },
        { momentum: 0.1, rows: 33 },
      );
      return copies([runningMean, runningVariance]);
    },
  ),
);

/** Variables outlive a tidy; what they hold now is what counts. */
function copies(variables: tf.Variable[]): tf.Tensor[] {
  const tensors = variables.map((variable) => variable.add(0));
  tf.dispose(variables);
  return tensors;
}

const wideCases = [
  forward('scored map, wide', [[2, 5, 130]], (map: T3) => scoreMaps(map, 41, 'gauss').pixels),
];

const spreadCases = [training('dropout, spread over x and y', [[SPREAD]], (x: T1) => dropout(x, 0.5, 3))];

/** By tiles on any adapter. */
const tiledCases = [
  // A sum long enough to be cut.
  forward('linear by tiles', [[64, 1032], [1032, 48], [48]], linear<T2>),
  forward('nearest by tiles', [[70, 20], [20, 131]], (queries: T2, bank: T2) => {
    const { distances, indices } = nearestNeighbours(queries, bank);
    return [distances, indices];
  }),
].map(({ name, run }) => ({
  name,
  run: async () => {
    forceTiles(true);
    try {
      return await run();
    } finally {
      forceTiles(null);
    }
  },
})); // prettier-ignore

export const CHECKSUM_CASES: readonly ChecksumCase[] = [
  ...gridSampleCases,
  ...linearCases,
  ...tiledCases,
  ...fusionCases,
  ...convolutionCases,
  ...decoderCases,
  ...trainedConvolutionCases,
  ...batchStatisticsCases,
  ...batchNormCases,
  ...attentionCases,
  ...tokenCases,
  ...transformerCases,
  ...squeezeCases,
  ...mapCases,
  ...wideCases,
  ...overlayCases,
  ...inferenceCases,
  ...searchCases,
  ...optimiserCases,
  ...statisticsCases,
  ...spreadCases,
];
