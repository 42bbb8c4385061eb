// Smallest and largest value of each map in one dispatch (shaders/maps/map_extremes.wgsl), so that a live update reads
// back two numbers, or none: the overlay takes its range from this tensor directly. No gradient.
import mapExtremesSource from '../../../../shaders/maps/map_extremes.wgsl';
import type { tf } from '../../gpu/tf';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const program = new Program(mapExtremesSource);

const extremes = defineKernel<'maps'>({
  name: 'MapExtremes',
  outputShapes: ({ inputs }) => [[inputs.maps.shape[0]!, 2]],
  cpu: ({ inputs, values, outputs }) => {
    const maps = inputs.maps.shape[0]!;
    const count = values.maps.length / maps;
    for (let map = 0; map < maps; map++) {
      const range = [Infinity, -Infinity];
      for (const value of values.maps.subarray(map * count, (map + 1) * count)) {
        range[0] = Math.min(range[0]!, value);
        range[1] = Math.max(range[1]!, value);
      }
      outputs[0]!.set(range, 2 * map);
    }
  },
  webgpu: ({ backend, inputs, outputs }) => {
    const [maps, height, width] = inputs.maps.shape as [number, number, number];
    program.run(backend, {
      outputs,
      inputs: [inputs.maps],
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
  return extremes({ maps }, {})[0] as tf.Tensor2D;
}
