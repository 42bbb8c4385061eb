// What of the settings says how maps are scored, for every call that scores.
import type { Params } from './table';

export type ScoringParams = Pick<
  Params,
  'smooth' | 'refine' | 'imageScore' | 'imageShare' | 'invertMasks' | 'emptyMasks' | 'metricsAt'
>;

export const scoringOf = ({
  smooth,
  refine,
  imageScore,
  imageShare,
  invertMasks,
  emptyMasks,
  metricsAt,
}: ScoringParams): ScoringParams => ({
  smooth,
  refine,
  imageScore,
  imageShare,
  invertMasks,
  emptyMasks,
  metricsAt,
});
