// Where a remembered patch comes from: the training image and the place whose patch it is. A bank keeps vectors alone, so
// the training images are looked through for the very same one; that also serves banks that come from a file.
import { tf } from '../../lib/gpu/tf';
import type { Detector } from '../../lib/methods/detector';
import { adaptFeatures } from '../../lib/backbones/features';
import { ownerOf, partOf } from '../features/imageParts';
import type { InsideSources } from './insideColours';
import { readOut } from './insidePictures';
import type { InsideCell } from '../api/types';

export type PatchSource = NonNullable<InsideCell['nearest']>;

/** Of the patch's own square: what the same arithmetic differs by. */
const SAME = 1e-6;

/** The training image that has this patch; null when none has it any more. */
export async function nearestSource(
  model: Detector,
  patch: Float32Array,
  { trainingParts, features, model: current }: Pick<InsideSources, 'trainingParts' | 'features' | 'model'>,
): Promise<PatchSource | null> {
  const enough = SAME * patch.reduce((sum, value) => sum + value * value, 0);
  for (const part of trainingParts()) {
    const phi = await features(part);
    const state = current();
    if (state?.model !== model) return (phi.dispose(), null);
    const width = phi.shape[2];
    const found = tf.tidy(() => {
      const squares = model.patches!(adaptFeatures(phi, state.statistics))
        .sub(tf.tensor1d(patch))
        .square()
        .sum<tf.Tensor1D>(1);
      return tf.concat([squares.min().reshape([1]), squares.argMin().toFloat().reshape([1])]);
    });
    phi.dispose();
    const [square, place] = await readOut(found);
    if (square! > enough) continue;
    return { image: ownerOf(part), part: partOf(part), x: place! % width, y: Math.floor(place! / width) };
  }
  return null;
}
