// One Gaussian a place, from images that arrive one after the other: mean and covariance in float64 on the CPU, then the matrix
// L^-1 that turns a deviation into standard deviations. Arrays, no tensors; PaDiM's choice of channels is not made here.
import { packedIndex, packedSize } from '../../kernels/search/mahalanobis';
import type { GaussianAxes } from '../detector';
import { FeaturesNotFinite } from '../memoryErrors';

/**
 * What is added to the covariance's diagonal (PaDiM, section III-B: epsilon = 0.01). With as many channels as images, or more,
 * the covariance alone has no inverse: in the directions the images do not span, this is all there is.
 */
export const REGULARISATION = 0.01;

export class GaussianSums {
  #images = 0;
  /** Taken off every image, so that large means cost no digits; null before the first. */
  #origin: Float64Array | null = null;
  readonly #sums: Float64Array;
  /** Sums of products, a lower triangle of d rows a place, column by column. */
  readonly #products: Float64Array;

  /** @param places H * W @param d channels */
  constructor(
    readonly places: number,
    readonly d: number,
  ) {
    this.#sums = new Float64Array(places * d);
    this.#products = new Float64Array(places * packedSize(d));
  }

  /** One image's features, [places, d]. @throws FeaturesNotFinite */
  add(features: Float32Array): void {
    this.#origin ??= Float64Array.from(features);
    this.#images++;
    const deviation = new Float64Array(this.d);
    for (let place = 0; place < this.places; place++) {
      const first = place * this.d;
      for (let i = 0; i < this.d; i++) {
        const value = features[first + i]! - this.#origin[first + i]!;
        if (!Number.isFinite(value)) throw new FeaturesNotFinite();
        deviation[i] = value;
        this.#sums[first + i]! += value;
      }
      this.#addProducts(place, deviation);
    }
  }

