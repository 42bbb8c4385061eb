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

/**
 * Xavier-normal as torch computes it for a table of shape [1, K, R, R]: std = sqrt(2 / ((1 + K) * R * R)).
 * Stored [R, R, K].
 */
export function xavierNormalTable(resolution: number, channels: number): Start {
  const shape = [resolution, resolution, channels];
  const deviation = Math.sqrt(2 / ((1 + channels) * resolution * resolution));
  return { shape, draw: (random) => random.normals(sizeOf(shape), deviation) };
}

export function constant(shape: number[], value: number): Start {
  return { shape, draw: () => new Float32Array(sizeOf(shape)).fill(value) };
}
