// Measures, once a model is trained, how its map is to be read (reading.ts): the refinement's k as a quantile of the errors
// on the training images, and the units in which map and abnormal branch are added.
import { tf } from '../../gpu/tf';
import { distanceMap } from '../../kernels/maps/distanceMap';
import type { InputSource } from '../../nn/trainingLoop';
import type { BiGrid } from './biGrid';
import type { TrainConfig } from './config';
import { fusedMap } from './fusedMap';
import { UNMEASURED, type Reading, type Standard } from './reading';
import { abnormalScore } from './stages';

/** Cells that are looked at, at most: beyond, images are left out evenly. */
const MOST_CELLS = 2 ** 22;
/** A map that is the same everywhere is left unscaled. */
const SMALLEST_DEVIATION = 1e-12;

/** Sets how the model's map is read, from the images it was trained on. @throws GpuFault, and what the source throws */
export async function measureReading(
  model: BiGrid,
  source: InputSource,
  { nearQuantile, batch }: Pick<TrainConfig, 'nearQuantile' | 'batch'>,
): Promise<void> {
  const { method, gate, height, width, channels } = model.config;
  const adds = gate === 'sum';
  if (method === 'abnormal-grid' || (nearQuantile === null && !adds)) return;
  const images = evenly(source.count, Math.max(1, Math.floor(MOST_CELLS / (height * width))));
  const over = (read: (phi: tf.Tensor4D) => tf.Tensor3D) => cellsOf(source, images, batch, read);
  const reading: Reading = { ...UNMEASURED };
  if (nearQuantile !== null) {
    const distances = await over((phi) => distanceMap(phi, model.fuse(model.branches(phi)), false));
    reading.near = quantile(distances, nearQuantile / 100) ** 2 / channels;
    model.reading = reading;
  }
  if (!adds) return;
  const map = await over((phi) => fusedMap(model, phi, model.branches(phi), { refine: true }));
  const score = await over((phi) => abnormalScore(model.branches(phi).abnormal!));
  model.reading = { ...reading, sum: { map: standardOf(map), score: standardOf(score) } };
}

/** Standard deviation of each channel over all cells of the training images, unbiased. */
export async function deviationsOf(source: InputSource, batch: number): Promise<Float32Array> {
  const all = Array.from({ length: source.count }, (_, i) => i);
  let [cells, sum, squares] = [0, new Float64Array(0), new Float64Array(0)];
  for (let at = 0; at < all.length; at += batch) {
    const indices = all.slice(at, at + batch);
    await source.ready?.(indices);
    const { mean, variance, count } = await momentsOf(source, indices);
    cells += count;
    sum = mean.map((value, c) => (sum[c] ?? 0) + count * value);
    squares = mean.map((value, c) => (squares[c] ?? 0) + count * (variance[c]! + value * value));
  }
  return Float32Array.from(squares, (square, c) =>
    Math.sqrt(Math.max(0, square - sum[c]! ** 2 / cells) / Math.max(1, cells - 1)),
  );
}

async function momentsOf(source: InputSource, indices: readonly number[]) {
  const moments = tf.tidy(() => {
    const phi = source.batch(indices);
    const { mean, variance } = tf.moments(phi, [0, 1, 2]);
    return { mean, variance, count: tf.scalar(phi.size / phi.shape[3]) };
  });
  const [mean, variance, count] = await Promise.all([
    moments.mean.data<'float32'>(),
    moments.variance.data<'float32'>(),
    moments.count.data<'float32'>(),
  ]);
  tf.dispose(moments);
  return { mean: Float64Array.from(mean), variance: Float64Array.from(variance), count: count[0]! };
}

/** What is read of some training images, all cells of them. */
async function cellsOf(
  source: InputSource,
  images: readonly number[],
  batch: number,
  read: (phi: tf.Tensor4D) => tf.Tensor3D,
): Promise<Float64Array> {
  const parts: Float32Array[] = [];
  for (let at = 0; at < images.length; at += batch) {
    const indices = images.slice(at, at + batch);
    await source.ready?.(indices);
    const map = tf.tidy(() => read(source.batch(indices)));
    parts.push((await map.data<'float32'>()).slice());
    map.dispose();
  }
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

/** At most so many of `count` places, spread evenly. */
const evenly = (count: number, most: number): number[] =>
  Array.from({ length: Math.min(count, most) }, (_, i) => Math.floor((i * count) / Math.min(count, most)));

/** Linear between neighbours, as torch.quantile and numpy.quantile. @param share 0 to 1 */
export function quantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const below = sorted[low]!;
  return below + (place - low) * ((sorted[low + 1] ?? below) - below);
}

export function standardOf(values: Float64Array): Standard {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, values.length - 1));
  return { mean, deviation: deviation > SMALLEST_DEVIATION ? deviation : 1 };
}