  #addProducts(place: number, deviation: Float64Array): void {
    const products = this.#products;
    let at = place * packedSize(this.d);
    for (let column = 0; column < this.d; column++) {
      const factor = deviation[column]!;
      for (let row = column; row < this.d; row++) products[at++]! += factor * deviation[row]!;
    }
  }

  /** Mean features of a place, [d]. */
  mean(place: number): Float64Array {
    const first = place * this.d;
    return Float64Array.from(
      { length: this.d },
      (_, i) => this.#origin![first + i]! + this.#sums[first + i]! / this.#images,
    );
  }

  /**
   * Covariance of a place with the regularisation (PaDiM, equation 1: divided by images - 1), packed like the kernel's
   * triangle. Of a single image it is the regularisation alone.
   */
  covariance(place: number): Float64Array {
    const size = packedSize(this.d);
    const covariance = this.#products.slice(place * size, (place + 1) * size);
    const sums = this.#sums.subarray(place * this.d, (place + 1) * this.d);
    const degrees = Math.max(1, this.#images - 1);
    let at = 0;
    for (let column = 0; column < this.d; column++) {
      for (let row = column; row < this.d; row++, at++) {
        covariance[at] = (covariance[at]! - (sums[column]! * sums[row]!) / this.#images) / degrees;
      }
    }
    for (let i = 0; i < this.d; i++) covariance[packedIndex(i, i, this.d)]! += REGULARISATION;
    return covariance;
  }
}

/**
 * L^-1 with L L^T the given covariance, so that |L^-1 y| is the Mahalanobis distance of a deviation y.
 * @param covariance packed lower triangle of d rows, regularised; is used up
 * @returns packed in the same way
 */
export function whiteningOf(covariance: Float64Array, d: number): Float64Array {
  factorise(covariance, d);
  return invert(covariance, d);
}

/** Cholesky's factor in place, a column at a time. */
function factorise(matrix: Float64Array, d: number): void {
  for (let pivot = 0; pivot < d; pivot++) {
    const first = packedIndex(pivot, pivot, d);
    // Never smaller in exact arithmetic: what is left of a matrix S + epsilon I is at least epsilon I.
    const diagonal = Math.sqrt(Math.max(matrix[first]!, REGULARISATION));
    matrix[first] = diagonal;
    for (let i = 1; i < d - pivot; i++) matrix[first + i]! /= diagonal;
    let at = first + d - pivot;
    for (let column = 1; column < d - pivot; column++) {
      const factor = matrix[first + column]!;
      for (let row = column; row < d - pivot; row++) matrix[at++]! -= factor * matrix[first + row]!;
    }
  }
}

/** Inverse of a lower triangle: each column by forward substitution from a column of the identity. */
function invert(lower: Float64Array, d: number): Float64Array {
  const inverse = new Float64Array(lower.length);
  for (let column = 0; column < d; column++) {
    const result = inverse.subarray(packedIndex(column, column, d), packedIndex(d - 1, column, d) + 1);
    result[0] = 1;
    let at = packedIndex(column, column, d);
    for (let k = 0; k < result.length; k++) {
      const value = result[k]! / lower[at++]!;
      result[k] = value;
      for (let row = k + 1; row < result.length; row++) result[row]! -= lower[at++]! * value;
    }
  }
  return inverse;
}

/** Rounds of rotations; each brings what lies beside the diagonal to about its square. */
const SWEEPS = 12;

/**
 * A deviation along the principal axes of the Gaussian it belongs to, the longest axis first: the squares sum up to the
 * squared Mahalanobis distance.
 * @param whitening L^-1 as whiteningOf() gives it; is used up
 * @param deviation from the mean, [d]
 */
export function gaussianAxes(whitening: Float64Array, deviation: Float64Array): GaussianAxes {
  const d = deviation.length;
  const lower = invert(whitening, d);
  const at = (row: number, column: number) => lower[packedIndex(row, column, d)]!;
  const covariance = new Float64Array(d * d);
  for (let row = 0; row < d; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let k = 0; k <= column; k++) sum += at(row, k) * at(column, k);
      covariance[row * d + column] = covariance[column * d + row] = sum;
    }
  }
  const along = Float64Array.from(deviation);
  for (let sweep = 0; sweep < SWEEPS; sweep++) rotateAll(covariance, along, d);
  const variance = (axis: number) => Math.max(covariance[axis * d + axis]!, Number.MIN_VALUE);
  const order = Array.from({ length: d }, (_, i) => i).sort((a, b) => variance(b) - variance(a));
  return {
    deviations: Float32Array.from(order, (axis) => along[axis]! / Math.sqrt(variance(axis))),
    lengths: Float32Array.from(order, (axis) => Math.sqrt(variance(axis))),
  };
}

/** One sweep of Jacobi's method; the vector is turned with the axes. */
function rotateAll(matrix: Float64Array, vector: Float64Array, d: number): void {
  for (let p = 0; p < d; p++) {
    for (let q = p + 1; q < d; q++) {
      const beside = matrix[p * d + q]!;
      if (Math.abs(beside) < 1e-300) continue;
      const ratio = (matrix[q * d + q]! - matrix[p * d + p]!) / (2 * beside);
      const t = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
      const c = 1 / Math.sqrt(t * t + 1);
      turn(matrix, p, q, { c, s: t * c, d });
      const [a, b] = [vector[p]!, vector[q]!];
      vector[p] = c * a - t * c * b;
      vector[q] = t * c * a + c * b;
    }
  }
}

/** Rows and columns p and q of a symmetric matrix, turned by an angle of cosine c and sine s. */
function turn(
  matrix: Float64Array,
  p: number,
  q: number,
  { c, s, d }: { c: number; s: number; d: number },
): void {
  for (let k = 0; k < d; k++) {
    const [a, b] = [matrix[k * d + p]!, matrix[k * d + q]!];
    matrix[k * d + p] = c * a - s * b;
    matrix[k * d + q] = s * a + c * b;
  }
  for (let k = 0; k < d; k++) {
    const [a, b] = [matrix[p * d + k]!, matrix[q * d + k]!];
    matrix[p * d + k] = c * a - s * b;
    matrix[q * d + k] = s * a + c * b;
  }
}
