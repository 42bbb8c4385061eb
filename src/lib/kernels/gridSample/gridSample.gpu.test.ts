// Grid sampling and its gradients: against torch, against finite differences, on borders and odd sizes, and the
// same bits twice.
import { describe, expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { expectClose, golden } from '../../../testing/golden';
import { describeAllBackends, describeWebgpu } from '../../../testing/gpu';
import { gridSample } from './gridSample';
import { sampleGrid, sampleGridCoordsGradient, sampleGridTableGradient } from './gridSampleReference';

interface Result {
  sampled: Float32Array;
  table: Float32Array;
  coords: Float32Array;
}

/** Forward pass and both gradients for a given gradient of the output. */
async function run(table: tf.Tensor3D, coords: tf.Tensor2D, dy: tf.Tensor2D): Promise<Result> {
  const { value, grads } = tf.valueAndGrads((t: tf.Tensor, c: tf.Tensor) =>
    gridSample(t as tf.Tensor3D, c as tf.Tensor2D),
  )([table, coords], dy);
  const read = async (tensor: tf.Tensor) => (await tensor.data()) as Float32Array;
  const result = { sampled: await read(value), table: await read(grads[0]!), coords: await read(grads[1]!) };
  tf.dispose([value, ...grads]);
  return result;
}

/** What the reference computes, in one place for all tests. */
function reference(table: Float32Array, coords: Float32Array, dy: Float32Array, side: number): Result {
  const sizes = { side, channels: table.length / side ** 2 };
  const result = {
    sampled: new Float32Array(dy.length),
    table: new Float32Array(table.length),
    coords: new Float32Array(coords.length),
  };
  sampleGrid(table, coords, sizes, result.sampled);
  sampleGridTableGradient(coords, dy, sizes, result.table);
  sampleGridCoordsGradient(table, coords, dy, sizes, result.coords);
  return result;
}

/** Values in [-1, 1) that look random and are the same at every run. */
function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (Math.sin((i + 1) * 12.9898 + seed) * 43758.5453) % 1);
}

async function runNoise(
  side: number,
  channels: number,
  points: number,
  spread = 1.3,
): Promise<[Result, Result]> {
  const [table, dy] = [noise(side * side * channels, 1), noise(points * channels, 2)];
  const coords = noise(2 * points, 3).map((value) => value * spread);
  const tensors = [
    tf.tensor3d(table, [side, side, channels]),
    tf.tensor2d(coords, [points, 2]),
    tf.tensor2d(dy, [points, channels]),
  ] as const;
  const actual = await run(...tensors);
  tf.dispose([...tensors]);
  return [actual, reference(table, coords, dy, side)];
}

function expectSame(actual: Result, expected: Result): void {
  expectClose(actual.sampled, expected.sampled);
  expectClose(actual.table, expected.table);
  expectClose(actual.coords, expected.coords);
}

describe('gridSample against torch', () => {
  describeAllBackends('sampling, table gradient, coordinates gradient', () => {
    const read = golden('grid_sample');

    /** [C, R, R] -> [R, R, C] */
    const table = (name: string): tf.Tensor3D => {
      const { shape, data } = read(name);
      return tf.tidy(() => tf.tensor3d(data, shape as [number, number, number]).transpose([1, 2, 0]));
    };
    /** [B, C, H, W] -> [B * H * W, C] */
    const rows = (name: string): tf.Tensor2D => {
      const { shape, data } = read(name);
      return tf.tidy(() => {
        const nchw = tf.tensor4d(data, shape as [number, number, number, number]);
        return nchw.transpose([0, 2, 3, 1]).reshape([-1, shape[1]!]);
      });
    };

    it.each(['small', 'local8', 'local32'])('%s', async (name) => {
      const coords = tf.tensor2d(read(`${name}.coords`).data, [read(`${name}.coords`).data.length / 2, 2]);
      const actual = await run(table(`${name}.grid`), coords, rows(`${name}.grad_out`));
      expectClose(actual.sampled, await rows(`${name}.out`).data());
      expectClose(actual.table, await table(`${name}.grad_grid`).data());
      expectClose(actual.coords, read(`${name}.grad_coords`).data);
    });
  });
});

