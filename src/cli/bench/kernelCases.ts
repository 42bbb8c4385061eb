// Every hand-written kernel beside the same result composed of stock tfjs operations (stockOperations.ts), at the demo
// preset's shapes: what benchKernels.ts times. The overlay has no counterpart and is not here.
import { tf } from '../../lib/gpu/tf';
import { adamwUpdate } from '../../lib/kernels/optimiser/adamw';
import { attendOnGrid } from '../../lib/kernels/attention/attention';
import { tokenAttention } from '../../lib/kernels/attention/tokenAttention';
import { channelMeans } from '../../lib/kernels/convolution/channelMeans';
import { clipScale } from '../../lib/kernels/optimiser/clipScale';
import { convolution } from '../../lib/kernels/convolution/convolution';
import { narrowConvolution3x3 } from '../../lib/kernels/convolution/convolutionTraining';
import { coresetDistances, pickCoreset } from '../../lib/kernels/search/coreset';
import { depthwiseConvolution } from '../../lib/kernels/convolution/depthwiseConvolution';
import { depthwise3x3 } from '../../lib/kernels/convolution/depthwiseTraining';
import { distanceMap } from '../../lib/kernels/maps/distanceMap';
import { gatedHardSwish } from '../../lib/kernels/convolution/gatedHardSwish';
import { gaussianNoise } from '../../lib/kernels/noise/gaussianNoise';
import { gridSample } from '../../lib/kernels/gridSample/gridSample';
import { layerNorm } from '../../lib/kernels/normalise/layerNorm';
import { linear } from '../../lib/kernels/linear/linear';
import { mapExtremes } from '../../lib/kernels/maps/mapExtremes';
import { nearestNeighbours } from '../../lib/kernels/search/nearestNeighbours';
import { nonFinite } from '../../lib/kernels/maps/nonFinite';
import {
  batchNormInference,
  batchNormTraining,
  instanceNormalise,
} from '../../lib/kernels/normalise/normalise';
import { pasteBlock } from '../../lib/kernels/maps/pasteBlock';
import { scoreMaps } from '../../lib/kernels/maps/smoothMap';
import { squeezeExcite } from '../../lib/kernels/convolution/squeezeExcite';
import { meanSquaredError, weightedSum } from '../../lib/kernels/linear/weightedSum';
import * as stock from './stockOperations';

type T1 = tf.Tensor1D;
type T2 = tf.Tensor2D;
type T3 = tf.Tensor3D;
type T4 = tf.Tensor4D;
/** Inputs of a case have the ranks of its shapes; which they are, the compiler is told case by case. */
type Operation = (...inputs: never[]) => tf.Tensor | tf.Tensor[];

export interface KernelCase {
  name: string;
  shapes: number[][];
  kernel: Operation;
  stock: Operation;
  /** Timed together with all gradients. */
  trains?: boolean;
  /** The kernel writes its inputs. */
  inPlace?: boolean;
}

/** Batch, side and width of a decoder's maps, and channels of phi, in the demo preset. */
const [B, S, W, C] = [8, 16, 64, 32];
const [MAPS, PHI, PIXELS] = [[B, S, S, W], [B, S, S, C], B * S * S];
/** Tokens of an attention layer per side, its heads, and the neighbourhood hidden from each token. */
const ATTENTION = { heads: 8, grid: [8, 8], hidden: [3, 3] } as const;
const TOKENS = [B, 64, W];
/** Cells per side of the local and the global table. */
const [LOCAL, GLOBAL] = [8, 4];
const EPSILON = 1e-5;
const STEP = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, step: 1 };

const dense = (x: T4, weight: T2, bias: T1) => linear(x, weight, bias);
const sample = (table: T3, coords: T2) => gridSample(table, coords);

const PICKS = 16;
/** Picks as a tensor, the first point first. */
const coreset = (points: T2) => {
  const picks = tf.fill<tf.Rank.R1>([PICKS], 0);
  pickCoreset(points, coresetDistances(points.shape[0], 0), picks, { from: 0, to: PICKS });
  return picks;
};

