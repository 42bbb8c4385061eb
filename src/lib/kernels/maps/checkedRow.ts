// The numbers of an answer that are read back, in one dispatch (shaders/maps/checked_row.wgsl): what scoring/finiteScores.ts puts in a
// row, for the one map that a live update shows. No gradient.
import source from '../../../../shaders/maps/checked_row.wgsl';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';
import { tf } from '../../gpu/tf';

const program = new Program(source);

const row = defineKernel<'counts' | 'scores' | 'maps'>({
  name: 'CheckedRow',
  outputShapes: ({ inputs }) => [[inputs.counts.shape[0]!, inputs.counts.shape[1]! + 3]],
  cpu: ({ inputs, values, outputs }) => {
    const [images, counts] = inputs.counts.shape as [number, number];
    const size = values.maps.length / images;
    for (let image = 0; image < images; image++) {
      const to = image * (counts + 3);
      outputs[0]!.set(values.counts.subarray(image * counts, (image + 1) * counts), to);
      let [low, high] = [Infinity, -Infinity];
      for (const value of values.maps.subarray(image * size, (image + 1) * size)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
      outputs[0]!.set([values.scores[image]!, low, high], to + counts);
    }
  },
  webgpu: ({ backend, inputs, outputs }) => {
    const [images, counts] = inputs.counts.shape as [number, number];
    program.run(backend, {
      inputs: [inputs.counts, inputs.scores, inputs.maps],
      outputs,
      uniforms: { counts, values: tf.util.sizeFromShape(inputs.maps.shape.slice(1)) },
      workgroups: [images, 1, 1],
    });
  },
});

/**
 * @param counts [B, n]; @param scores [B]; @param maps [B, H, W], H * W >= 1
 * @returns [B, n + 3]: the counts, the score, the smallest and the largest value of the map
 */
export function checkedRow(counts: tf.Tensor2D, scores: tf.Tensor1D, maps: tf.Tensor3D): tf.Tensor2D {
  return row({ counts, scores, maps }, {})[0] as tf.Tensor2D;
}
