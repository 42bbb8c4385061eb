// Made-up weights of the right names and shapes: for measuring an architecture whose weights are not here, and for
// tests of the download. Images go through them without overflowing; what comes out means nothing.
import { storedTensor, type StoredTensor } from '../formats/safetensors';

/**
 * Tensors of these shapes, in their order. Convolutions keep the variance; batch norms scale by about one, around zero.
 * @param seed another one gives other weights
 */
export function syntheticWeights(
  shapes: ReadonlyMap<string, readonly number[]>,
  seed = 1,
): Map<string, StoredTensor> {
  const random = uniform(seed);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, shape] of shapes) {
    const values = Float32Array.from({ length: product(shape) }, valuesOf(name, shape, random));
    tensors.set(name, storedTensor('F32', [...shape], new Uint8Array(values.buffer)));
  }
  return tensors;
}

function valuesOf(name: string, shape: readonly number[], random: () => number): () => number {
  if (shape.length > 1) {
    const limit = Math.sqrt(6 / product(shape.slice(1)));
    return () => limit * (2 * random() - 1);
  }
  const centre = /(running_var|weight)$/.test(name) ? 1 : 0;
  return () => centre + 0.1 * (random() - 0.5);
}

/** A linear congruential generator (Numerical Recipes): numbers in [0, 1). Not for anything that trains. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
