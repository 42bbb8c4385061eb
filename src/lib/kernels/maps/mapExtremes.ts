// Smallest and largest value of each map in one dispatch (shaders/maps/map_extremes.wgsl), so that a live update reads
// back two numbers, or none: the overlay takes its range from this tensor directly. No gradient.
import mapExtremesSource from '../../../../shaders/maps/map_extremes.wgsl';
import type { tf } from '../../gpu/tf';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const program = new Program(mapExtremesSource);

const extremes = defineKernel<'maps', { largest: boolean }>({
  name: 'MapExtremes',
  outputShapes: ({ inputs, attributes: { largest } }) => [[inputs.maps.shape[0]!, ...(largest ? [] : [2])]],
  cpu: ({ inputs, values, attributes: { largest }, outputs }) => {
    const maps = inputs.maps.shape[0]!;
    const count = values.maps.length / maps;
    for (let map = 0; map < maps; map++) {
      const range = [Infinity, -Infinity];
      for (const value of values.maps.subarray(map * count, (map + 1) * count)) {
        range[0] = Math.min(range[0]!, value);
        range[1] = Math.max(range[1]!, value);
      }
      if (largest) outputs[0]![map] = range[1]!;
      else outputs[0]!.set(range, 2 * map);
    }
  },
  webgpu: ({ backend, inputs, attributes: { largest }, outputs }) => {
    const [maps, height, width] = inputs.maps.shape as [number, number, number];
    program.run(backend, {
      outputs,
      inputs: [inputs.maps],
      constants: { LARGEST: Number(largest) },
      uniforms: { count: height * width },
      workgroups: [maps, 1, 1],
    });
  },
});

/**
 * Extremes of each map. The image score of METHOD section 6 is the second value, of the smoothed map.
 * @param maps [B, H, W], H * W >= 1
 * @returns [B, 2]: smallest, largest
 */
export function mapExtremes(maps: tf.Tensor3D): tf.Tensor2D {
  return extremes({ maps }, { largest: false })[0] as tf.Tensor2D;
}

/** The largest value of each map alone: [B, H, W] -> [B]. */
export function mapMaxima(maps: tf.Tensor3D): tf.Tensor1D {
  return extremes({ maps }, { largest: true })[0] as tf.Tensor1D;
}
