// What of the settings says how maps are scored, for every call that scores.
import type { Params } from './table';

const SCORING = ['smooth', 'refine', 'imageScore', 'imageShare', 'invertMasks', 'emptyMasks'] as const;
export type ScoringParams = Pick<Params, (typeof SCORING)[number]>;

export const scoringOf = ({
  smooth,
  refine,
  imageScore,
  imageShare,
  invertMasks,
  emptyMasks,
}: ScoringParams): ScoringParams => ({ smooth, refine, imageScore, imageShare, invertMasks, emptyMasks });
