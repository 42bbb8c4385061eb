// What a live update costs beside the model itself. A dispatch more is easily added and never seen, so it is counted.
import { expect, it, vi } from 'vitest';
import { colormap } from '../overlay/colormaps';
import { backendDevice, settle } from '../gpu/backend';
import { tf } from '../gpu/tf';
import { describeWebgpu } from '../../testing/gpu';
import { distanceMap } from './maps/distanceMap';
import { mapExtremes } from './maps/mapExtremes';
import { OverlayRenderer } from './maps/overlay';
import { pasteBlock } from './maps/pasteBlock';
import { scoreMaps } from './maps/smoothMap';

/** Compute dispatches that reach the GPU while `work` runs. */
async function countDispatches(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  await work();
  await settle();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

describeWebgpu('a live update', () => {
  it('takes four dispatches and one draw: paste, distance, upsample and smooth, extremes', async () => {
    const renderer = new OverlayRenderer(backendDevice());
    const phi = tf.randomNormal<tf.Rank.R4>([1, 8, 8, 12], 0, 1, 'float32', 1);
    const reconstruction = tf.randomNormal<tf.Rank.R4>([1, 8, 8, 12], 0, 1, 'float32', 2);
    const mask = tf.tensor3d(
      Float32Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0)),
      [1, 8, 8],
    );
    const intensity = tf.tensor1d([3]);

    const update = async () => {
      const pasted = pasteBlock(phi, mask, intensity);
      const { pixels } = scoreMaps(distanceMap(pasted, reconstruction, true), 64, 'gauss');
      const range = mapExtremes(pixels);
      const look = { range, lut: colormap('viridis'), opacity: 0.6, threshold: null };
      await renderer.renderToPixels(pixels, look, 64, 64);
    };
    expect(await countDispatches(update)).toBe(4);
    renderer.dispose();
  });
});
