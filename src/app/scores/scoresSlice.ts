// Scores of all images, and what follows from them: metrics, colour ranges, the suggested threshold.
import type { PixelDetail } from '../../lib/scoring/metrics/detail';
import type { ImageId, ScoreTable } from '../../engine/api/types';

/** Where the line comes from when none was set by hand. */
export type LineSource = 'labels' | 'quantile' | 'synthetic';

export interface ScoresSlice {
  /** `stale`: computed with other settings than those on screen. */
  status: 'none' | 'stored' | 'scoring' | 'ready' | 'stale';
  byId: Record<ImageId, number>;
  metrics: ScoreTable['metrics'] | null;
  /** How many of the images the pixel figures come from; null when from all. */
  pixelImages: NonNullable<ScoreTable['pixelImages']> | null;
  /** What is to be known of the set beside its figures, in sentences. */
  notices: string[];
  /** Figures over pixels that are computed when they are asked for; null until then, and for other scores. */
  detail: PixelDetail | null;
  ranges: ScoreTable['ranges'] | null;
  /** The line of the chosen source. */
  suggested: ScoreTable['threshold'];
  /** The engine's own suggestion, which every source falls back on. */
  fromLabels: ScoreTable['threshold'];
  source: LineSource;
  /** Share of normal images below the line. */
  quantile: number;
  /** Scores of pasted anomalies by the present model; null while none were pasted. */
  synthetic: number[] | null;
  progress: { done: number; total: number } | null;
}

export const initialScores = (): ScoresSlice => ({
  status: 'none',
  byId: {},
  metrics: null,
  pixelImages: null,
  notices: [],
  detail: null,
  ranges: null,
  suggested: null,
  fromLabels: null,
  source: 'labels',
  quantile: 0.99,
  synthetic: null,
  progress: null,
});
