// One line on where the run stands: what it waits for, how long it takes, how it ended.
import { branchesOf, isGridMethod } from '../../settings/methods';
import { stepsOf } from '../../settings/presets';
import type { AppState } from '../shell/appState';
import { imagesOf, pendingChanges } from '../shell/selectors';
import { useApp } from '../shell/store';
import { formatSeconds } from '../controls/format';
import { said, t } from '../languages/texts';

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
      if (data.adding)
        return t('Waiting for images, {done} of {total}', {
          done: data.adding.done,
          total: data.adding.total,
        });
      return engine.extracting
        ? t('Waiting for features, {done} of {total}', {
            done: engine.extracting.done,
            total: engine.extracting.total,
          })
        : t('Warming up: compiling kernels');
    case 'running':
      if (!progress) return t('Warming up: compiling kernels');
      return t('Step {step} of {steps}, {left}', {
        step: progress.step,
        steps: progress.steps,
        left: left(progress.secondsLeft),
      });
    case 'paused':
      return progress
        ? t('Paused at step {step} of {steps}', { step: progress.step, steps: progress.steps })
        : t('Paused before the first step');
    case 'finished':
      return t('Trained in {seconds}{state}', {
        seconds: formatSeconds(training.seconds ?? 0),
        state: pending(state),
      });
    case 'cancelled':
      return t('Cancelled; the model before it stays in use');
    case 'failed':
      return failed(state);
    case 'idle':
      return engine.phase === null ? idle(state) : said(engine.phase);
  }
}

const left = (seconds: number | null) =>
  seconds === null ? t('estimating') : t('{seconds} left', { seconds: formatSeconds(seconds) });

/** What a run that cannot go on has. */
function failed({ training: { progress }, engine, kept }: AppState): string {
  const at = progress ? t(' at step {step} of {steps}', { step: progress.step, steps: progress.steps }) : '';
  const why =
    engine.status === 'lost'
      ? t('Cut off{at}: the engine was lost', { at })
      : t('The run failed{at}', { at });
  if (kept.resumable)
    return t('{why}; its checkpoint of step {step} is kept', { why, step: kept.resumable.step });
  return engine.status === 'lost'
    ? t('{why}; training again gives the same', { why })
    : t('{why}; see the message', { why });
}

function waiting({ engine }: AppState): string {
  if (engine.status === 'unavailable') return t('The engine could not start; see the message at the image');
  if (engine.status === 'lost') return t('The computing engine was lost');
  return said(engine.phase ?? 'The engine starts after the first view');
}

function idle(state: AppState): string {
  if (state.training.interrupted) return t('The last run was cut off by a reload');
  const changes = pending(state);
  if (state.model.source === 'stored') return t('Stored model in use{changes}', { changes });
  if (state.model.source === 'trained') return t('Your own model in use{changes}', { changes });
  const count = imagesOf(state.data, 'train').length;
  if (count === 0) return t('Add normal images to train on');
  const advice = count < FEW ? t('; 20 or more see better') : '';
  return t('Ready to learn from {count, plural, one {# image} other {# images}}{state}{advice}', {
    count,
    state: steps(state, count),
    advice,
  });
}

/** Optimiser steps of a training in stages: what its epochs come to on so many images. */
function steps({ params }: AppState, images: number): string {
  if (!isGridMethod(params.method)) return '';
  const { normal, abnormal } = branchesOf(params.method);
  const [first, second] = stepsOf(params, images);
  return t(' in {what, plural, one {# step} other {# steps}}', {
    what: (abnormal ? first : 0) + (normal ? second : 0),
  });
}

/** Fewer images than this show too little of what is usual. */
const FEW = 10;

const pending = (state: AppState) => {
  const count = pendingChanges(state).length;
  return count === 0
    ? ''
    : t('; {count, plural, one {# changed setting} other {# changed settings}} for the next run', { count });
};
