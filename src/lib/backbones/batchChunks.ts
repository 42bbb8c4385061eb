// Batches that are too large for the adapter: a map of all images would pass what it binds at once (128 MiB on the
// smallest). They go through in chunks; an image's features do not depend on its neighbours.
import { backendDevice } from '../gpu/backend';
import { tf } from '../gpu/tf';
import { largestMap } from './cost';
import type { Plan } from './plan';

const BYTES_PER_FLOAT = 4;

/** How many images of [height, width] the adapter takes at once; at least one, which may then be too large by itself. */
export function imagesAtOnce(plan: Plan, height: number, width: number): number {
  const limit = tf.getBackend() === 'webgpu' ? backendDevice().limits.maxStorageBufferBindingSize : Infinity;
  return Math.max(1, Math.floor(limit / (largestMap(plan, height, width) * BYTES_PER_FLOAT)));
}

/**
 * Runs a batch in chunks of at most `most` images. @param image [B, H, W, C]; stays the caller's.
 * @param run one result or several, each [B, ...] @returns the same for the whole batch
 */
export function inChunks(
  image: tf.Tensor4D,
  most: number,
  run: (image: tf.Tensor4D) => tf.Tensor4D[],
): tf.Tensor4D[] {
  const [batch, height, width, channels] = image.shape;
  if (batch <= most) return run(image);
  const chunks: tf.Tensor4D[][] = [];
  for (let first = 0; first < batch; first += most) {
    const count = Math.min(most, batch - first);
    const chunk = image.slice([first, 0, 0, 0], [count, height, width, channels]);
    chunks.push(run(chunk));
    chunk.dispose();
  }
  const whole = chunks[0]!.map((_, map) => tf.concat(chunks.map((maps) => maps[map]!), 0)); // prettier-ignore
  tf.dispose(chunks);
  return whole;
}
