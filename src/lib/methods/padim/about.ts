// PaDiM among the methods: names, cost, and its options. Light: no tensors here.
import { NO_BRANCHES, type MethodAbout } from '../about';
import { int, type OptionRows, type OptionValues } from '../options';

export const PADIM_ROWS = {
  padimFeatures: int({
    label: 'PaDiM channels',
    help: 'PaDiM keeps this many randomly chosen channels; its paper takes 100 with a ResNet-18.',
    group: 'baselines',
    url: 'pf',
    flag: 'padim-features',
    unit: 'channels',
    default: 100,
    min: 1,
    max: 1792,
  }),
} as const satisfies OptionRows;

export interface PadimOptions {
  /** d: channels that are kept, drawn at random. */
  channels: number;
}

export const padimOptions = ({ padimFeatures }: OptionValues<typeof PADIM_ROWS>): PadimOptions => ({
  channels: padimFeatures,
});

export const PADIM = {
  id: 'padim',
  name: 'PaDiM',
  year: 2020,
  line: 'a Gaussian at every place',
  label: 'PaDiM',
  help: 'A Gaussian at every place; ICPR 2020.',
  cost: 'seconds',
  training: 'fit',
  input: 'features',
  branches: NO_BRANCHES,
  mapUnit: 'Mahalanobis distance',
  rows: PADIM_ROWS,
} as const satisfies MethodAbout;
