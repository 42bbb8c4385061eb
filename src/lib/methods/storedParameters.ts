// Parameters of a rival method on their way to a file and back: the values behind a ParameterScope, by name. What
// else a method needs to be built again is in its DetectorConfig.
import type { WritableTensor } from '../formats/safetensors';
import { BadModelFile } from './grad/errors';
import type { Parameter, ParameterScope, ValueSource } from '../nn/parameters';
import type { StoredTensor } from './detector';

/** Values of all parameters, statistics included, as Detector.tensors() gives them. */
export async function readParameters(
  parameters: readonly Parameter[],
): Promise<Record<string, WritableTensor>> {
  const tensors: Record<string, WritableTensor> = {};
  for (const { name, variable } of parameters) {
    // A copy: the library hands out its own cached array.
    tensors[name] = { shape: variable.shape, data: (await variable.data<'float32'>()).slice() };
  }
  return tensors;
}

/** Start values from a file, for ParameterScope.root(). @throws BadModelFile where a name is missing or a shape differs */
export const stored =
  (tensors: ReadonlyMap<string, StoredTensor>): ValueSource =>
  (name, { shape }) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new BadModelFile(`the tensor ${name} is missing`);
    if (tensor.shape.join() !== shape.join()) {
      throw new BadModelFile(`${name} is [${tensor.shape.join()}], not [${shape.join()}]`);
    }
    return tensor.data;
  };

/** A positive integer of a method's config, from a file. @throws BadModelFile */
export function sizeIn(config: Record<string, unknown>, name: string): number {
  const value = config[name];
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new BadModelFile(`its setting ${name} is ${String(value)}, not a positive whole number`);
}

/**
 * What `build` makes on a scope, which is freed again unless `build` succeeds with a result: parameters of a
 * cancelled, failed or misread method must not stay.
 */
export async function freedUnlessFitted<T>(
  scope: ParameterScope,
  build: () => Promise<T | null>,
): Promise<T | null> {
  let result: T | null = null;
  try {
    result = await build();
  } finally {
    if (result === null) scope.dispose();
  }
  return result;
}

/** The same for what is built at once. */
export function freedUnlessBuilt<T>(scope: ParameterScope, build: () => T): T {
  try {
    return build();
  } catch (error) {
    scope.dispose();
    throw error;
  }
}
