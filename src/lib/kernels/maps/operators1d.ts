// Linear operators along one axis of a map, stored as bands: every output sample is a weighted sum of a few
// neighbouring input samples. Upsampling, Gaussian smoothing and average pooling are such operators, so they
// compose on the CPU, in float64, and one kernel applies them (smoothMap.ts). Pure arithmetic, no tensors.
import { weightsAt, type MapAxis } from '../../framing';

/** output[i] = sum over t < taps of weights[i * taps + t] * input[starts[i] + t]. */
export interface Band {
  inputs: number;
  outputs: number;
  /** Inputs that one output may touch; starts[i] + taps never exceeds `inputs`. */
  taps: number;
  starts: Int32Array;
  weights: Float64Array;
}

/** Weight by input index: one row of the operator. */
type Row = Map<number, number>;

/** Bilinear resampling with align_corners=true, as torch's F.interpolate: the first and last samples coincide. */
export function bilinearBand(inputs: number, outputs: number): Band {
  const scale = outputs > 1 ? (inputs - 1) / (outputs - 1) : 0;
  return band(inputs, outputs, (output) => {
    const position = output * scale;
    const low = Math.min(Math.floor(position), Math.max(inputs - 2, 0));
    const fraction = position - low;
    return fraction === 0 ? [[low, 1]] : [[low, 1 - fraction], [low + 1, fraction]]; // prettier-ignore
  });
}

/** Bilinear resampling of pixels by their centres, without antialias, as torch's F.interpolate with align_corners=false. */
export function centredBand(inputs: number, outputs: number): Band {
  return band(inputs, outputs, (output) => {
    const position = Math.min(Math.max(((output + 0.5) * inputs) / outputs - 0.5, 0), inputs - 1);
    const low = Math.min(Math.floor(position), Math.max(inputs - 2, 0));
    const fraction = position - low;
    return fraction === 0 ? [[low, 1]] : [[low, 1 - fraction], [low + 1, fraction]]; // prettier-ignore
  });
}

/**
 * Maps of several inputs, one after the other on the line, brought to where they lie on the image's map: each is enlarged
 * as by bilinearBand(), what lies beyond the image is cut off, and where several overlap they are blended.
 * @param inputs samples of one of them
 */
export function layoutBand(inputs: number, axis: MapAxis): Band {
  const enlarged = bilinearBand(inputs, axis.span);
  return band(inputs * axis.starts.length, axis.size, (output) =>
    weightsAt(axis, output).flatMap(([part, inside, share]) =>
      [...rowOf(enlarged, inside)].map(([input, weight]): [number, number] => [
        part * inputs + input,
        share * weight,
      ]),
    ),
  );
}

/**
 * Gaussian smoothing as scipy.ndimage.gaussian_filter1d does it: radius int(4 sigma + 0.5), mode "reflect"
 * (d c b a | a b c d | d c b a), repeated as often as a radius beyond the map needs. Sigma in samples, >= 0.
 */
export function gaussianBand(samples: number, sigma: number): Band {
  const radius = Math.floor(4 * sigma + 0.5);
  const kernel = gaussianKernel(sigma, radius);
  return band(samples, samples, (output) =>
    Array.from(kernel, (weight, tap) => [reflectSample(output + tap - radius, samples), weight]),
  );
}

/** Average pool of stride 1 that counts the zeros of its padding (torch's count_include_pad=True). */
export function boxBand(inputs: number, width: number, padding: number): Band {
  return band(inputs, inputs + 2 * padding - width + 1, (output) => {
    const first = Math.max(output - padding, 0);
    const last = Math.min(output - padding + width, inputs);
    return Array.from({ length: Math.max(last - first, 0) }, (_, tap) => [first + tap, 1 / width]);
  });
}

export function identityBand(samples: number): Band {
  return band(samples, samples, (output) => [[output, 1]]);
}

/** Averages of `factor` neighbouring samples each; what is left at the end of the line is dropped. */
export function poolBand(inputs: number, factor: number): Band {
  return band(inputs, Math.floor(inputs / factor), (output) =>
    Array.from({ length: factor }, (_, tap) => [output * factor + tap, 1 / factor]),
  );
}

