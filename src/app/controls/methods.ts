// Words for the methods: their short names, and what the numbers of their maps are.
import { METHOD_FACTS } from '../../settings/methodFacts';
import type { MethodName } from '../../settings/methods';

/** Short enough for a button row. */
export const METHOD_NAMES = Object.fromEntries(
  Object.entries(METHOD_FACTS).map(([method, { name }]) => [method, name]),
) as Record<MethodName, string>;

/** A row of a comparison, which is a method's or a variant's. */
export const rowName = (label: string): string => METHOD_NAMES[label as MethodName] ?? label;

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