describeAllBackends('gridSample', () => {
  it('agrees with finite differences', async () => {
    const [side, channels, step] = [3, 2, 1e-2];
    const [table, dy] = [noise(side * side * channels, 1), noise(4 * channels, 2)];
    const coords = Float32Array.from([-0.5, 0.2, 0.1, 0.15, 0.55, -0.4, 0.9, 0.95]);
    const loss = (t: Float32Array, c: Float32Array) =>
      reference(t, c, dy, side).sampled.reduce((sum, value, i) => sum + value * dy[i]!, 0);
    const slope = (values: Float32Array, f: (moved: Float32Array) => number) =>
      values.map((_, i) => {
        const moved = (by: number) => values.map((value, j) => (i === j ? value + by : value));
        return (f(moved(step)) - f(moved(-step))) / (2 * step);
      });
    const actual = await run(
      tf.tensor3d(table, [side, side, channels]),
      tf.tensor2d(coords, [4, 2]),
      tf.tensor2d(dy, [4, channels]),
    );
    expectClose(
      actual.table,
      slope(table, (t) => loss(t, coords)),
      { atol: 1e-3 },
    );
    expectClose(
      actual.coords,
      slope(coords, (c) => loss(table, c)),
      { atol: 1e-3 },
    );
  });

  it('gives zeros and no gradient outside, and half a cell at the outer edge', async () => {
    const table = tf.ones<tf.Rank.R3>([4, 4, 1]);
    const coords = tf.tensor2d([-1, 0, 1, 0, -1.25, 0, 1.25, 0, 5, -7, -1e9, 1e9], [6, 2]);
    const actual = await run(table, coords, tf.ones([6, 1]));
    expect([...actual.sampled]).toEqual([0.5, 0.5, 0, 0, 0, 0]);
    expect([...actual.coords.subarray(8)]).toEqual([0, 0, 0, 0]);
    expect(actual.table.reduce((sum, value) => sum + value, 0)).toBe(1);
  });

  it('returns the table itself at the cell centres', async () => {
    const values = noise(9, 5);
    const centres = [-2 / 3, 0, 2 / 3].flatMap((y) => [-2 / 3, 0, 2 / 3].flatMap((x) => [x, y]));
    const sampled = tf.tidy(() => gridSample(tf.tensor3d(values, [3, 3, 1]), tf.tensor2d(centres, [9, 2])));
    expectClose(await sampled.data(), values, { rtol: 0, atol: 1e-6 });
  });

  it('refuses a table that is not square and coordinates that are not pairs', () => {
    expect(() => gridSample(tf.zeros([2, 3, 1]), tf.zeros([1, 2]))).toThrow(/square/);
    expect(() => gridSample(tf.zeros([2, 2, 1]), tf.zeros([1, 3]))).toThrow(/\[N, 2\]/);
  });
});

describeWebgpu('gridSample on webgpu', () => {
  // Sides, channels and points off every tile size, on both sides of every switch in gridSample.ts.
  it.each([
    { side: 1, channels: 1, points: 1 },
    { side: 5, channels: 3, points: 17 },
    { side: 8, channels: 33, points: 255 },
    { side: 7, channels: 65, points: 700 },
    { side: 32, channels: 5, points: 300 },
    { side: 4, channels: 513, points: 3 },
    { side: 4, channels: 5000, points: 5 },
  ])('agrees with the reference: side $side, $channels channels, $points points', async (sizes) => {
    const [actual, expected] = await runNoise(sizes.side, sizes.channels, sizes.points);
    expectSame(actual, expected);
  });

  it('agrees with the reference when all points crowd into one cell', async () => {
    const [actual, expected] = await runNoise(8, 8, 1000, 0.05);
    expectSame(actual, expected);
  });

  it('gives the same bits twice', async () => {
    const [first] = await runNoise(8, 40, 600);
    const [second] = await runNoise(8, 40, 600);
    expect(first).toEqual(second);
  });

  it('leaves no tensor and no memory behind', async () => {
    await runNoise(6, 12, 300);
    const before = tf.memory();
    await runNoise(6, 12, 300);
    expect(tf.memory()).toEqual(before);
  });
});
