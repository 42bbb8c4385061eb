// Mahalanobis distances to one Gaussian a place, in one dispatch (shaders/search/mahalanobis.wgsl). Stock operations would copy the
// chosen channels, turn them round for a batched product and multiply by the half of each matrix that is zero.
// Where the Gaussians come from is not known here. No gradient.
import mahalanobisSource from '../../../../shaders/search/mahalanobis.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel, type CpuCall, type WebgpuCall } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

type Inputs = 'phi' | 'channels' | 'mean' | 'whitening';

const distance = defineKernel<Inputs>({
  name: 'Mahalanobis',
  outputShapes: ({ inputs }) => [inputs.phi.shape.slice(0, 3)],
  cpu: distanceOnCpu,
  webgpu: distanceOnGpu,
});

/** One Gaussian over d channels for each of H * W places. */
export interface Gaussians {
  /** [d] which channels of phi, whole numbers. */
  channels: tf.Tensor1D;
  /** [H * W, d] */
  mean: tf.Tensor2D;
  /** [H * W, packedSize(d)]: L^-1 with L L^T the covariance, lower triangle, column by column. */
  whitening: tf.Tensor2D;
}

/** Numbers in a lower triangle of d rows. */
export const packedSize = (d: number): number => (d * (d + 1)) / 2;

/**
 * sqrt((x - mean)^T covariance^-1 (x - mean)) for every pixel, as |L^-1 (x - mean)|: never negative by rounding.
 * @param phi [B, H, W, C]
 * @returns [B, H, W], in standard deviations
 * @throws Error when the shapes do not fit
 */
export function mahalanobis(phi: tf.Tensor4D, { channels, mean, whitening }: Gaussians): tf.Tensor3D {
  const [, height, width] = phi.shape;
  const [d, places] = [channels.size, height * width];
  tf.util.assertShapesMatch(mean.shape, [places, d], 'mahalanobis, mean: ');
  tf.util.assertShapesMatch(whitening.shape, [places, packedSize(d)], 'mahalanobis, whitening: ');
  return distance({ phi, channels, mean, whitening }, {})[0] as tf.Tensor3D;
}

function distanceOnCpu({ inputs, values, outputs }: CpuCall<Inputs, Record<never, never>>): void {
  const [places, d] = inputs.mean.shape as [number, number];
  const channels = inputs.phi.shape[3]!;
  outputs[0]!.forEach((_, pixel, distances) => {
    const place = pixel % places;
    let sum = 0;
    for (let row = 0; row < d; row++) {
      let product = 0;
      for (let column = 0; column <= row; column++) {
        const x = values.phi[pixel * channels + values.channels[column]!]! - values.mean[place * d + column]!;
        product += values.whitening[place * packedSize(d) + packedIndex(row, column, d)]! * x;
      }
      sum += product * product;
    }
    distances[pixel] = Math.sqrt(sum);
  });
}

/** Where (row, column), row >= column, lies in a packed triangle of d rows. */
export const packedIndex = (row: number, column: number, d: number): number =>
  column * d - (column * (column + 1)) / 2 + row;

const program = new Program(mahalanobisSource);
const IMAGES = program.constant('IMAGES');

function distanceOnGpu({ backend, inputs, outputs }: WebgpuCall<Inputs, Record<never, never>>): void {
  const [images, height, width, channels] = inputs.phi.shape as [number, number, number, number];
  const places = height * width;
  program.run(backend, {
    outputs,
    inputs: [inputs.phi, inputs.channels, inputs.mean, inputs.whitening],
    uniforms: { images, places, channels, chosen: inputs.channels.shape[0]! },
    workgroups: [places, Math.ceil(images / IMAGES), 1],
  });
}
