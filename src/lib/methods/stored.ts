// What a method's file holds, on its way there and back: parameters behind a ParameterScope, other tensors (statistics,
// remembered patches), and the config. Reading trusts nothing.
import * as v from 'valibot';
import type { WritableTensor } from '../formats/safetensors';
import { count, objectOf, oneOf, parseJson, parseValue, within } from '../formats/schema';
import type { tf } from '../gpu/tf';
import type { Parameter, ParameterScope, ValueSource } from '../nn/parameters';
import type { DetectorConfig, StoredTensor } from './detector';
import { BadModelFile } from './errors';
import type { OptionRow } from './options';

/** For parseJson() and parseValue(). */
export const badModelFile = (detail: string): BadModelFile => new BadModelFile(detail);

/** The value in a JSON text of a file's metadata. @throws BadModelFile naming the first part that is wrong */
export function parseMetadata<const S extends v.GenericSchema<unknown, unknown>>(
  schema: S,
  json: string | undefined,
  what: string,
  longest?: number,
): v.InferOutput<S> {
  if (json === undefined) throw new BadModelFile(`${what} is missing`);
  return parseJson(schema, json, badModelFile, { what, ...(longest && { longest }) });
}

/** A size in a config. */
export const size = count(1);

/** Parts of a method's config. @throws BadModelFile naming the first that is wrong */
export const configIn = <const E extends v.ObjectEntries>(entries: E, config: DetectorConfig) =>
  parseValue(objectOf(entries), config, badModelFile, 'its config');

/** A value that a row of options allows. */
export function allowedBy(row: Extract<OptionRow, { kind: 'number' }>): v.GenericSchema<number>;
export function allowedBy<V extends string>(row: {
  kind: 'choice';
  options: readonly { value: V }[];
}): v.GenericSchema<V>;
export function allowedBy(row: {
  kind: string;
  min?: number;
  max?: number;
  integer?: boolean;
  options?: readonly { value: string }[];
}): v.GenericSchema<unknown> {
  if (row.options) return oneOf(row.options.map(({ value }) => value));
  const range = within(row.min!, row.max!);
  return row.integer ? v.pipe(range, v.integer('is not a whole number')) : range;
}

/** Copies of the tensors' values, as Detector.tensors() gives them. */
export async function readTensors(
  tensors: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, WritableTensor>> {
  const stored: Record<string, WritableTensor> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    // A copy: the library hands out its own cached array.
    stored[name] = { shape: tensor.shape, data: (await tensor.data<'float32'>()).slice() };
  }
  return stored;
}

/** The same of all parameters, statistics included. */
export const readParameters = (parameters: readonly Parameter[]): Promise<Record<string, WritableTensor>> =>
  readTensors(Object.fromEntries(parameters.map(({ name, variable }) => [name, variable])));

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
  const fits = shape.every((length, i) =>
    length === null ? tensor.shape[i]! > 0 : tensor.shape[i] === length,
  );
  if (fits && tensor.shape.length === shape.length) return tensor.data;
  const expected = shape.map((length) => length ?? 'any').join();
  throw new BadModelFile(`${name} is [${tensor.shape.join()}], not [${expected}]`);
}

/** Start values from a file, for ParameterScope.root(). @throws BadModelFile where a name is missing or a shape differs */
export const stored =
  (tensors: ReadonlyMap<string, StoredTensor>): ValueSource =>
  (name, { shape }) =>
    storedTensor(tensors, name, shape);

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
