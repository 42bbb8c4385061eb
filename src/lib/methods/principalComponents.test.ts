import { expect, it } from 'vitest';
import { Random } from '../nn/random';
import { componentsFor, Covariance } from './principalComponents';

/** A symmetric matrix with these eigenvalues, turned by random plane rotations. */
function withEigenvalues(values: number[]): Float64Array {
  const size = values.length;
  const matrix = new Float64Array(size * size);
  values.forEach((value, i) => (matrix[i * size + i] = value));
  const random = Random.stream(3, 'rotations');
  for (let turn = 0; turn < 4 * size * size; turn++) {
    const [i, j] = random.permutation(size) as [number, number];
    rotate(matrix, size, i, j, random.between(0, 2 * Math.PI));
  }
  return matrix;
}

function rotate(matrix: Float64Array, size: number, i: number, j: number, angle: number): void {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turn = (a: number, b: number) => {
    const [x, y] = [matrix[a]!, matrix[b]!];
    matrix[a] = c * x - s * y;
    matrix[b] = s * x + c * y;
  };
  for (let k = 0; k < size; k++) turn(i * size + k, j * size + k);
  for (let k = 0; k < size; k++) turn(k * size + i, k * size + j);
}

it('counts components until their share of the variance is exceeded', () => {
  const matrix = withEigenvalues([50, 30, 8, 5, 4, 2, 1]);
  expect(
    [0.4, 0.49, 0.51, 0.79, 0.81, 0.87, 0.9, 0.96, 0.995].map((share) => componentsFor(matrix, 7, share)),
  ).toEqual([1, 1, 2, 2, 3, 3, 4, 5, 7]);
});

it('counts in a matrix that is diagonal already, or has equal eigenvalues', () => {
  expect(componentsFor(Float64Array.from([1, 0, 0, 0, 6, 0, 0, 0, 3]), 3, 0.85)).toBe(2);
  expect(componentsFor(withEigenvalues([1, 1, 1, 1, 1, 1, 1, 1]), 8, 0.7)).toBe(6);
});

it('finds one component where nothing varies or there is one channel', () => {
  expect(componentsFor(new Float64Array(9), 3, 0.9)).toBe(1);
  expect(componentsFor(Float64Array.from([2]), 1, 0.9)).toBe(1);
});

it('stays exact at the size of a large backbone', () => {
  const size = 150;
  const values = Array.from({ length: size }, (_, i) => 0.93 ** i);
  const random = Random.stream(5, 'pairs');
  const matrix = new Float64Array(size * size);
  values.forEach((value, i) => (matrix[i * size + i] = value));
  for (let turn = 0; turn < 3000; turn++) {
    const i = random.int(0, size - 2);
    rotate(matrix, size, i, random.int(i + 1, size - 1), random.between(0, 6));
  }
  // Share of the first n terms of a geometric series: 1 - 0.93^n, all but for 2e-5.
  expect(componentsFor(matrix, size, 0.9)).toBe(Math.ceil(Math.log(0.1) / Math.log(0.93)));
});

it('adds rows up to their covariance, over several batches and far from zero', () => {
  const covariance = new Covariance(2);
  covariance.add(Float32Array.from([1001, 4, 1003, 8]));
  covariance.add(Float32Array.from([1005, 6]));
  const [a, b, c, d] = covariance.matrix();
  expect(a).toBeCloseTo(8 / 3, 12);
  expect(b).toBeCloseTo(4 / 3, 12);
  expect(c).toBe(b);
  expect(d).toBeCloseTo(8 / 3, 12);
});
