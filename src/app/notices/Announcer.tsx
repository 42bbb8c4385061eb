// Speaks what changes on its own, politely and not too often: progress, the end of a run, the verdict.
import { useEffect, useState } from 'react';
import type { AppState } from '../shell/appState';
import { scoreOnScreen, threshold } from '../shell/selectors';
import { getState, useApp } from '../shell/store';
import { formatScore } from '../controls/format';
import { t } from '../languages/texts';

const EVERY_MS = 4_000;

export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const speak = () => {
      timer = null;
      setText(summary(getState()));
    };
    const stop = useApp.subscribe(() => {
      timer ??= setTimeout(speak, EVERY_MS);
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, []);
  return (
    <div className="visually-hidden" aria-live="polite">
      {text}
    </div>
  );
}

function summary(state: AppState): string {
  const { training, engine, data } = state;
  if (training.status === 'running' && training.progress) {
    const { step, steps, stage } = training.progress;
    const where = stage === null ? '' : t('stage {stage}, ', { stage });
    return t('Training, {where}{step} percent', { where, step: Math.round((100 * step) / steps) });
  }
  if (data.adding)
    return t('Reading images, {done} of {total}', { done: data.adding.done, total: data.adding.total });
  if (engine.extracting)
    return t('Extracting features, {done} of {total}', {
      done: engine.extracting.done,
      total: engine.extracting.total,
    });
  if (training.status === 'paused') return t('Training paused');
  return verdict(state);
}

function verdict(state: AppState): string {
  const score = scoreOnScreen(state);
  const line = threshold(state);
  if (score === null || line === null) return '';
  return score > line
    ? t('Score {score}, anomalous', { score: formatScore(score) })
    : t('Score {score}, normal', { score: formatScore(score) });
}
