// The position embedding of a grid of another size than the trained one, as timm makes it: torch's bicubic interpolation
// with antialias, whose kernel (a = -0.5) is widened where the grid shrinks. On the processor, once a size.

/** Catmull-Rom's: what torch takes with antialias; without it would be -0.75. */
const A = -0.5;
const REACH = 2;

interface Taps {
  first: number;
  weights: number[];
}

/**
 * @param positions [grid * grid, channels], row by row
 * @returns [height * width, channels]; the very same values where the size is the trained one
 */
export function resampledPositions(
  positions: Float32Array,
  grid: number,
  { height, width }: { height: number; width: number },
): Float32Array {
  if (height === grid && width === grid) return positions;
  const channels = positions.length / grid ** 2;
  // Along rows first, as torch does; rounded to float32 in between, as it keeps them.
  const across = resampled(positions, { outer: grid, inner: channels }, tapsOf(grid, width));
  return resampled(across, { outer: 1, inner: width * channels }, tapsOf(grid, height));
}

/** Resamples the middle axis of [outer, taps' inputs, inner]. */
function resampled(
  values: Float32Array,
  { outer, inner }: { outer: number; inner: number },
  taps: readonly Taps[],
): Float32Array {
  const span = values.length / outer;
  const result = new Float32Array(outer * taps.length * inner);
  for (let o = 0; o < outer; o++) {
    taps.forEach(({ first, weights }, t) => {
      const to = (o * taps.length + t) * inner;
      for (let i = 0; i < inner; i++) {
        let sum = 0;
        for (let w = 0; w < weights.length; w++) {
          sum += weights[w]! * values[o * span + (first + w) * inner + i]!;
        }
        result[to + i] = sum;
      }
    });
  }
  return result;
}

/** Which inputs make each of `outputs` places, and with what weights; they add up to 1. */
function tapsOf(inputs: number, outputs: number): Taps[] {
  const scale = inputs / outputs;
  const stretch = Math.max(scale, 1);
  const support = REACH * stretch;
  return Array.from({ length: outputs }, (_, output) => {
    const centre = scale * (output + 0.5);
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const end = Math.min(Math.trunc(centre + support + 0.5), inputs);
    const raw = Array.from({ length: end - first }, (_, i) => cubic((first + i - centre + 0.5) / stretch));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: raw.map((weight) => weight / total) };
  });
}

function cubic(signed: number): number {
  const x = Math.abs(signed);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < REACH ? (((x - 5) * x + 8) * x - 4) * A : 0;
}
