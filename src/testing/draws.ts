// Seeded random inputs and weights of the reference values, bit-equal to those of goldens/draws.py: only what came
// out is stored, not what went in.
import { storedTensor, type StoredTensor } from '../lib/formats/safetensors';
import { Random } from '../lib/nn/random';

/** Uniform values in [low, high), rounded down to integers where `whole`. */
export interface Draw {
  shape: number[];
  low: number;
  high: number;
  whole?: boolean;
}

const SEED = 1;

/** The values of a draw, row-major; another name gives others. */
export function drawValues(name: string, { shape, low, high, whole }: Draw): Float32Array {
  const random = Random.stream(SEED, name);
  return Float32Array.from({ length: product(shape) }, () => {
    const value = random.between(low, high);
    return whole ? Math.floor(value) : value;
  });
}

/**
 * Random weights for tensors of these names and shapes, through which activations keep their size.
 * @param set tells sets of weights apart; the goldens' are named after the architecture they were drawn for
 */
export function drawWeights(set: string, shapes: ReadonlyMap<string, number[]>): Map<string, StoredTensor> {
  return new Map(
    [...shapes].map(([name, shape]) => {
      const [low, high] = weightRange(name, shape);
      const values = drawValues(`${set}/${name}`, { shape, low, high });
      return [name, storedTensor('F32', [...shape], new Uint8Array(values.buffer))];
    }),
  );
}

function weightRange(name: string, shape: readonly number[]): [number, number] {
  if (shape.length > 1) {
    const limit = Math.sqrt(6 / product(shape.slice(1)));
    return [-limit, limit];
  }
  if (name.endsWith('running_var')) return [0.5, 1.5];
  return name.endsWith('weight') ? [0.8, 1.2] : [-0.2, 0.2];
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
