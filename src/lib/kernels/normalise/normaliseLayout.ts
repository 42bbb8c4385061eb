// What the normalisation kernels share: how they see a tensor, and how the work is cut.
import momentsSource from '../../../../shaders/normalise/normalise_moments.wgsl';
import normaliseSource from '../../../../shaders/normalise/normalise.wgsl';
import { constantOf } from '../../gpu/shader';
import { keptVector } from '../../gpu/kept';
import { tf, type WebGPUBackend } from '../../gpu/tf';
import { ACTIVATION_CODES } from '../convolution/activation';
import type { Layout, Normalisation } from './normaliseReference';

export type Attributes = Layout & Normalisation;
export type Statistic = 'mean' | 'variance';
export type Affine = 'scale' | 'shift';

/** Channels and rows of a workgroup that writes every element. */
const LANES = constantOf(normaliseSource, 'LANES');
const ROWS = constantOf(normaliseSource, 'ROWS');
/** Rows of a slice of sums, and threads of the shaders that make the sums and put them together. */
const SLICE = constantOf(momentsSource, 'SLICE');
const THREADS = constantOf(momentsSource, 'THREADS');

/** The sums over slices of rows: how many slices, how many sums, how many workgroups make them. */
export function slicesOf({ groups, rows, channels }: Layout) {
  const slices = Math.ceil(rows / SLICE);
  const count = groups * slices * channels;
  return { slices, count, workgroups: Math.ceil(count / THREADS) };
}

/** Workgroups of the shaders that write every element. */
export function rowGroups({ groups, rows, channels }: Layout): [number, number, number] {
  return [Math.ceil(channels / LANES), Math.ceil(rows / ROWS), groups];
}

/** Workgroups of the shaders that put the slices of every statistic together. */
export function statisticGroups({ groups, channels }: Layout): number {
  return Math.ceil((groups * channels) / THREADS);
}

/** Constants and uniforms that the shaders share which normalise. */
export function settings({ rows, channels, epsilon, unbiased, activation }: Attributes) {
  return {
    constants: { UNBIASED: Number(unbiased), ACTIVATION: ACTIVATION_CODES[activation] },
    uniforms: { rows, channels, epsilon },
  };
}

/** [..., C] as `groups` equal stretches of rows. */
export function layoutOf(x: tf.TensorInfo, groups: number): Layout {
  const channels = x.shape.at(-1) ?? 1;
  return { groups, rows: tf.util.sizeFromShape(x.shape) / (groups * channels), channels };
}

/** Batch statistics are [C]; those of images [B, C]. */
export function statisticShapes({ groups, channels }: Layout): number[][] {
  const shape = groups === 1 ? [channels] : [groups, channels];
  return [shape, shape];
}

/** @throws Error unless every vector has one value per channel of x */
export function checkChannels(operation: string, x: tf.Tensor, vectors: tf.Tensor[]): void {
  for (const vector of vectors) tf.util.assertShapesMatch(vector.shape, [x.shape.at(-1)!], `${operation}: `);
}

/** Scale and shift that change nothing. */
export const plainAffine = ({ channels }: Layout): Record<Affine, Float32Array> => ({
  scale: new Float32Array(channels).fill(1),
  shift: new Float32Array(channels),
});

/** The same on the GPU. */
export const keptAffine = (backend: WebGPUBackend, { channels }: Layout): Record<Affine, tf.TensorInfo> => ({
  scale: keptVector(backend, channels, 1),
  shift: keptVector(backend, channels, 0),
});
