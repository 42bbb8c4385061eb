// Start values of parameters, by PyTorch's rules, since the figures we compare with come from there.
import type { Start } from './parameters';

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** torch's default for convolutions and linear layers, biases too: uniform within 1 / sqrt(fanIn). */
export function kaimingUniform(shape: number[], fanIn: number): Start {
  const bound = 1 / Math.sqrt(fanIn);
  return {
    shape,
    draw: (random) => Float32Array.from({ length: sizeOf(shape) }, () => random.between(-bound, bound)),
  };
}

/** torch's xavier_uniform_ for a linear map [inputs, outputs]: uniform within sqrt(6 / (inputs + outputs)). */
export function xavierUniform(shape: [number, number]): Start {
  const bound = Math.sqrt(6 / (shape[0] + shape[1]));
  return {
    shape,
    draw: (random) => Float32Array.from({ length: sizeOf(shape) }, () => random.between(-bound, bound)),
  };
}

/** torch's default for an embedding. */
export function standardNormal(shape: number[]): Start {
  return { shape, draw: (random) => random.normals(sizeOf(shape), 1) };
}

/** Uniform in [0, 1). */
export function unitUniform(shape: number[]): Start {
  return { shape, draw: (random) => Float32Array.from({ length: sizeOf(shape) }, () => random.uniform()) };
}

/**
 * Xavier-normal as torch computes it for a table of shape [1, K, R, R]: std = sqrt(2 / ((1 + K) * R * R)).
 * Stored [R, R, K].
 */
export function xavierNormalTable(resolution: number, channels: number): Start {
  const shape = [resolution, resolution, channels];
  const deviation = Math.sqrt(2 / ((1 + channels) * resolution * resolution));
  return { shape, draw: (random) => random.normals(sizeOf(shape), deviation) };
}

/** Xavier-normal of a linear layer's weight: std = sqrt(2 / (inputs + outputs)). [inputs, outputs] */
export function xavierNormal(inputs: number, outputs: number): Start {
  const deviation = Math.sqrt(2 / (inputs + outputs));
  return { shape: [inputs, outputs], draw: (random) => random.normals(inputs * outputs, deviation) };
}

export function constant(shape: number[], value: number): Start {
  return { shape, draw: () => new Float32Array(sizeOf(shape)).fill(value) };
}