/** Correlation with an odd number of weights, zeros beyond the line: what a convolution layer does along one axis. */
export function filterBand(samples: number, filter: ArrayLike<number>): Band {
  const reach = (filter.length - 1) / 2;
  return band(samples, samples, (output) =>
    Array.from(filter, (weight, tap): [number, number] => [output + tap - reach, weight]).filter(
      ([input]) => input >= 0 && input < samples,
    ),
  );
}

/** Mean of the samples at most `reach` away, of those that there are. */
export function meanBand(samples: number, reach: number): Band {
  return band(samples, samples, (output) => {
    const first = Math.max(output - reach, 0);
    const count = Math.min(output + reach, samples - 1) - first + 1;
    return Array.from({ length: count }, (_, tap) => [first + tap, 1 / count]);
  });
}

/** The operator whose matrix is the transpose: the way back of a gradient. */
export function transposed(operator: Band): Band {
  const rows: [number, number][][] = Array.from({ length: operator.inputs }, () => []);
  for (let output = 0; output < operator.outputs; output++) {
    for (const [input, weight] of rowOf(operator, output)) rows[input]!.push([output, weight]);
  }
  return band(operator.outputs, operator.inputs, (output) => rows[output]!);
}

/** The operator that applies `first`, then `second`. */
export function compose(second: Band, first: Band): Band {
  return band(first.inputs, second.outputs, (output) => {
    const entries: [number, number][] = [];
    for (const [middle, outer] of rowOf(second, output)) {
      for (const [input, inner] of rowOf(first, middle)) entries.push([input, outer * inner]);
    }
    return entries;
  });
}

/** The operator's matrix [outputs, inputs], or its transpose, row by row. */
export function denseBand(operator: Band, turned = false): Float32Array {
  const { inputs, outputs } = operator;
  const matrix = new Float32Array(inputs * outputs);
  for (let output = 0; output < outputs; output++) {
    for (const [input, weight] of rowOf(operator, output)) {
      matrix[turned ? input * outputs + output : output * inputs + input] = weight;
    }
  }
  return matrix;
}

/** Applies the operator to one line of samples. */
export function applyBand(operator: Band, input: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: operator.outputs }, (_, output) => {
    let sum = 0;
    for (const [index, weight] of rowOf(operator, output)) sum += weight * input[index]!;
    return sum;
  });
}

/** Builds a band from each output's (input index, weight) entries; entries on the same input add up. */
function band(inputs: number, outputs: number, entries: (output: number) => [number, number][]): Band {
  const rows: Row[] = Array.from({ length: outputs }, (_, output) => {
    const row: Row = new Map();
    for (const [index, weight] of entries(output)) row.set(index, (row.get(index) ?? 0) + weight);
    return row;
  });
  const extent = (row: Row): number => (row.size ? Math.max(...row.keys()) - Math.min(...row.keys()) + 1 : 1);
  const taps = rows.reduce((most, row) => Math.max(most, extent(row)), 1);
  const starts = new Int32Array(outputs);
  const weights = new Float64Array(outputs * taps);
  rows.forEach((row, output) => {
    // Near the end of the line the band starts earlier, so that it never reaches beyond it.
    const start = row.size ? Math.min(Math.min(...row.keys()), inputs - taps) : 0;
    starts[output] = start;
    for (const [index, weight] of row) weights[output * taps + index - start] = weight;
  });
  return { inputs, outputs, taps, starts, weights };
}

function* rowOf({ taps, starts, weights }: Band, output: number): Generator<[number, number]> {
  for (let tap = 0; tap < taps; tap++) {
    const weight = weights[output * taps + tap]!;
    if (weight !== 0) yield [starts[output]! + tap, weight];
  }
}

function gaussianKernel(sigma: number, radius: number): Float64Array {
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, tap) =>
    radius === 0 ? 1 : Math.exp(-0.5 * ((tap - radius) / sigma) ** 2),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

/** Index of the sample that an index beyond the line mirrors to, the edge sample repeated, any number of times. */
function reflectSample(index: number, samples: number): number {
  const period = 2 * samples;
  const folded = ((index % period) + period) % period;
  return folded < samples ? folded : period - 1 - folded;
}