/** The operations that train; each is timed with its gradients. */
const TRAINING: KernelCase[] = [
  {
    name: 'grid sample, local table',
    shapes: [
      [LOCAL, LOCAL, C],
      [PIXELS, 2],
    ],
    kernel: sample,
    stock: stock.gridSample,
  },
  {
    name: 'grid sample, global table',
    shapes: [
      [GLOBAL, GLOBAL, S * S * C],
      [B, 2],
    ],
    kernel: sample,
    stock: stock.gridSample,
  },
  {
    name: 'batch norm, hard-swish',
    shapes: [MAPS, [W], [W]],
    kernel: (x: T4, scale: T1, shift: T1) =>
      batchNormTraining(x, scale, shift, { epsilon: EPSILON, activation: 'hard-swish' }).y,
    stock: (x: T4, scale: T1, shift: T1) => stock.hardSwish(stock.batchNorm(x, scale, shift, EPSILON)),
  },
  {
    name: 'instance norm',
    shapes: [MAPS],
    kernel: (x: T4) => instanceNormalise(x, EPSILON),
    stock: (x: T4) => stock.instanceNorm(x, EPSILON),
  },
  { name: 'linear, to 1x1 convolution', shapes: [MAPS, [W, W], [W]], kernel: dense, stock: stock.pointwise },
  { name: 'linear, to matMul', shapes: [MAPS, [W, W], [W]], kernel: dense, stock: stock.matrixProduct },
  { name: 'depthwise 3x3', shapes: [MAPS, [3, 3, W, 1]], kernel: depthwise3x3, stock: stock.depthwise },
  { name: 'channel means', shapes: [MAPS], kernel: channelMeans, stock: (x: T4) => x.mean([1, 2]) },
  {
    name: 'gate, hard-swish',
    shapes: [MAPS, [B, W]],
    kernel: gatedHardSwish,
    stock: (x: T4, gate: T2) => stock.hardSwish(stock.gated(x, gate)),
  },
  {
    name: 'attention, neighbours hidden',
    shapes: [TOKENS, TOKENS, TOKENS],
    kernel: (q: T3, k: T3, v: T3) => attendOnGrid(q, k, v, ATTENTION),
    stock: (q: T3, k: T3, v: T3) => stock.attention(q, k, v, ATTENTION),
  },
  {
    name: 'token attention',
    shapes: [[1, 257, 3 * 128]],
    kernel: (qkv: T3) => tokenAttention(qkv, 2),
    stock: (qkv: T3) => stock.tokenAttention(qkv, 2),
  },
  {
    name: 'layer norm',
    shapes: [TOKENS, [W], [W]],
    kernel: layerNorm,
    stock: (x: T3, scale: T1, shift: T1) => stock.layerNorm(x, scale, shift, EPSILON),
  },
  {
    name: 'convolution 3x3 of few channels',
    shapes: [
      [2, 64, 64, 16],
      [3, 3, 16, 16],
    ],
    kernel: narrowConvolution3x3,
    stock: (x: T4, filter: T4) => tf.conv2d(x, filter, 1, 'same'),
  },
  {
    name: 'fusion, squared error',
    shapes: [PHI, PHI, [], PHI],
    kernel: (a: T4, b: T4, weight: tf.Scalar, phi: T4) => meanSquaredError(phi, weightedSum(a, b, weight)),
    stock: (a: T4, b: T4, weight: tf.Scalar, phi: T4) =>
      phi
        .sub(a.add(b.mul(weight)))
        .square()
        .mean(),
  },
];

