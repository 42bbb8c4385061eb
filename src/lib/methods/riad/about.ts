// RIAD among the methods: names, cost, and its options. Light: no tensors here.
import { NO_BRANCHES, type MethodAbout } from '../about';
import { LEARNER_ROWS } from '../options';

export const RIAD = {
  id: 'riad',
  name: 'RIAD (not validated)',
  unvalidated: true,
  year: 2021,
  line: 'repaints hidden squares of pixels',
  label: 'RIAD (not validated)',
  help: 'A small network repaints hidden squares of the image itself; Pattern Recognition 2021. Not validated: no figure of its paper has been reached here.',
  cost: 'trains long',
  training: 'fit',
  input: 'pixels',
  branches: NO_BRANCHES,
  mapUnit: 'gradient dissimilarity',
  rows: LEARNER_ROWS,
} as const satisfies MethodAbout;
