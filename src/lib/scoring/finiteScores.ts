// Scores that are numbers, or a refusal that names the image: NaN in the features of one image, or in its map, may come out
// of a method as a score like any other (a search for the nearest patch makes 1e19 of it; a maximum passes over it). So
// what was counted on the way (answer.ts) travels with each score, in the same read.
import { RemedyError } from '../errors';
import { faults } from '../gpu/faults';
import { tf } from '../gpu/tf';
import { checkedRow } from '../kernels/maps/checkedRow';
import { mapExtremes } from '../kernels/maps/mapExtremes';
import { COUNTS, countsOf } from '../kernels/maps/nonFinite';
import type { Answer } from './answer';

/** What is looked at, or what came out of it, holds NaN or infinities: nothing to rank. */
export class ScoreNotFinite extends RemedyError {
  override readonly name = 'ScoreNotFinite';
  /** @param image as the user knows it, fit to open a sentence */
  constructor(image: string, where: 'features' | 'map') {
    super(
      `${image} cannot be scored: its ${where === 'features' ? 'features hold' : 'anomaly map holds'} values that are no finite numbers.`,
      where === 'features'
        ? 'Leave this image out, or choose another backbone or load its weights again.'
        : 'Training has probably diverged: lower the learning rate, or train again with another seed.',
    );
  }
}

export interface FiniteScore {
  score: number;
  /** Smallest and largest value of each map that was asked about, in that order. */
  extremes: [number, number][];
}

/** Numbers in a row besides the extremes: the counts and the score. */
const FIXED = COUNTS + 1;

/**
 * The numbers of an answer to read back, with what tells whether they mean anything; readFiniteScores() knows their order.
 * @param maps [B, ., .] whose extremes are wanted with them
 * @returns [B, 1 + COUNTS + 2 * maps]
 */
export function withFiniteCheck({ scores, nonFinite }: Answer, ...maps: tf.Tensor3D[]): tf.Tensor2D {
  const [first] = maps;
  if (first && maps.length === 1) return checkedRow(nonFinite, scores, first);
  return tf.tidy(() =>
    tf.concat([nonFinite, scores.reshape<tf.Tensor2D>([-1, 1]), ...maps.map(mapExtremes)], 1),
  );
}

/**
 * Waits for the GPU and reads them, image by image. The tensor stays the caller's.
 * @param names of the images, as the user knows them
 * @throws ScoreNotFinite for the first image whose input, maps or score hold anything else than finite numbers; GpuFault,
 * DeviceLost
 */
export async function readFiniteScores(
  checked: tf.Tensor2D,
  names: readonly string[],
): Promise<FiniteScore[]> {
  const read = await checked.data<'float32'>();
  // A mistake of the GPU is the cause, not the image.
  faults.check();
  const columns = checked.shape[1];
  return names.map((name, i) => finiteScore(read.subarray(i * columns, (i + 1) * columns), name));
}

function finiteScore(row: Float32Array, name: string): FiniteScore {
  const bad = countsOf(row.subarray(0, COUNTS));
  const score = row[COUNTS]!;
  if (bad.input > 0) throw new ScoreNotFinite(name, 'features');
  if (bad.maps > 0 || !Number.isFinite(score)) throw new ScoreNotFinite(name, 'map');
  const extremes: FiniteScore['extremes'] = [];
  for (let at = FIXED; at < row.length; at += 2) extremes.push([row[at]!, row[at + 1]!]);
  return { score, extremes };
}
