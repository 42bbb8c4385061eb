// A small world to fit a baseline in: a few feature maps, a control, and what was reported.
import { tf } from '../lib/gpu/tf';
import type { Detector, FitContext, StoredTensor } from '../lib/methods/detector';
import type { FitProgress } from '../lib/nn/fit';
import { Random } from '../lib/nn/random';
import { TrainControl } from '../lib/nn/control';
import type { Params } from '../settings/table';
import { settingsOf, type AllOptions } from './featureFit';

export interface FitWorld {
  context: FitContext<AllOptions>;
  reports: FitProgress[];
  /** Values of every map, row-major. */
  maps: Float32Array[];
}

/** @param fill every value instead of random ones */
export function fitWorld({
  count = 5,
  height = 3,
  width = 3,
  channels = 4,
  seed = 1,
  paused = false,
  fill = undefined as number | undefined,
  params = {} as Partial<Params>,
} = {}): FitWorld {
  const random = Random.stream(7, 'test features');
  const size = height * width * channels;
  const maps = Array.from({ length: count }, () =>
    fill === undefined ? random.normals(size, 1) : new Float32Array(size).fill(fill),
  );
  const batch = (indices: readonly number[]) => {
    const values = new Float32Array(indices.length * size);
    indices.forEach((index, i) => values.set(maps[index]!, i * size));
    return tf.tensor4d(values, [indices.length, height, width, channels]);
  };
  const reports: FitProgress[] = [];
  const context: FitContext<AllOptions> = {
    source: { count, batch },
    shape: { height, width, channels },
    sigma: 0.5,
    ...settingsOf({ batch: 4, seed, ...params }),
    control: new TrainControl({ paused }),
    report: (progress) => reports.push(progress),
  };
  return { context, reports, maps };
}

/** What a file gives back of a detector. */
export async function throughFile(detector: Detector): Promise<Map<string, StoredTensor>> {
  return new Map(
    Object.entries(await detector.tensors()).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: Float32Array.from(data) },
    ]),
  );
}
