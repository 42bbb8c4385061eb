// Batch and instance normalisation and their gradients in plain loops: the numeric reference for shaders/normalise*.wgsl,
// and what runs on the cpu backend. A tensor is seen as [groups, rows, channels].
import { activate, activationSlope, type TrainedActivation } from '../convolution/activation';

export interface Layout {
  groups: number;
  rows: number;
  channels: number;
}

export interface Normalisation {
  epsilon: number;
  /** false: divide by sqrt(variance + epsilon). true: by the unbiased standard deviation plus epsilon. */
  unbiased: boolean;
  activation: TrainedActivation;
}

export interface Statistics {
  /** [groups, channels] */
  mean: Float32Array;
  /** [groups, channels], biased */
  variance: Float32Array;
}

export interface Affine {
  /** [channels] */
  scale: Float32Array;
  shift: Float32Array;
}

/** Calls `visit` for every element with the number of its statistic. */
function each(
  { groups, rows, channels }: Layout,
  visit: (index: number, statistic: number, channel: number) => void,
): void {
  for (let index = 0; index < groups * rows * channels; index++) {
    const channel = index % channels;
    visit(index, Math.floor(index / (rows * channels)) * channels + channel, channel);
  }
}

/** Mean and biased variance of each channel of each group. */
export function momentsOf(x: Float32Array, layout: Layout): Statistics {
  const size = layout.groups * layout.channels;
  const [mean, variance] = [new Float64Array(size), new Float64Array(size)];
  each(layout, (i, s) => (mean[s]! += x[i]! / layout.rows));
  each(layout, (i, s) => (variance[s]! += (x[i]! - mean[s]!) ** 2 / layout.rows));
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/** The unbiased standard deviation. */
function deviationOf(variance: number, rows: number): number {
  return Math.sqrt((variance * rows) / Math.max(rows - 1, 1));
}

function inverseOf(variance: number, rows: number, { epsilon, unbiased }: Normalisation): number {
  return 1 / (unbiased ? deviationOf(variance, rows) + epsilon : Math.sqrt(variance + epsilon));
}

/** y = activation(scale * (x - mean) * inverse + shift) */
export function normalise(
  x: Float32Array,
  { mean, variance }: Statistics,
  { scale, shift }: Affine,
  layout: Layout,
  how: Normalisation,
  y: Float32Array,
): void {
  each(layout, (i, s, c) => {
    const normal = (x[i]! - mean[s]!) * inverseOf(variance[s]!, layout.rows, how);
    y[i] = activate(scale[c]! * normal + shift[c]!, how.activation);
  });
}

export interface GradientInputs extends Statistics, Affine {
  x: Float32Array;
  dy: Float32Array;
}

/** The normalised value and the gradient before the activation, at one element. */
function before(inputs: GradientInputs, layout: Layout, how: Normalisation, i: number, s: number, c: number) {
  const { x, dy, mean, variance, scale, shift } = inputs;
  const normal = (x[i]! - mean[s]!) * inverseOf(variance[s]!, layout.rows, how);
  return { normal, d: dy[i]! * activationSlope(scale[c]! * normal + shift[c]!, how.activation) };
}

/** Sums over d * n and over d for each statistic: the gradients of scale and shift. */
export function normaliseSums(
  inputs: GradientInputs,
  layout: Layout,
  how: Normalisation,
  scaleGradient: Float32Array,
  shiftGradient: Float32Array,
): void {
  each(layout, (i, s, c) => {
    const { normal, d } = before(inputs, layout, how, i, s, c);
    scaleGradient[s]! += d * normal;
    shiftGradient[s]! += d;
  });
}

/** Gradient of x, mean and variance being functions of x. `sums` are pairs: over d, over d * n. */
export function normaliseGradient(
  inputs: GradientInputs,
  sums: Float32Array,
  layout: Layout,
  how: Normalisation,
  dx: Float32Array,
): void {
  const { rows } = layout;
  each(layout, (i, s, c) => {
    const { normal, d } = before(inputs, layout, how, i, s, c);
    const variance = inputs.variance[s]!;
    const factor = inputs.scale[c]! * inverseOf(variance, rows, how);
    const slope = deviationFactor(variance, rows, how);
    dx[i] = factor * (d - sums[2 * s]! / rows - normal * slope * sums[2 * s + 1]!);
  });
}

/** How sum(d * n) enters the gradient; 0 where a channel is constant and has no deviation to differentiate. */
function deviationFactor(variance: number, rows: number, { epsilon, unbiased }: Normalisation): number {
  if (!unbiased) return 1 / rows;
  const deviation = deviationOf(variance, rows);
  return deviation > 0 ? (deviation + epsilon) / ((rows - 1) * deviation) : 0;
}
