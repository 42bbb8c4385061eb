// Scores of all images, and what follows from them: metrics, colour ranges, the suggested threshold.
import type { ImageId, ScoreTable } from '../../engine/types';

export interface ScoresSlice {
  /** `stale`: computed with other settings than those on screen. */
  status: 'none' | 'stored' | 'scoring' | 'ready' | 'stale';
  byId: Record<ImageId, number>;
  metrics: ScoreTable['metrics'] | null;
  ranges: ScoreTable['ranges'] | null;
  suggested: ScoreTable['threshold'];
  progress: { done: number; total: number } | null;
}

export const initialScores = (): ScoresSlice => ({
  status: 'none',
  byId: {},
  metrics: null,
  ranges: null,
  suggested: null,
  progress: null,
});
