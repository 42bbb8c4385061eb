// Gathers chosen rows of several batches into one store, in place (shaders/search/collect_rows.wgsl): no pieces to join at
// the end, so never twice the memory, and buffers of one size for every batch. No gradient.
import collectSource from '../../../../shaders/search/collect_rows.wgsl';
import { tf } from '../../gpu/tf';
import { defineKernel } from '../../gpu/kernel';
import { Program } from '../../gpu/program';

const program = new Program(collectSource);
const THREADS = program.constant('THREADS');

const collect = defineKernel<'rows' | 'targets' | 'store'>({
  name: 'CollectRows',
  outputShapes: () => [],
  cpu: ({ inputs, values, replace }) => {
    const channels = inputs.rows.shape[1]!;
    const store = values.store.slice();
    values.targets.forEach((target, row) => {
      if (target < 0) return;
      store.set(values.rows.subarray(row * channels, (row + 1) * channels), target * inputs.store.shape[1]!);
    });
    replace('store', store);
  },
  webgpu: ({ backend, inputs: { rows, targets, store } }) => {
    const [count, channels] = rows.shape as [number, number];
    program.run(backend, {
      inputs: [rows, targets],
      outputs: [store],
      uniforms: { rows: count, channels, width: store.shape[1]! },
      workgroups: Math.ceil((count * channels) / THREADS),
    });
  },
});

/**
 * Copies row r of `rows` to row `targets[r]` of `store`; negative targets are skipped.
 * @param rows [N, C]
 * @param targets [N] whole numbers below M, all different where not negative
 * @param store [M, width], changed in place; what lies beyond the first C columns stays
 * @throws Error when the shapes do not fit
 */
export function collectRows(rows: tf.Tensor2D, targets: tf.Tensor1D, store: tf.Tensor2D): void {
  tf.util.assertShapesMatch(targets.shape, [rows.shape[0]], 'collectRows, targets: ');
  tf.util.assert(
    rows.shape[1] <= store.shape[1],
    () => `collectRows: rows [${rows.shape}] do not fit the store [${store.shape}]`,
  );
  collect({ rows, targets, store }, {});
}
