// SimpleNet among the methods: names, cost, and its options. Light: no tensors here.
import { NO_BRANCHES, type MethodAbout } from '../about';
import {
  num,
  LEARNER_ROWS,
  learnerOptions,
  type LearnerOptions,
  type OptionRows,
  type OptionValues,
} from '../options';

export const SIMPLENET_ROWS = {
  ...LEARNER_ROWS,
  simplenetNoise: num({
    label: 'SimpleNet noise',
    help: 'Standard deviation of the noise that SimpleNet learns to recognise. Its paper’s 0.015 is about 0.03 sigma on a MobileNetV2’s features, where no discriminator could tell it from them: a loss that stays at 1 has not learned.',
    group: 'baselines',
    url: 'sn',
    flag: 'simplenet-noise',
    unit: 'sigma',
    default: 0.3,
    min: 0.001,
    max: 10,
    step: 0.05,
  }),
} as const satisfies OptionRows;

export interface SimplenetOptions extends LearnerOptions {
  /** Standard deviation of the noise on adapted features, in sigma. */
  noise: number;
}

export const simplenetOptions = ({
  simplenetNoise,
  ...rows
}: OptionValues<typeof SIMPLENET_ROWS>): SimplenetOptions => ({
  ...learnerOptions(rows),
  noise: simplenetNoise,
});

export const SIMPLENET = {
  id: 'simplenet',
  name: 'SimpleNet',
  year: 2023,
  line: 'features against noisy copies',
  label: 'SimpleNet',
  help: 'Learns to tell features from noisy copies; CVPR 2023.',
  cost: 'trains',
  training: 'fit',
  input: 'features',
  branches: NO_BRANCHES,
  mapUnit: 'discriminator, negated',
  rows: SIMPLENET_ROWS,
} as const satisfies MethodAbout;
