// Times every hand-written kernel against the same operation made of stock ones, on the engine's device. Both run in turn, so
// that a busy machine slows both; a kernel that computes something else than its counterpart fails the bench.
import { settle } from '../../lib/gpu/backend';
import { tf } from '../../lib/gpu/tf';
import type { Measurement } from './measurement';
import { KERNEL_CASES, type KernelCase } from './kernelCases';
import type { Workbench } from './workbench';

const ROUNDS = 5;
/** A round repeats an operation until it takes about this long, in milliseconds. */
const ROUND_MS = 30;
/** Largest deviation from the stock result, as a share of its largest value. */
const TOLERANCE = 1e-3;

/** One line a kernel: its time, and the ratio to the stock operations' time (below 1: the kernel is faster). */
export async function benchKernels(workbench: Workbench): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const kernelCase of KERNEL_CASES) {
    workbench.progress.update(`kernel ${results.length + 1}/${KERNEL_CASES.length}: ${kernelCase.name}`);
    results.push(await measureKernel(kernelCase));
  }
  return results;
}

/** An operation with the inputs it runs on. */
interface Run {
  inputs: tf.Tensor[];
  compute(): tf.Tensor[];
}

/** @throws Error when the kernel's result is not the stock operations' */
export async function measureKernel(kernelCase: KernelCase): Promise<Measurement> {
  const { name, trains } = kernelCase;
  const [kernel, stock] = [runOf(kernelCase, 'kernel'), runOf(kernelCase, 'stock')];
  await assertEqual(name, await read(stock), await read(kernel));
  const repeats = [await repeatsFor(kernel), await repeatsFor(stock)] as const;
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    times[0].push(await timed(kernel, repeats[0]));
    times[1].push(await timed(stock, repeats[1]));
  }
  tf.dispose([kernel.inputs, stock.inputs]);
  const [ours, theirs] = times.map((values) => Math.min(...values)) as [number, number];
  const yardstick = 'stock operations';
  return { name: trains ? `${name}, with gradients` : name, ms: ours, ratio: ours / theirs, yardstick };
}

/** The operation on inputs of its own, drawn from the same seeds for both implementations. */
function runOf({ shapes, trains, inPlace, ...operations }: KernelCase, which: 'kernel' | 'stock'): Run {
  const operation = operations[which] as (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  const inputs = shapes.map((shape, i) => {
    const values = tf.randomUniform(shape, 0.1, 0.9, 'float32', i + 1);
    return inPlace && which === 'kernel' ? tf.variable(values) : values;
  });
  if (!trains) return { inputs, compute: () => [operation(...inputs)].flat() };
  const differentiate = tf.grads(operation as (...inputs: tf.Tensor[]) => tf.Tensor);
  const { shape } = tf.tidy(() => operation(...inputs)) as tf.Tensor;
  const dy = tf.randomUniform(shape, -1, 1, 'float32', 0);
  return { inputs: [...inputs, dy], compute: () => differentiate(inputs, dy) };
}

async function timed({ compute }: Run, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) tf.tidy(() => void compute());
  await settle();
  return (performance.now() - start) / repeats;
}

/** Once to warm up, then by the time it takes. */
async function repeatsFor(run: Run): Promise<number> {
  await timed(run, 1);
  return Math.max(1, Math.round(ROUND_MS / (await timed(run, 1))));
}

async function read({ compute }: Run): Promise<Float32Array[]> {
  const tensors = tf.tidy(compute);
  const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  return values.map((array) => array.slice());
}

async function assertEqual(name: string, expected: Float32Array[], actual: Float32Array[]): Promise<void> {
  expected.forEach((values, i) => {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    const apart = values.reduce((most, value, j) => Math.max(most, Math.abs(value - actual[i]![j]!)), 0);
    if (!(apart <= TOLERANCE * largest)) {
      throw new Error(
        `kernel ${name}: result ${i} differs from the stock operations' by ${apart} of ${largest}`,
      );
    }
  });
}