/** The operations that only run forward. */
const FORWARD: KernelCase[] = [
  {
    name: 'batch norm, hard-swish',
    shapes: [MAPS, [W], [W], [W], [W]],
    kernel: (x: T4, mean: T1, variance: T1, scale: T1, shift: T1) =>
      batchNormInference(x, mean, variance, scale, shift, { epsilon: EPSILON, activation: 'hard-swish' }),
    stock: (x: T4, mean: T1, variance: T1, scale: T1, shift: T1) =>
      stock.hardSwish(tf.batchNorm(x, mean, variance, shift, scale, EPSILON)),
  },
  {
    name: 'convolution 3x3, bias, relu',
    shapes: [MAPS, [3, 3, W, W], [W]],
    kernel: (x: T4, filter: T4, bias: T1) => convolution(x, filter, bias, { activation: 'relu' }),
    stock: (x: T4, filter: T4, bias: T1) => tf.conv2d(x, filter, 1, 'same').add(bias).relu(),
  },
  {
    name: 'depthwise 3x3, bias, relu6',
    shapes: [MAPS, [3, 3, W], [W]],
    kernel: (x: T4, filter: T3, bias: T1) => depthwiseConvolution(x, filter, bias, { activation: 'relu6' }),
    stock: (x: T4, filter: T3, bias: T1) => stock.depthwise(x, filter.expandDims(-1)).add(bias).relu6(),
  },
  {
    name: 'squeeze and excite',
    shapes: [MAPS, [16, W], [16], [16, W], [W]],
    kernel: (x: T4, reduce: T2, reduceBias: T1, expand: T2, expandBias: T1) =>
      squeezeExcite(x, { reduce, reduceBias, expand, expandBias }),
    stock: stock.squeezeExcite,
  },
  {
    name: 'paste block',
    shapes: [PHI, [B, S, S], [B]],
    kernel: (phi: T4, mask: T3, intensity: T1) => pasteBlock(phi, mask, intensity),
    stock: stock.pasteBlock,
  },
  {
    name: 'refined distance map',
    shapes: [PHI, PHI],
    kernel: (phi: T4, xPre: T4) => distanceMap(phi, xPre, true),
    stock: stock.distanceMap,
  },
  {
    name: 'upsample x8, smooth',
    shapes: [[1, S, S]],
    kernel: (map: T3) => scoreMaps(map, 8 * S, 'gauss').pixels,
    stock: (map: T3) => stock.upsampleAndSmooth(map, 8 * S, (4 * 8 * S) / 256),
  },
  {
    name: 'map extremes',
    shapes: [[1, 8 * S, 8 * S]],
    kernel: mapExtremes,
    stock: (map: T3) => tf.stack([map.min([1, 2]), map.max([1, 2])], 1),
  },
  {
    name: 'count of NaN and infinities',
    shapes: [PHI],
    kernel: nonFinite,
    stock: (x: T4) => x.isFinite().logicalNot().toFloat().mul(1).sum([1, 2, 3]),
  },
  {
    // No two generators draw the same numbers: both are multiplied by zero.
    name: 'Gaussian noise',
    shapes: [MAPS],
    kernel: (x: T4) => gaussianNoise(x.shape, 1, [1, 2]).mul(0),
    stock: (x: T4) => tf.randomNormal(x.shape, 0, 1, 'float32', 1).mul(0),
  },
  {
    name: 'nearest of 2,000 patches',
    shapes: [
      [S * S, W],
      [W, 2000],
    ],
    kernel: (queries: T2, bank: T2) => nearestNeighbours(queries, bank).distances,
    stock: stock.nearestDistance,
  },
  {
    name: 'coreset, 16 picks of 8,192',
    shapes: [[8192, W]],
    kernel: coreset,
    stock: (points: T2) => stock.coreset(points, PICKS),
  },
  {
    name: 'AdamW, 131,072 parameters',
    shapes: Array<number[]>(4)
      .fill([GLOBAL, GLOBAL, S * S * C])
      .concat([[]]),
    kernel: (parameter: tf.Variable, m: tf.Variable, v: tf.Variable, gradient: T3, scale: tf.Scalar) => {
      adamwUpdate(parameter, m, v, gradient, scale, STEP);
      return [parameter, m, v];
    },
    stock: stock.adamw,
    inPlace: true,
  },
  {
    name: 'gradient norm of 35 tensors',
    shapes: Array<number[]>(35).fill([W, W]),
    kernel: (...gradients: T2[]) => Object.values(clipScale(gradients, 0.1)),
    stock: (...gradients: T2[]) => stock.clipScale(gradients, 0.1),
  },
];

export const KERNEL_CASES: readonly KernelCase[] = [
  ...TRAINING.map((kernelCase) => ({ ...kernelCase, trains: true })),
  ...FORWARD,
];
