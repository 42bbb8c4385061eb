// CRAD's jitter: while training, Gaussian noise on the local coordinates of a whole batch, with probability 1/2,
// so that neighbouring grid cells learn to agree.
import { tf } from '../../gpu/tf';
import { JITTER } from './config';
import type { GridCoordinates } from './coordinates';
import type { Random } from '../../nn/random';

/** One coin per call; the noise may push a point past the grid's border, where the grid reads zero. */
export function jitterCoordinates(coordinates: GridCoordinates, random: Random): GridCoordinates {
  if (random.uniform() >= JITTER.probability) return coordinates;
  const { local } = coordinates;
  const noise = tf.tensor2d(random.normals(local.size, JITTER.deviation), local.shape);
  return { ...coordinates, local: local.add(noise) };
}
