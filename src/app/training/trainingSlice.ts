// The training run on screen, and the model that maps come from.
import type { LossCurves, Progress } from '../../engine/api/types';
import type { Params } from '../../settings/table';

export type { LossCurves };

export interface TrainingSlice {
  status: 'idle' | 'starting' | 'running' | 'paused' | 'finished' | 'cancelled' | 'failed';
  /** The parameters the run was started with; they may have been changed on screen since. */
  startedWith: Params | null;
  progress: Progress | null;
  losses: LossCurves;
  /** How long the finished run took, in seconds. */
  seconds: number | null;
  /** What the run before left on screen, of the model that stays in use if this one is cancelled. */
  before: Pick<TrainingSlice, 'progress' | 'losses' | 'seconds'> | null;
  /** In slow motion: a step now and then. */
  slow: boolean;
  /** A reload cut a run off; the parameters are back, the run is not. */
  interrupted: boolean;
}

/** Where the grids come from that draw the maps. */
export interface ModelSlice {
  source: 'none' | 'stored' | 'trained';
  /** The parameters it was trained with; null without a model. */
  params: Partial<Params> | null;
  /** Its own w or lambda. */
  fusionValue: number | null;
}

export const initialTraining = (): TrainingSlice => ({
  status: 'idle',
  startedWith: null,
  progress: null,
  losses: { 1: [], 2: [] },
  seconds: null,
  before: null,
  slow: false,
  interrupted: false,
});

export const initialModel = (): ModelSlice => ({ source: 'none', params: null, fusionValue: null });
