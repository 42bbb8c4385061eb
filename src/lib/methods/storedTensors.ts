// Tensors of a rival method that are no parameters (statistics, remembered patches) on their way to a file and back.
// Parameters: storedParameters.ts.
import type { tf } from '../gpu/tf';
import type { WritableTensor } from '../formats/safetensors';
import { BadModelFile } from './grad/errors';
import type { StoredTensor } from './detector';

/** Copies of the tensors' values, as Detector.tensors() gives them. */
export async function readTensors(
  tensors: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, WritableTensor>> {
  const stored: Record<string, WritableTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    stored[name] = { shape: tensor.shape, data: (await tensor.data<'float32'>()).slice() };
  }
  return stored;
}

/**
 * The values of a tensor from a file.
 * @param shape as it must be; null stands for any length but 0
 * @throws BadModelFile where the name is missing or the shape differs
 */
export function storedTensor(
  tensors: ReadonlyMap<string, StoredTensor>,
  name: string,
  shape: readonly (number | null)[],
): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor) throw new BadModelFile(`the tensor ${name} is missing`);
  const fits = shape.every((size, i) => (size === null ? tensor.shape[i]! > 0 : tensor.shape[i] === size));
  if (fits && tensor.shape.length === shape.length) return tensor.data;
  const expected = shape.map((size) => size ?? 'any').join();
  throw new BadModelFile(`${name} is [${tensor.shape.join()}], not [${expected}]`);
}
