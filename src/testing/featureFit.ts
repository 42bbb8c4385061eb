// Surroundings for fits on feature maps that a test knows value by value: maps from memory, settings, every report kept.
// Random maps and nothing to look at: fitWorld.ts.
import { tf } from '../lib/gpu/tf';
import type { Detector, FitContext, InputShape, StoredTensor } from '../lib/methods/detector';
import { learnerOptions, type LearnerOptions } from '../lib/methods/options';
import { padimOptions, type PadimOptions } from '../lib/methods/padim/about';
import { patchcoreOptions, type PatchcoreOptions } from '../lib/methods/patchcore/about';
import { simplenetOptions, type SimplenetOptions } from '../lib/methods/simplenet/about';
import type { FitProgress } from '../lib/nn/fit';
import { Random } from '../lib/nn/random';
import { TrainControl } from '../lib/nn/control';
import { defaultParams, type Params } from '../settings/table';

/** The options of every method together: each takes its own. */
export type AllOptions = LearnerOptions & PadimOptions & PatchcoreOptions & SimplenetOptions;

/** Seed, batch and options for these parameters, the others at their defaults. */
export function settingsOf(changes: Partial<Params>): { seed: number; batch: number; options: AllOptions } {
  const params = { ...defaultParams(), ...changes };
  const { seed, batch } = params;
  const options = [learnerOptions, padimOptions, patchcoreOptions, simplenetOptions].map((of) => of(params));
  return { seed, batch, options: Object.assign({}, ...options) as AllOptions };
}

export interface TestFit extends FitContext<AllOptions> {
  reports: FitProgress[];
  /** Values of the images, each [H, W, C]. */
  images: Float32Array[];
}

/** @param options.onReport called with each report, for instance to cancel */
export function testFit(
  shape: InputShape,
  images: Float32Array[],
  params: Partial<Params> = {},
  onReport: (progress: FitProgress, control: TrainControl) => void = () => {},
): TestFit {
  const control = new TrainControl();
  const reports: FitProgress[] = [];
  return {
    shape,
    images,
    sigma: 0.5,
    control,
    reports,
    ...settingsOf({ batch: 2, ...params }),
    source: {
      count: images.length,
      batch: (indices) =>
        stacked(
          shape,
          indices.map((i) => images[i]!),
        ),
    },
    report: (progress) => {
      reports.push(progress);
      onReport(progress, control);
    },
  };
}

/** Images [H, W, C] as one tensor. */
export function stacked({ height, width, channels }: InputShape, images: Float32Array[]): tf.Tensor4D {
  const values = images.flatMap((image) => [...image]);
  return tf.tensor4d(values, [images.length, height, width, channels]);
}

/** Images of normal values whose means differ from place to place and channel to channel. */
export function randomImages(
  { height, width, channels }: InputShape,
  count: number,
  seed = 1,
): Float32Array[] {
  const size = height * width * channels;
  const means = Random.stream(9, 'means').normals(size, 2);
  const random = Random.stream(seed, 'images');
  return Array.from({ length: count }, () => random.normals(size, 1).map((value, i) => value + means[i]!));
}

/** A detector's tensors as its file would give them back. */
export async function storedTensors(detector: Detector): Promise<Map<string, StoredTensor>> {
  return new Map(Object.entries((await detector.tensors()) as Record<string, StoredTensor>));
}
