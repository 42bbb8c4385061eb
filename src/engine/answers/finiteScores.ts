// Scores that are numbers, or a refusal that names the image: NaN in the features of one image, or in its map, may come out
// of a method as a score like any other (a search for the nearest patch makes 1e19 of it). Every list of scores that
// leaves the engine is read here.
import { tf } from '../../lib/gpu/tf';
import { nonFinite } from '../../lib/kernels/maps/nonFinite';
import type { AnomalyMaps } from '../../lib/scoring/anomalyMaps';
import { ScoreNotFinite } from '../api/errors';

/** Per image its score and how many values of its input and of its maps are no finite numbers. */
const COLUMNS = 3;

/**
 * Scores with what tells whether they mean anything, for readSoundScores().
 * @param scores [B] of these inputs [B, H, W, C] and maps [B, h, w]
 * @returns [B, 3]
 */
export function withSoundness(scores: tf.Tensor1D, input: tf.Tensor4D, maps: AnomalyMaps): tf.Tensor2D {
  return tf.tidy(() => {
    const inMaps = [maps.fused, maps.normal, maps.abnormal].flatMap((map) => (map ? [nonFinite(map)] : []));
    const found = inMaps.reduce((sum, count) => sum.add(count));
    return tf.stack([scores, nonFinite(input), found], 1) as tf.Tensor2D;
  });
}

/**
 * The scores alone, image by image.
 * @param names of the images, as the user knows them
 * @throws ScoreNotFinite for the first image whose input, map or score holds anything else than finite numbers
 */
export async function readSoundScores(sound: tf.Tensor2D, names: readonly string[]): Promise<number[]> {
  const read = await sound.data<'float32'>();
  return names.map((name, i) => {
    const [score, inInput, inMaps] = read.subarray(i * COLUMNS, (i + 1) * COLUMNS) as unknown as number[];
    if (inInput! > 0) throw new ScoreNotFinite(name, 'features');
    if (inMaps! > 0 || !Number.isFinite(score)) throw new ScoreNotFinite(name, 'map');
    return score!;
  });
}
