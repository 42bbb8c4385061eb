// UniAD among the methods: names, cost, and its options. Light: no tensors here.
import { NO_BRANCHES, type MethodAbout } from '../about';
import { LEARNER_ROWS } from '../options';

export const UNIAD = {
  id: 'uniad',
  name: 'UniAD (not validated)',
  unvalidated: true,
  year: 2022,
  line: 'a transformer of features',
  label: 'UniAD (not validated)',
  help: 'A transformer rebuilds the features; NeurIPS 2022. Not validated: no figure of its paper has been reached here.',
  cost: 'trains long',
  training: 'fit',
  input: 'features',
  branches: NO_BRANCHES,
  mapUnit: 'reconstruction error',
  rows: LEARNER_ROWS,
} as const satisfies MethodAbout;
