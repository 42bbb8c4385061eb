// Words for the methods: their short names, and what the numbers of their maps are.
import type { MethodName } from '../params/methods';

/** Short enough for a button row. */
export const METHOD_NAMES: Record<MethodName, string> = {
  grad: 'GRAD',
  'normal-grid': 'CRAD',
  'abnormal-grid': 'Abnormal grid',
  padim: 'PaDiM',
  patchcore: 'PatchCore',
  simplenet: 'SimpleNet',
  dfr: 'DFR',
  uniad: 'UniAD',
  riad: 'RIAD',
};

/** What a method's map measures, beside the colour scale. */
export const MAP_UNITS: Record<MethodName, string> = {
  grad: 'feature distance',
  'normal-grid': 'feature distance',
  'abnormal-grid': 'channel 0, signed',
  padim: 'Mahalanobis distance',
  patchcore: 'distance to nearest patch',
  simplenet: 'discriminator, negated',
  dfr: 'reconstruction error',
  uniad: 'reconstruction error',
  riad: 'gradient dissimilarity',
};
