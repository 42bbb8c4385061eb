// Values of a shader's uniform struct, given by name and put where the shader has them. A name that is missing, misspelt
// or too many throws at once: the shader would compute on with another number in its place.
import type { ShaderSource } from './shader';

/** A value of a uniform struct; WGSL scalars only, so that the struct has no padding. */
export interface Uniform {
  type: 'float32' | 'int32' | 'uint32';
  /** The value, in the form in which tfjs takes it. */
  data: number[];
}

/** Names of a run's uniforms with their values; switches are 0 or 1. */
export type Uniforms = Readonly<Record<string, number>>;

const SCALARS: Record<string, Uniform['type'] | undefined> = {
  f32: 'float32',
  i32: 'int32',
  u32: 'uint32',
};

/**
 * Puts values into the struct's order. Made once a program, called thousands of times a second.
 * @throws Error when a member of the struct is no scalar
 */
export function uniformOrder(source: ShaderSource): (values: Uniforms) => Uniform[] {
  const members = source.uniforms.map(({ name, type }) => ({ name, type: scalarType(source, name, type) }));
  return (values) => {
    const ordered: Uniform[] = [];
    for (const { name, type } of members) {
      const value = values[name];
      if (value === undefined) throw wrongNames(source, values);
      ordered.push({ type, data: [value] });
    }
    if (Object.keys(values).length !== members.length) throw wrongNames(source, values);
    return ordered;
  };
}

function scalarType({ name }: ShaderSource, member: string, type: string): Uniform['type'] {
  const scalar = SCALARS[type];
  if (!scalar) throw new Error(`Shader ${name}: uniform ${member} is a ${type}; a program takes scalars.`);
  return scalar;
}

const VIEWS: Record<string, typeof Float32Array | typeof Int32Array | typeof Uint32Array> = {
  f: Float32Array,
  i: Int32Array,
  u: Uint32Array,
};

/** The bytes of a struct that has vectors too, each given as a list of numbers. @throws Error as above */
export function packUniforms(
  source: ShaderSource,
  values: Readonly<Record<string, number | readonly number[]>>,
): ArrayBuffer {
  if (Object.keys(values).length !== source.uniforms.length) throw wrongNames(source, values);
  const bytes = new ArrayBuffer(source.uniformBytes);
  for (const { name, type, offset } of source.uniforms) {
    const value = values[name];
    if (value === undefined) throw wrongNames(source, values);
    const numbers = typeof value === 'number' ? [value] : value;
    const View = VIEWS[type.startsWith('vec') ? type.at(-1)! : type[0]!]!;
    new View(bytes, offset, numbers.length).set(numbers);
  }
  return bytes;
}

function wrongNames({ name, uniforms }: ShaderSource, values: object): Error {
  const wanted = uniforms.map((member) => member.name).join(', ') || 'none';
  const given = Object.keys(values).join(', ') || 'none';
  return new Error(`Shader ${name} takes the uniforms ${wanted}; given are ${given}.`);
}
