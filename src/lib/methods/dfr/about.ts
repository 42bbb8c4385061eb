// DFR among the methods: names, cost, and its options. Light: no tensors here.
import { NO_BRANCHES, type MethodAbout } from '../about';
import { LEARNER_ROWS } from '../options';

export const DFR = {
  id: 'dfr',
  name: 'DFR',
  year: 2020,
  line: 'an auto-encoder of features',
  label: 'DFR',
  help: 'An auto-encoder rebuilds the features of every place; 2020.',
  cost: 'trains',
  training: 'fit',
  input: 'features',
  branches: NO_BRANCHES,
  mapUnit: 'reconstruction error',
  rows: LEARNER_ROWS,
} as const satisfies MethodAbout;
