// Where a training run stands between two steps, as plain data: with the model's parameters it is all that is
// needed to go on with the same bits. Written and read by checkpoint.ts, made by the trainer.
import type { TrainConfig } from './config';
import type { OptimiserState } from '../../nn/optimiser';
import type { Position, Stage } from './plan';
import type { RandomState } from '../../nn/random';

/** The streams that training draws from, besides the start values. */
export type StreamName = 'order' | 'fbp' | 'jitter';

export interface TrainState {
  config: TrainConfig;
  /** The step to run next. */
  position: Position;
  /** This epoch's order of the training images. */
  order: number[];
  streams: Record<StreamName, RandomState>;
  optimiser: OptimiserState;
  /** One loss per step, by stage. */
  losses: Record<Stage, number[]>;
}
