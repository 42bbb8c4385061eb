// Refinement and distance map in one dispatch (shaders/maps/distance_map.wgsl): from features and reconstruction
// straight to one number per pixel. Also makes the normal branch's map, unrefined.
// No gradient: a loss after the refinement is composed of differentiable operations (methods/grad/losses.ts).
import distanceMapSource from '../../../../shaders/maps/distance_map.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

/** The public code's k, in the raw scale of its features: there its 1 - round(clamp(0.05 e, 0, 1)) is 1. */
export const NEAR = 10;
/** A vector shorter than this has cosine 0 with anything (torch's cosine_similarity: its eps). */
export const SHORTEST = 1e-8;

type Inputs = 'phi' | 'reconstruction';
interface Attributes {
  refine: boolean;
  near: number;
}

const distance = defineKernel<Inputs, Attributes>({
  name: 'DistanceMap',
  outputShapes: ({ inputs }) => [inputs.phi.shape.slice(0, 3)],
  cpu: ({ inputs, values, attributes, outputs }) =>
    distanceOf(values.phi, values.reconstruction, inputs.phi.shape[3]!, attributes, outputs[0]!),
  webgpu: distanceOnGpu,
});

/**
 * Anomaly map: L2 norm over channels of (x_rec - phi). With `refine`, x_rec = sim * phi + (1 - sim) * xPre with
 * sim = 0.3 * i + 0.7 * c: c is the cosine of phi and xPre, i is 1 where their mean squared difference is at most
 * `near`, else 0 (GRAD's refinement; I[mse < k] in its journal version). Without, x_rec = xPre.
 * @param phi features [B, H, W, C]
 * @param xPre reconstruction before refinement, [B, H, W, C]
 * @param near k, in squared units of the features; >= 0, 10 by default
 * @returns map [B, H, W], values >= 0 in units of the features
 * @throws Error when the shapes differ
 */
export function distanceMap(
  phi: tf.Tensor4D,
  xPre: tf.Tensor4D,
  refine: boolean,
  near: number = NEAR,
): tf.Tensor3D {
  tf.util.assertShapesMatch(xPre.shape, phi.shape, 'distanceMap: ');
  return distance({ phi, reconstruction: xPre }, { refine, near })[0] as tf.Tensor3D;
}

/** The formulas as METHOD gives them; the shader's shorter way to the same number is derived at its top. */
export function distanceOf(
  features: Float32Array,
  reconstructed: Float32Array,
  channels: number,
  { refine, near }: Attributes,
  map: Float32Array,
): void {
  for (let pixel = 0; pixel < map.length; pixel++) {
    const phi = features.subarray(pixel * channels, (pixel + 1) * channels);
    const reconstruction = reconstructed.subarray(pixel * channels, (pixel + 1) * channels);
    const difference = phi.reduce((sum, value, c) => sum + (reconstruction[c]! - value) ** 2, 0);
    const similarity = refine ? likeness(phi, reconstruction, difference / channels, near) : 0;
    // |sim * phi + (1 - sim) * x - phi| = |1 - sim| * |x - phi|
    map[pixel] = Math.abs(1 - similarity) * Math.sqrt(difference);
  }
}

/** sim = 0.3 * i + 0.7 * c. */
function likeness(phi: Float32Array, reconstruction: Float32Array, meanSquare: number, near: number): number {
  const dot = phi.reduce((sum, value, c) => sum + value * reconstruction[c]!, 0);
  const cosine = dot / (lengthOf(phi) * lengthOf(reconstruction));
  return 0.3 * (meanSquare > near ? 0 : 1) + 0.7 * (Number.isFinite(cosine) ? cosine : 0);
}

/** Infinite for a vector too short to have a direction. */
function lengthOf(vector: Float32Array): number {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length < SHORTEST ? Infinity : length;
}

const program = new Program(distanceMapSource);
const PIXELS = program.constant('PIXELS');

function distanceOnGpu({ backend, inputs, attributes, outputs }: WebgpuCall<Inputs, Attributes>): void {
  const [batch, height, width, channels] = inputs.phi.shape as [number, number, number, number];
  const pixels = batch * height * width;
  program.run(backend, {
    outputs,
    inputs: [inputs.phi, inputs.reconstruction],
    constants: { REFINE: attributes.refine ? 1 : 0 },
    uniforms: { pixels, channels, near: attributes.near },
    workgroups: Math.ceil(pixels / PIXELS),
  });
}
