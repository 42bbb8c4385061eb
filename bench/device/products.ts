// Products and convolutions by every variant: right against float64 at six shapes, and how fast at the paper's.
import { flush, settle } from '../../src/lib/gpu/backend';
import { profile } from '../../src/lib/gpu/profiler';
import { tf } from '../../src/lib/gpu/tf';
import type { Tiling } from '../../src/lib/kernels/linear/tiles';
import { underTiling, variants, type Variant } from './variants';

export interface Deviation {
  variant: string;
  shape: string;
  /** Largest difference from float64 over the samples, as a share of the largest value; a message where it failed. */
  deviation: number | string;
}

export interface Timing {
  shape: string;
  variant: string;
  milliseconds: number;
  teraflops: number;
  /** Of a tiled product: what it was, and its name in a table of tilings. */
  tiling: Tiling | null;
  shapeClass: string | null;
}

/** Elements of a result that are computed again in float64. */
const SAMPLES = 96;

type Matrix = { values: Float32Array; shape: number[] };

const PRODUCTS = [[1, 1, 1], [65, 33, 70], [1024, 544, 544]] as const; // prettier-ignore
/** Batch, side, channels, outputs: the forward pass and both gradients of each. */
const CONVOLUTIONS = [[1, 5, 4, 8], [2, 9, 12, 20], [1, 32, 544, 544]] as const; // prettier-ignore

/** @param tiny without the paper's shapes */
export async function checkVariants(tiny: boolean): Promise<Deviation[]> {
  const found: Deviation[] = [];
  const note = async (variant: string, shape: string, check: () => Promise<number>) => {
    found.push({ variant, shape, deviation: await check().catch((error: Error) => error.message) });
  };
  const few = tiny ? 2 : 3;
  for (const variant of variants(tiny)) {
    await underTiling(variant, () => check(variant, few, note));
  }
  return found;
}

type Note = (variant: string, shape: string, check: () => Promise<number>) => Promise<void>;

async function check(variant: Variant, few: number, note: Note): Promise<void> {
  for (const [m, k, n] of PRODUCTS.slice(0, few)) {
    await note(variant.name, `${m}x${k}x${n}`, () => productDeviation(variant, m, k, n));
  }
  if (!variant.convolution) return;
  for (const shape of CONVOLUTIONS.slice(0, few)) {
    for (const pass of ['forward', 'dX', 'dW'] as const) {
      const name = `3x3 ${pass} ${shape.join('x')}`;
      await note(variant.name, name, () => convolutionDeviation(variant, shape, pass));
    }
  }
}

async function productDeviation(variant: Variant, m: number, k: number, n: number): Promise<number> {
  const [a, b] = [tf.randomNormal<tf.Rank.R2>([m, k], 0, 1, 'float32', 1), tf.randomNormal<tf.Rank.R2>([k, n], 0, 1, 'float32', 2)]; // prettier-ignore
  const [x, y, z] = await readAll([a, b, variant.product(a, b)]);
  return deviation(z!, (at) => {
    const [row, column] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let i = 0; i < k; i++) sum += x!.values[row * k + i]! * y!.values[i * n + column]!;
    return sum;
  });
}

async function convolutionDeviation(
  variant: Variant,
  [batch, side, channels, outputs]: readonly [number, number, number, number],
  pass: 'forward' | 'dX' | 'dW',
): Promise<number> {
  const draw = (shape: [number, number, number, number], seed: number) =>
    tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', seed);
  const x = draw([batch, side, side, channels], 1);
  const filter = draw([3, 3, channels, outputs], 2);
  const dy = draw([batch, side, side, outputs], 3);
  const convolve = variant.convolution!;
  const result = tf.tidy(() => {
    if (pass === 'forward') return convolve(x, filter);
    if (pass === 'dX') return tf.grad((value: tf.Tensor) => convolve(value as tf.Tensor4D, filter))(x, dy);
    return tf.grad((value: tf.Tensor) => convolve(x, value as tf.Tensor4D))(filter, dy);
  });
  const [xs, fs, ds, out] = (await readAll([x, filter, dy, result])).map(({ values }) => values);
  const inside = (at: number) => at >= 0 && at < side;
  const pixel = (b: number, row: number, column: number) => (b * side + row) * side + column;
  const reference = (at: number): number => {
    let sum = 0;
    if (pass === 'dW') {
      const [o, c] = [at % outputs, Math.floor(at / outputs) % channels];
      const tap = Math.floor(at / outputs / channels);
      const [down, right] = [Math.floor(tap / 3) - 1, (tap % 3) - 1];
      for (let b = 0; b < batch; b++)
        for (let row = 0; row < side; row++)
          for (let column = 0; column < side; column++)
            if (inside(row + down) && inside(column + right))
              sum +=
                xs![pixel(b, row + down, column + right) * channels + c]! *
                ds![pixel(b, row, column) * outputs + o]!;
      return sum;
    }
    // Forward: over inputs and taps; dX: over outputs and turned taps.
    const [depth, width] = pass === 'forward' ? [channels, outputs] : [outputs, channels];
    const sign = pass === 'forward' ? 1 : -1;
    const place = Math.floor(at / width);
    const [b, row, column] = [Math.floor(place / side / side), Math.floor(place / side) % side, place % side];
    for (let tap = 0; tap < 9; tap++) {
      const [r, c] = [row + sign * (Math.floor(tap / 3) - 1), column + sign * ((tap % 3) - 1)];
      if (!inside(r) || !inside(c)) continue;
      const from = pixel(b, r, c) * depth;
      for (let i = 0; i < depth; i++) {
        const [ci, o] = pass === 'forward' ? [i, at % width] : [at % width, i];
        sum += (pass === 'forward' ? xs! : ds!)[from + i]! * fs![(tap * channels + ci) * outputs + o]!;
      }
    }
    return sum;
  };
  return deviation({ values: out!, shape: [] }, reference);
}

