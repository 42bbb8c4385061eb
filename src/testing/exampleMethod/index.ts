// Mean distance: a place is as anomalous as it is far from the mean of the training features there.
import { tf } from '../../lib/gpu/tf';
import { NO_BRANCHES, type MethodAbout } from '../../lib/methods/about';
import { defineMethod, type Detector, type FitContext, type InputShape } from '../../lib/methods/detector';
import { int, type OptionRows, type OptionValues } from '../../lib/methods/options';
import { configIn, readTensors, size, storedTensor } from '../../lib/methods/stored';
import { fitInSteps } from '../../lib/nn/fit';

const ROWS = {
  meanImages: int({
    label: 'Mean over',
    help: 'Training images that the mean is taken over; 0 takes all.',
    group: 'baselines',
    url: 'mi',
    flag: 'mean-images',
    unit: 'images',
    default: 0,
    min: 0,
    max: 1000,
  }),
} as const satisfies OptionRows;

interface MeanOptions {
  /** 0: all. */
  images: number;
}

export const MEAN_DISTANCE = {
  id: 'mean-distance',
  name: 'Mean',
  year: 2026,
  line: 'distance to the mean feature',
  label: 'Mean distance',
  help: 'The distance to the mean training feature of every place.',
  cost: 'seconds',
  training: 'fit',
  input: 'features',
  branches: NO_BRANCHES,
  mapUnit: 'feature distance',
  rows: ROWS,
} as const satisfies MethodAbout;

function fit(context: FitContext<MeanOptions>): Promise<Detector | null> {
  const { source, shape, options } = context;
  const count = options.images > 0 ? Math.min(options.images, source.count) : source.count;
  const inputs = Array.from({ length: count }, (_, i) => i);
  return fitInSteps(context, count, async (steps) => {
    let sum = tf.zeros<tf.Rank.R3>([shape.height, shape.width, shape.channels]);
    // phi [n, H, W, C] is disposed of after the visit; one step an image is counted and reported.
    const add = (phi: tf.Tensor4D) => {
      const before = sum;
      sum = tf.tidy(() => before.add(phi.sum(0)));
      before.dispose();
    };
    const whole = await steps.everyBatch('mean', add, { inputs });
    const mean = tf.tidy(() => sum.div<tf.Tensor3D>(count));
    sum.dispose();
    if (whole) return detector(shape, mean);
    mean.dispose();
    return null;
  });
}

/** @param mean [H, W, C], taken over */
function detector({ height, width, channels }: InputShape, mean: tf.Tensor3D): Detector {
  return {
    method: MEAN_DISTANCE.id,
    config: { height, width, channels },
    map: (phi) => tf.tidy(() => phi.sub(mean).square().sum<tf.Tensor3D>(3).sqrt()),
    tensors: () => readTensors({ mean }),
    dispose: () => mean.dispose(),
  };
}

export default defineMethod({
  about: MEAN_DISTANCE,
  optionsFrom: ({ meanImages }: OptionValues<typeof ROWS>): MeanOptions => ({ images: meanImages }),
  fit,
  restore(config, tensors) {
    const shape = configIn({ height: size, width: size, channels: size }, config);
    const lengths: [number, number, number] = [shape.height, shape.width, shape.channels];
    return detector(shape, tf.tensor3d(storedTensor(tensors, 'mean', lengths), lengths));
  },
});
