// Feature maps with the masks of what is anomalous in them, as batches that stage 1 learns from. Where they come from
// is not known here: drawn ones are anomalyPool.ts, real ones realAnomalies.ts.
import { tf } from '../../lib/gpu/tf';
import type { Anomalies } from '../../lib/methods/grad/anomalies';
import type { Random } from '../../lib/nn/random';
import type { HeldFeatures } from './heldFeatures';

/** Where a run takes images with anomalies from. */
export interface AnomalousImages {
  /** As many as there are indices: phi [n, H, W, C] as the backbone gives it, and where it is anomalous. */
  anomalous(indices: readonly number[], random: Random): Anomalies;
  /** @param how whether the device was lost, and what was on it */
  release(how: { lost: boolean }): void;
}

/** The maps at some places of a list, with their masks. @param masks of each map, H * W values, 0 or 1 */
export function anomaliesAt(
  held: HeldFeatures,
  masks: readonly Float32Array[],
  places: readonly number[],
): Anomalies {
  const phi = held.batch(places);
  const [batch, height, width] = phi.shape;
  const mask = new Float32Array(batch * height * width);
  places.forEach((place, i) => mask.set(masks[place]!, i * height * width));
  return { phi, mask: tf.tensor3d(mask, [batch, height, width]) };
}
