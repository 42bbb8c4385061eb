// Batch and instance normalisation and their gradients in plain loops: the numeric reference for shaders/normalise*.wgsl,
// and what runs on the processor, where they take a good part of a training step: so the loops stand where they are used, and
// call nothing for a row. A tensor is seen as [groups, rows, channels].
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

/** Index of the first statistic of a row's group. */
const statisticOf = (row: number, { rows, channels }: Layout): number => Math.floor(row / rows) * channels;

/** Mean and biased variance of each channel of each group. */
export function momentsOf(x: Float32Array, layout: Layout): Statistics {
  const { groups, rows, channels } = layout;
  const [mean, variance] = [new Float64Array(groups * channels), new Float64Array(groups * channels)];
  const count = groups * rows;
  for (let row = 0, first = 0; row < count; row++, first += channels) {
    const s = statisticOf(row, layout);
    for (let c = 0; c < channels; c++) mean[s + c]! += x[first + c]! / rows;
  }
  for (let row = 0, first = 0; row < count; row++, first += channels) {
    const s = statisticOf(row, layout);
    for (let c = 0; c < channels; c++) {
      const difference = x[first + c]! - mean[s + c]!;
      variance[s + c]! += (difference * difference) / rows;
    }
  }
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

/** The unbiased standard deviation. */
function deviationOf(variance: number, rows: number): number {
  return Math.sqrt((variance * rows) / Math.max(rows - 1, 1));
}

function inverseOf(variance: number, rows: number, { epsilon, unbiased }: Normalisation): number {
  return 1 / (unbiased ? deviationOf(variance, rows) + epsilon : Math.sqrt(variance + epsilon));
}

/** One factor a statistic. */
const inversesOf = (variance: Float32Array, { rows }: Layout, how: Normalisation): Float64Array =>
  Float64Array.from(variance, (value) => inverseOf(value, rows, how));

/** y = activation(scale * (x - mean) * inverse + shift) */
export function normalise(
  x: Float32Array,
  { mean, variance }: Statistics,
  { scale, shift }: Affine,
  layout: Layout,
  how: Normalisation,
  y: Float32Array,
): void {
  const { groups, rows, channels } = layout;
  const inverses = inversesOf(variance, layout, how);
  const { activation } = how;
  const linear = activation === 'linear';
  for (let row = 0, first = 0; row < groups * rows; row++, first += channels) {
    const s = statisticOf(row, layout);
    for (let c = 0; c < channels; c++) {
      const normal = (x[first + c]! - mean[s + c]!) * inverses[s + c]!;
      const z = scale[c]! * normal + shift[c]!;
      y[first + c] = linear ? z : activate(z, activation);
    }
  }
}

export interface GradientInputs extends Statistics, Affine {
  x: Float32Array;
  dy: Float32Array;
}

/** Sums over d * n and over d for each statistic: the gradients of scale and shift. */
export function normaliseSums(
  { x, dy, mean, variance, scale, shift }: GradientInputs,
  layout: Layout,
  how: Normalisation,
  scaleGradient: Float32Array,
  shiftGradient: Float32Array,
): void {
  const { groups, rows, channels } = layout;
  const inverses = inversesOf(variance, layout, how);
  const { activation } = how;
  const linear = activation === 'linear';
  for (let row = 0, first = 0; row < groups * rows; row++, first += channels) {
    const s = statisticOf(row, layout);
    for (let c = 0; c < channels; c++) {
      const normal = (x[first + c]! - mean[s + c]!) * inverses[s + c]!;
      const d = linear
        ? dy[first + c]!
        : dy[first + c]! * activationSlope(scale[c]! * normal + shift[c]!, activation);
      scaleGradient[s + c]! += d * normal;
      shiftGradient[s + c]! += d;
    }
  }
}

/** Gradient of x, mean and variance being functions of x. `sums` are pairs: over d, over d * n. */
export function normaliseGradient(
  { x, dy, mean, variance, scale, shift }: GradientInputs,
  sums: Float32Array,
  layout: Layout,
  how: Normalisation,
  dx: Float32Array,
): void {
  const { groups, rows, channels } = layout;
  const inverses = inversesOf(variance, layout, how);
  const factors = Float64Array.from(variance, (value) => deviationFactor(value, rows, how));
  const slopes = inverses.map((inverse, i) => scale[i % channels]! * inverse);
  const means = inverses.map((_, i) => sums[2 * i]! / rows);
  const { activation } = how;
  const linear = activation === 'linear';
  for (let row = 0, first = 0; row < groups * rows; row++, first += channels) {
    const s = statisticOf(row, layout);
    for (let c = 0; c < channels; c++) {
      const normal = (x[first + c]! - mean[s + c]!) * inverses[s + c]!;
      const d = linear
        ? dy[first + c]!
        : dy[first + c]! * activationSlope(scale[c]! * normal + shift[c]!, activation);
      const bend = normal * factors[s + c]! * sums[2 * (s + c) + 1]!;
      dx[first + c] = slopes[s + c]! * (d - means[s + c]! - bend);
    }
  }
}

/** How sum(d * n) enters the gradient; 0 where a channel is constant and has no deviation to differentiate. */
function deviationFactor(variance: number, rows: number, { epsilon, unbiased }: Normalisation): number {
  if (!unbiased) return 1 / rows;
  const deviation = deviationOf(variance, rows);
  return deviation > 0 ? (deviation + epsilon) / ((rows - 1) * deviation) : 0;
}
