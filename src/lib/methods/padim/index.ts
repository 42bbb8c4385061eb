// PaDiM (Defard, Setkov, Loesch, Audigier: "PaDiM: a Patch Distribution Modeling Framework for Anomaly Detection and
// Localization", ICPR 2021, arXiv 2011.08785): at every place of the feature map the training images' features follow a
// Gaussian of their own; the anomaly map is the Mahalanobis distance to it. Of the channels a random subset is kept.
//
// Where this differs from the paper: features are the playground's phi (two levels of any backbone, on the finer one's grid)
// instead of three levels of a ResNet.
import { packedSize, mahalanobis, type Gaussians } from '../../kernels/search/mahalanobis';
import { tf } from '../../gpu/tf';
import { yieldToEventLoop } from '../../gpu/yieldToEventLoop';
import { Random } from '../../nn/random';
import { fitInSteps, type FitSteps } from '../../nn/fit';
import {
  defineMethod,
  type Detector,
  type DetectorConfig,
  type FitContext,
  type GaussianAxes,
  type InputShape,
  type StoredTensor,
} from '../detector';
import { BadModelFile } from '../errors';
import { largestTensor, MemoryTooLarge } from '../memoryErrors';
import { gaussianAxes, GaussianSums, whiteningOf } from './gaussians';
import { configIn, readTensors, size, storedTensor } from '../stored';
import { PADIM, padimOptions, type PadimOptions } from './about';

/** Largest memory for the matrices, whatever the adapter allows; the sums behind them take twice as much. */
const MOST_BYTES = 2 ** 30;
/** Matrices are inverted for about this long, in milliseconds, before others get their turn. */
const TURN_MS = 20;

/** Channels up to which a place's axes are found, which takes their third power. */
const MOST_AXES = 128;

/** The kept channels of C, in ascending order: all where no fewer are asked for. */
export function chosenChannels(seed: number, channels: number, kept: number): number[] {
  const order = Random.stream(seed, 'padim channels').permutation(channels);
  return order.slice(0, kept).sort((a, b) => a - b);
}

/** @throws NothingToTrain | FeaturesNotFinite | MemoryTooLarge | GpuFault */
async function fit(context: FitContext<PadimOptions>): Promise<Detector | null> {
  const { shape, seed, options, source } = context;
  const channels = chosenChannels(seed, shape.channels, options.channels);
  const places = shape.height * shape.width;
  checkMemory(places, channels.length);
  return fitInSteps(context, source.count + places, async (steps) => {
    const sums = new GaussianSums(places, channels.length);
    const collected = await steps.everyBatch('training images', (phi) => addImages(sums, phi, channels));
    const whitening = collected && (await whitenAll(sums, steps));
    if (!whitening) return null;
    const mean = new Float32Array(places * channels.length);
    for (let place = 0; place < places; place++) mean.set(sums.mean(place), place * channels.length);
    return detector(shape, channels, mean, whitening);
  });
}

function checkMemory(places: number, d: number): void {
  const most = Math.min(largestTensor(), MOST_BYTES);
  const bytes = 4 * places * packedSize(d);
  if (bytes <= most) return;
  // The largest d with d (d + 1) / 2 numbers a place.
  const fitting = Math.max(1, Math.floor((Math.sqrt((2 * most) / places + 1) - 1) / 2));
  throw new MemoryTooLarge(
    `The covariances of ${d} channels at ${places} places`,
    bytes,
    most,
    `Set PaDiM channels to at most ${fitting}, or choose a smaller input size.`,
  );
}

async function addImages(sums: GaussianSums, phi: tf.Tensor4D, channels: readonly number[]): Promise<void> {
  const values = await phi.data<'float32'>();
  const all = phi.shape[3];
  const image = new Float32Array(sums.places * channels.length);
  for (let i = 0; i < phi.shape[0]; i++) {
    const first = i * sums.places * all;
    for (let place = 0, at = 0; place < sums.places; place++) {
      for (const channel of channels) image[at++] = values[first + place * all + channel]!;
    }
    sums.add(image);
    await yieldToEventLoop();
  }
}

