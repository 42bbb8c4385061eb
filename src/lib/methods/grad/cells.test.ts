import { expect, it } from 'vitest';
import { tf } from '../../gpu/tf';
import { gridSample } from '../../kernels/gridSample/gridSample';
import { occupancy, readersOf, sampledCells } from './cells';

/** A point in the middle of the table, one at its border, one that falls on a cell's centre. */
const POINTS = [0.13, -0.42, -0.99, 0.97, 0.5, 0.5];

it('names the cells and weights that sampling reads', async () => {
  await tf.setBackend('cpu');
  const side = 4;
  const table = tf.tensor3d(Float32Array.from({ length: side * side }, (_, i) => Math.cos(3 * i)), [side, side, 1]); // prettier-ignore
  const read = await gridSample(table, tf.tensor2d(POINTS, [3, 2])).data();
  const values = await table.data();
  for (let i = 0; i < 3; i++) {
    const cells = sampledCells(POINTS[2 * i]!, POINTS[2 * i + 1]!, side);
    const sum = cells.reduce((total, { row, column, weight }) => total + weight * values[row * side + column]!, 0); // prettier-ignore
    expect(sum).toBeCloseTo(read[i]!, 5);
  }
  expect(sampledCells(0.5, 0.5, 2)).toEqual([{ row: 1, column: 1, weight: 1 }]);
});

it('sums what all points read of a cell', () => {
  const sums = occupancy(POINTS, 4);
  const readers = readersOf(POINTS, 4, 6);
  expect(readers.reduce((total, weight) => total + weight, 0)).toBeCloseTo(sums[6]!, 6);
  expect(readers[0]).toBeGreaterThan(0);
  expect(readers[1]).toBe(0);
});
