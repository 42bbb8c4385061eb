// What of the settings says how maps are scored, for every call that scores.
import type { Params } from './table';

const SCORING = ['smooth', 'refine', 'imageScore', 'imageShare'] as const;
export type ScoringParams = Pick<Params, (typeof SCORING)[number]>;

export const scoringOf = ({ smooth, refine, imageScore, imageShare }: ScoringParams): ScoringParams => ({
  ...{ smooth, refine, imageScore, imageShare },
});

/** Whether scores of one kind are no scores of the other. */
export const scoresOtherwise = (one: ScoringParams, other: ScoringParams) =>
  SCORING.some((name) => one[name] !== other[name]);