/** L^-1 of every place, [places, packedSize(d)]; null when cancelled. */
async function whitenAll(sums: GaussianSums, steps: FitSteps): Promise<Float32Array | null> {
  const size = packedSize(sums.d);
  const whitening = new Float32Array(sums.places * size);
  for (let place = 0; place < sums.places;) {
    if (!(await steps.next())) return null;
    const before = place;
    const end = performance.now() + TURN_MS;
    do {
      whitening.set(whiteningOf(sums.covariance(place), sums.d), place * size);
    } while (++place < sums.places && performance.now() < end);
    await steps.done('Gaussians', place - before);
  }
  return whitening;
}

function detector(
  { height, width, channels: all }: InputShape,
  channels: ArrayLike<number>,
  mean: Float32Array,
  whitening: Float32Array,
): Detector {
  const [places, d] = [height * width, channels.length];
  const gaussians = {
    channels: tf.tensor1d(Float32Array.from(channels)),
    mean: tf.tensor2d(mean, [places, d]),
    whitening: tf.tensor2d(whitening, [places, packedSize(d)]),
  } satisfies Gaussians;
  return {
    method: PADIM.id,
    config: { height, width, channels: all },
    map: (phi) => mahalanobis(phi, gaussians),
    comparison: (phi) => ({ seen: phi.clone(), expected: tf.tidy(() => withMeans(phi, gaussians)) }),
    gaussianAxes: (phi, place) => axesAt(phi, place, gaussians),
    tensors: () => readTensors(gaussians),
    dispose: () => tf.dispose(gaussians),
  };
}

/** phi with the means of each place in the channels that are looked at. */
function withMeans(phi: tf.Tensor4D, { channels, mean }: Gaussians): tf.Tensor4D {
  const all = phi.shape[3];
  const rows = phi.reshape<tf.Tensor2D>([-1, all]);
  // [d, C], one 1 a row.
  const chosen = tf.equal(channels.expandDims(1), tf.range(0, all).expandDims(0)).toFloat() as tf.Tensor2D;
  const kept = tf.matMul(rows, chosen, false, true);
  return rows.add(tf.matMul(mean.sub<tf.Tensor2D>(kept), chosen)).reshape(phi.shape);
}

/** Null for more channels than axes are found for in a moment. */
async function axesAt(
  phi: tf.Tensor4D,
  place: number,
  { channels, mean, whitening }: Gaussians,
): Promise<GaussianAxes | null> {
  const d = channels.shape[0];
  if (d > MOST_AXES) return null;
  const parts = tf.tidy(() => {
    const values = phi.reshape([-1, phi.shape[3]]).slice([place, 0], [1, phi.shape[3]]);
    const of = (rows: tf.Tensor2D) => rows.slice([place, 0], [1, rows.shape[1]]);
    const deviation = tf.gather(values.reshape([-1]), channels.toInt()).sub(of(mean).reshape([-1]));
    return { deviation, factor: of(whitening) };
  });
  try {
    const [deviation, factor] = await Promise.all([parts.deviation.data(), parts.factor.data()]);
    return gaussianAxes(Float64Array.from(factor), Float64Array.from(deviation));
  } finally {
    tf.dispose(parts);
  }
}

function restore(config: DetectorConfig, tensors: ReadonlyMap<string, StoredTensor>): Detector {
  const shape = configIn({ height: size, width: size, channels: size }, config);
  const places = shape.height * shape.width;
  const channels = storedTensor(tensors, 'channels', [null]);
  const inside = (channel: number) => Number.isInteger(channel) && channel >= 0 && channel < shape.channels;
  if (!channels.every(inside)) throw new BadModelFile('its channels are not those of the features');
  const d = channels.length;
  const mean = storedTensor(tensors, 'mean', [places, d]);
  return detector(shape, channels, mean, storedTensor(tensors, 'whitening', [places, packedSize(d)]));
}

/** Fitted on feature maps of one size; the anomaly map is in standard deviations. */
export const padim = defineMethod({ about: PADIM, optionsFrom: padimOptions, fit, restore });
export default padim;