/** Reads and disposes. */
async function readAll(tensors: readonly tf.Tensor[]): Promise<Matrix[]> {
  const read = tensors.map(async (tensor) => ({
    values: await tensor.data<'float32'>(),
    shape: tensor.shape,
  }));
  const all = await Promise.all(read);
  tf.dispose([...tensors]);
  return all;
}

/** Over evenly spread elements. */
function deviation({ values }: Matrix, reference: (at: number) => number): number {
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  let [apart, largest] = [0, 1e-6];
  for (let at = 0; at < values.length; at += step) {
    const expected = reference(at);
    apart = Math.max(apart, Math.abs(values[at]! - expected));
    largest = Math.max(largest, Math.abs(expected));
  }
  // NaN is no small difference.
  return apart / largest;
}

/**
 * The GPU's time for every variant at every shape; one that fails is left out.
 * @param until the time at which no other variant is begun, by performance.now()
 * @throws TimestampsMissing
 */
export async function timeVariants(device: GPUDevice, tiny: boolean, until: number): Promise<Timing[]> {
  const [side, channels, square] = tiny ? [8, 16, 128] : [32, 544, 4096];
  const timings: Timing[] = [];
  const draw = (shape: number[]) => tf.randomNormal(shape, 0, 1, 'float32', 1);
  for (const variant of variants(tiny)) {
    if (performance.now() > until) break;
    const { product, convolution } = variant;
    /** @param skipped dispatches at the beginning that do not count @returns how many there were */
    const time = async (shape: string, flops: number, work: () => tf.Tensor, skipped = 0) => {
      const measure = () => gpuTime(device, work, skipped).catch(() => null);
      const { result, shapeClass } = await underTiling(variant, measure);
      if (result === null) return 0;
      const { milliseconds, dispatches } = result;
      const tiling = variant.tiling ?? null;
      timings.push({
        ...{ shape, variant: variant.name, milliseconds, teraflops: flops / milliseconds / 1e9 },
        ...{ tiling, shapeClass },
      });
      return dispatches;
    };
    // Cutting the inner sum pays where there are few workgroups.
    if (!variant.tiling || variant.tiling.slices === 1) {
      const [a, b] = [draw([square, square]) as tf.Tensor2D, draw([square, square]) as tf.Tensor2D];
      await time('square product', 2 * square ** 3, () => product(a, b));
      tf.dispose([a, b]);
    }
    for (const batch of [1, tiny ? 2 : 16]) {
      const rows = batch * side * side;
      const [a, b] = [draw([rows, channels]) as tf.Tensor2D, draw([channels, channels]) as tf.Tensor2D];
      await time(`1x1, batch ${batch}`, 2 * rows * channels ** 2, () => product(a, b));
      tf.dispose([a, b]);
      if (!convolution) continue;
      const x = draw([batch, side, side, channels]) as tf.Tensor4D;
      const filter = draw([3, 3, channels, channels]) as tf.Tensor4D;
      const dy = draw([batch, side, side, channels]) as tf.Tensor4D;
      const flops = 18 * rows * channels ** 2;
      const forward = await time(`3x3 forward, batch ${batch}`, flops, () => convolution(x, filter));
      // tfjs goes forward before it goes back: the gradient is what comes after.
      for (const [name, of] of [
        ['dX', x],
        ['dW', filter],
      ] as const) {
        const gradient = gradientOf(convolution, x, filter, of, dy);
        await time(`3x3 ${name}, batch ${batch}`, flops, gradient, forward);
      }
      tf.dispose([x, filter, dy]);
    }
  }
  return timings;
}

function gradientOf(
  convolution: NonNullable<Variant['convolution']>,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  of: tf.Tensor4D,
  dy: tf.Tensor4D,
): () => tf.Tensor {
  const y = (value: tf.Tensor) =>
    of === x ? convolution(value as tf.Tensor4D, filter) : convolution(x, value as tf.Tensor4D);
  return () => tf.tidy(() => tf.grad(y)(of, dy));
}

/** Runs of which the fastest counts, after two that compile and warm up. */
const RUNS = 5;

/** Time of the kernels alone, in their order, without the first `skipped`. @throws TimestampsMissing */
async function gpuTime(
  device: GPUDevice,
  work: () => tf.Tensor,
  skipped: number,
): Promise<{ milliseconds: number; dispatches: number }> {
  for (let run = 0; run < 2; run++) work().dispose();
  let [milliseconds, dispatches] = [Infinity, 0];
  for (let run = 0; run < RUNS; run++) {
    await settle();
    const times = await profile(device, async () => {
      work().dispose();
      flush();
    });
    dispatches = times.length;
    const sum = times.slice(skipped).reduce((all, { nanoseconds }) => all + nanoseconds / 1e6, 0);
    milliseconds = Math.min(milliseconds, sum);
  }
  return { milliseconds, dispatches };
}
