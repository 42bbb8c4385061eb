// How many principal components hold a given share of the features' variance: covariance and eigenvalues in double
// precision on the CPU. Only the count is asked for, so no eigenvectors are computed. Arrays, no tensors.

/** Sums from which a covariance follows; grows by batches of rows. */
export class Covariance {
  #rows = 0;
  /** Taken off every row; null before the first. */
  #origin: Float64Array | null = null;
  readonly #mean: Float64Array;
  /** Upper triangle of the sum of products, row-major. */
  readonly #products: Float64Array;

  constructor(readonly channels: number) {
    this.#mean = new Float64Array(channels);
    this.#products = new Float64Array(channels * channels);
  }

  /** @param values rows of `channels` values each; centred on the first row, so that large means lose no digits */
  add(values: Float32Array): void {
    const { channels } = this;
    this.#origin ??= Float64Array.from(values.subarray(0, channels));
    const row = new Float64Array(channels);
    for (let start = 0; start < values.length; start += channels) {
      for (let i = 0; i < channels; i++) row[i] = values[start + i]! - this.#origin[i]!;
      this.#addRow(row);
    }
  }

  #addRow(row: Float64Array): void {
    const { channels } = this;
    this.#rows++;
    for (let i = 0; i < channels; i++) {
      const value = row[i]!;
      this.#mean[i]! += value;
      for (let j = i, at = i * channels + i; j < channels; j++, at++) this.#products[at]! += value * row[j]!;
    }
  }

  /** The covariance matrix [channels, channels], row-major, divided by the number of rows. */
  matrix(): Float64Array {
    const { channels } = this;
    const matrix = new Float64Array(channels * channels);
    const rows = Math.max(1, this.#rows);
    for (let i = 0; i < channels; i++) {
      for (let j = i; j < channels; j++) {
        const value =
          this.#products[i * channels + j]! / rows - (this.#mean[i]! / rows) * (this.#mean[j]! / rows);
        matrix[i * channels + j] = matrix[j * channels + i] = value;
      }
    }
    return matrix;
  }
}

/**
 * The smallest number of principal components whose variance exceeds `share` of the whole; at least 1.
 * @param covariance symmetric, [size, size]; @param share in (0, 1)
 */
export function componentsFor(covariance: Float64Array, size: number, share: number): number {
  const tridiagonal = tridiagonalise(covariance, size);
  const total = tridiagonal.diagonal.reduce((sum, value) => sum + value, 0);
  let held = 0;
  for (let count = 1; count < size; count++) {
    held += eigenvalue(tridiagonal, size - count);
    if (held > share * total) return count;
  }
  return total > 0 ? size : 1;
}

/** A symmetric matrix with entries on and beside the diagonal alone. */
interface Tridiagonal {
  diagonal: Float64Array;
  /** `beside[i]` couples i and i + 1. */
  beside: Float64Array;
}

/** Householder's reduction: mirrors one column after the other onto its first two entries, keeping all eigenvalues. */
function tridiagonalise(symmetric: Float64Array, size: number): Tridiagonal {
  const matrix = Float64Array.from(symmetric);
  const beside = new Float64Array(Math.max(0, size - 1));
  for (let k = 0; k + 2 < size; k++) beside[k] = mirror(matrix, size, k);
  if (size > 1) beside[size - 2] = matrix[size * size - 2]!;
  const diagonal = Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]!);
  return { diagonal, beside };
}

/** Clears column k below its second entry: A <- H A H with H = 1 - 2 v v^T / v^T v. Returns that second entry. */
function mirror(matrix: Float64Array, size: number, k: number): number {
  const first = k + 1;
  const v = new Float64Array(size);
  let square = 0;
  for (let i = first; i < size; i++) square += (v[i] = matrix[i * size + k]!) ** 2;
  const length = Math.sqrt(square);
  const below = v[first]! > 0 ? -length : length;
  v[first]! -= below;
  const norm = square - 2 * below * (v[first]! + below) + below * below;
  if (norm <= 0) return below;
  const w = new Float64Array(size);
  let along = 0;
  for (let i = first; i < size; i++) {
    let sum = 0;
    for (let j = first; j < size; j++) sum += matrix[i * size + j]! * v[j]!;
    w[i] = (2 * sum) / norm;
    along += w[i]! * v[i]!;
  }
  for (let i = first; i < size; i++) w[i]! -= (along / norm) * v[i]!;
  for (let i = first; i < size; i++) {
    for (let j = first; j < size; j++) matrix[i * size + j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
  }
  return below;
}

/** The eigenvalue at `index` of all in ascending order, by bisection; exact to about 1e-15 of the largest. */
function eigenvalue(tridiagonal: Tridiagonal, index: number): number {
  let high = bound(tridiagonal);
  let low = -high;
  const tolerance = 4 * Number.EPSILON * high;
  while (high - low > tolerance) {
    const middle = (low + high) / 2;
    if (countBelow(tridiagonal, middle) > index) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** Gershgorin: no eigenvalue is larger in magnitude. */
function bound({ diagonal, beside }: Tridiagonal): number {
  let largest = 0;
  diagonal.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value) + Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0));
  });
  return largest;
}

/** How many eigenvalues lie below x: the negative pivots of the matrix less x (Sylvester's law of inertia). */
function countBelow({ diagonal, beside }: Tridiagonal, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const coupling = i > 0 ? beside[i - 1]! ** 2 : 0;
    pivot = diagonal[i]! - x - coupling / pivot;
    // A pivot of exactly zero would end the recurrence; any tiny one counts the same.
    if (pivot === 0) pivot = -Number.MIN_VALUE * 2 ** 60;
    if (pivot < 0) count++;
  }
  return count;
}
