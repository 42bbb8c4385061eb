// One line on where the run stands: what it waits for, how long it takes, how it ended.
import { branchesOf, isGridMethod } from '../../settings/methods';
import { stepsOf } from '../../settings/presets';
import type { AppState } from '../shell/appState';
import { imagesOf, pendingChanges } from '../shell/selectors';
import { useApp } from '../shell/store';
import { formatSeconds, plural } from '../controls/format';

export function TrainingStatus() {
  const text = useApp(describe);
  return (
    <p className="training-status" data-testid="training-status">
      {text}
    </p>
  );
}

function describe(state: AppState): string {
  const { training, engine, data } = state;
  const { progress } = training;
  if (engine.status !== 'ready' && training.status === 'idle') return waiting(state);
  switch (training.status) {
    case 'starting':
      if (data.adding) return `Waiting for images, ${data.adding.done} of ${data.adding.total}`;
      return engine.extracting
        ? `Waiting for features, ${engine.extracting.done} of ${engine.extracting.total}`
        : 'Warming up: compiling kernels';
    case 'running':
      if (!progress) return 'Warming up: compiling kernels';
      return `Step ${progress.step} of ${progress.steps}, ${left(progress.secondsLeft)}`;
    case 'paused':
      return progress
        ? `Paused at step ${progress.step} of ${progress.steps}`
        : 'Paused before the first step';
    case 'finished':
      return `Trained in ${formatSeconds(training.seconds ?? 0)}${pending(state)}`;
    case 'cancelled':
      return 'Cancelled; the model before it stays in use';
    case 'failed':
      return failed(state);
    case 'idle':
      return engine.phase ?? idle(state);
  }
}

const left = (seconds: number | null) => (seconds === null ? 'estimating' : `${formatSeconds(seconds)} left`);

/** What a run that cannot go on has. */
function failed({ training: { progress }, engine, kept }: AppState): string {
  const at = progress ? ` at step ${progress.step} of ${progress.steps}` : '';
  const why = engine.status === 'lost' ? `Cut off${at}: the engine was lost` : `The run failed${at}`;
  if (kept.resumable) return `${why}; its checkpoint of step ${kept.resumable.step} is kept`;
  return engine.status === 'lost' ? `${why}; training again gives the same` : `${why}; see the message`;
}

function waiting({ engine }: AppState): string {
  if (engine.status === 'unavailable') return 'The engine could not start; see the message at the image';
  if (engine.status === 'lost') return 'The computing engine was lost';
  return engine.phase ?? 'The engine starts after the first view';
}

function idle(state: AppState): string {
  if (state.training.interrupted) return 'The last run was cut off by a reload';
  const changes = pending(state);
  if (state.model.source === 'stored') return `Stored model in use${changes}`;
  if (state.model.source === 'trained') return `Your own model in use${changes}`;
  const count = imagesOf(state.data, 'train').length;
  if (count === 0) return 'Add normal images to train on';
  const advice = count < FEW ? '; 20 or more see better' : '';
  return `Ready to learn from ${plural(count, 'image')}${steps(state, count)}${advice}`;
}

/** Optimiser steps of a training in stages: what its epochs come to on so many images. */
function steps({ params }: AppState, images: number): string {
  if (!isGridMethod(params.method)) return '';
  const { normal, abnormal } = branchesOf(params.method);
  const [first, second] = stepsOf(params, images);
  return ` in ${plural((abnormal ? first : 0) + (normal ? second : 0), 'step')}`;
}

/** Fewer images than this show too little of what is usual. */
const FEW = 10;

const pending = (state: AppState) => {
  const count = pendingChanges(state).length;
  return count === 0 ? '' : `; ${plural(count, 'changed setting')} for the next run`;
};
