// Feature vectors as colours: their first three principal components as red, green and blue. The components come from a
// sample of feature vectors once, so that what is learned later changes the pictures and not what their colours mean.

/** Three directions in feature space with their middle and spread: what a colour means. */
export interface FeatureColours {
  channels: number;
  /** [C, 3], row-major: orthonormal columns, largest variance first; zero where there is no third direction. */
  axes: Float32Array;
  /** Of the sample along each direction. */
  middle: [number, number, number];
  spread: [number, number, number];
}

const COMPONENTS = 3;
const ROUNDS = 30;
/** So many standard deviations from the middle a colour is full. */
const REACH = 2.5;

/**
 * The colours of a sample.
 * @param rows vectors of C values each, at least one, as many as matter: a few hundred
 */
export function featureColours(rows: Float32Array, channels: number): FeatureColours {
  const axes = leadingAxes(centredRows(rows, channels), channels);
  const { mean: middle, spread } = momentsOf(project(rows, axes, channels));
  return { channels, axes: Float32Array.from(axes), middle, spread };
}

/** Pixels, whose three values in 0..1 are colours already. */
export const PIXEL_COLOURS: FeatureColours = {
  channels: 3,
  axes: Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]),
  middle: [0.5, 0.5, 0.5],
  spread: [0.5 / REACH, 0.5 / REACH, 0.5 / REACH],
};

/**
 * Bytes R, G, B of projected vectors.
 * @param projected 3 numbers a vector; not finite ones become grey
 */
export function colourBytes(
  projected: Float32Array,
  { middle, spread }: Pick<FeatureColours, 'middle' | 'spread'>,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(projected, (value, i) => {
    const axis = i % COMPONENTS;
    const offset = (value - middle[axis]!) / (2 * REACH * (spread[axis]! || 1));
    return Math.round(255 * Math.min(1, Math.max(0, 0.5 + (Number.isFinite(offset) ? offset : 0))));
  });
}

/** The middle and spread of projected vectors themselves: for tables, which are no features and have a scale of their own. */
export function ownScale(projected: Float32Array): Pick<FeatureColours, 'middle' | 'spread'> {
  const { mean: middle, spread } = momentsOf(projected);
  return { middle, spread };
}

type Three = [number, number, number];

function momentsOf(projected: ArrayLike<number>): { mean: Three; spread: Three } {
  const rows = Math.max(1, projected.length / COMPONENTS);
  const mean: Three = [0, 0, 0];
  const spread: Three = [0, 0, 0];
  for (let i = 0; i < projected.length; i++) mean[i % COMPONENTS]! += projected[i]! / rows;
  for (let i = 0; i < projected.length; i++)
    spread[i % COMPONENTS]! += (projected[i]! - mean[i % COMPONENTS]!) ** 2 / rows;
  return { mean, spread: spread.map(Math.sqrt) as Three };
}

function centredRows(rows: Float32Array, channels: number): Float64Array {
  const count = rows.length / channels;
  const mean = new Float64Array(channels);
  for (let i = 0; i < rows.length; i++) mean[i % channels]! += rows[i]! / count;
  return Float64Array.from(rows, (value, i) => value - mean[i % channels]!);
}

function project(rows: ArrayLike<number>, axes: Float64Array, channels: number): Float64Array {
  const count = rows.length / channels;
  const along = new Float64Array(count * COMPONENTS);
  for (let row = 0; row < count; row++) {
    for (let channel = 0; channel < channels; channel++) {
      const value = rows[row * channels + channel]!;
      for (let k = 0; k < COMPONENTS; k++)
        along[row * COMPONENTS + k]! += value * axes[channel * COMPONENTS + k]!;
    }
  }
  return along;
}

/** Orthogonal iteration on the covariance, which is never formed: [C, 3]. The same rows give the same axes. */
function leadingAxes(centred: Float64Array, channels: number): Float64Array {
  let axes = orthonormal(startAxes(channels), channels);
  for (let round = 0; round < ROUNDS; round++) {
    const along = project(centred, axes, channels);
    const next = new Float64Array(channels * COMPONENTS);
    for (let i = 0; i < centred.length; i++) {
      const [row, channel] = [Math.floor(i / channels), i % channels];
      for (let k = 0; k < COMPONENTS; k++)
        next[channel * COMPONENTS + k]! += centred[i]! * along[row * COMPONENTS + k]!;
    }
    axes = orthonormal(next, channels);
  }
  return facing(axes, channels);
}

/** Not orthogonal to anything in particular, and always the same. */
const startAxes = (channels: number): Float64Array =>
  Float64Array.from({ length: channels * COMPONENTS }, (_, i) => Math.sin(1 + 1.7 * i) + (i % 5) / 7);

/** Gram and Schmidt; a column that the others span becomes zero. */
function orthonormal(columns: Float64Array, channels: number): Float64Array {
  for (let k = 0; k < COMPONENTS; k++) {
    const before = lengthOf(columns, channels, k);
    for (let other = 0; other < k; other++) {
      let dot = 0;
      for (let i = k, j = other; i < columns.length; i += COMPONENTS, j += COMPONENTS)
        dot += columns[i]! * columns[j]!;
      for (let i = k, j = other; i < columns.length; i += COMPONENTS, j += COMPONENTS)
        columns[i]! -= dot * columns[j]!;
    }
    const length = lengthOf(columns, channels, k);
    const scale = length > 1e-9 * before && length > 0 ? 1 / length : 0;
    for (let i = k; i < columns.length; i += COMPONENTS) columns[i]! *= scale;
  }
  return columns;
}

function lengthOf(columns: Float64Array, channels: number, k: number): number {
  let square = 0;
  for (let channel = 0; channel < channels; channel++) square += columns[channel * COMPONENTS + k]! ** 2;
  return Math.sqrt(square);
}

/** Of the two ways an axis may point the one in which its largest entry is positive. */
function facing(axes: Float64Array, channels: number): Float64Array {
  for (let k = 0; k < COMPONENTS; k++) {
    let largest = 0;
    for (let channel = 0; channel < channels; channel++) {
      const value = axes[channel * COMPONENTS + k]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    if (largest < 0) for (let i = k; i < axes.length; i += COMPONENTS) axes[i]! *= -1;
  }
  return axes;
}
