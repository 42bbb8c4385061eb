// Run, pause, cancel; and how far it is, with the time left.
import { cancelComparison, pauseComparison, resumeComparison } from './control';
import { runComparison } from './run';
import { StartAgain } from '../shell/StartAgain';
import { useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import { ProgressBar } from '../controls/ProgressBar';
import { formatSeconds } from '../controls/format';
import { rowName } from '../controls/methods';
import { timeLeft } from './compareWords';
import { msg, said, t } from '../languages/texts';

export function RunControls({ runs }: { runs: number }) {
  const status = useApp((state) => state.compare.status);
  const engine = useApp((state) => state.engine.status);
  if (status === 'idle') {
    return (
      <div className="run-controls">
        <button
          type="button"
          className="button primary"
          disabled={runs === 0 || engine !== 'ready'}
          onClick={() => void runComparison()}
        >
          <Icon name="play" />
          {runs === 0
            ? t('Choose a method')
            : t('Run {runs, plural, one {# training} other {# trainings}}', { runs })}
        </button>
        <p className="small muted">{t(NOTES[engine])}</p>
        <StartAgain />
      </div>
    );
  }
  const paused = status === 'paused';
  return (
    <div className="run-controls">
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={status === 'ending'}
          onClick={() => void (paused ? resumeComparison() : pauseComparison())}
        >
          <Icon name={paused ? 'play' : 'pause'} />
          {paused ? t('Go on') : t('Pause')}
        </button>
        <button
          type="button"
          className="button"
          disabled={status === 'ending'}
          onClick={() => void cancelComparison()}
        >
          <Icon name="stop" />
          {t('Cancel')}
        </button>
      </div>
      <RunProgress />
    </div>
  );
}

const NOTES = {
  idle: msg('The engine starts in a moment.'),
  opening: msg('The engine is starting.'),
  ready: msg('With your present settings, one after the other. Your own model comes back afterwards.'),
  unavailable: msg('Runs need the computing engine, which cannot start here.'),
  lost: msg('The computing engine was lost. What is in the table stays; start it again to go on.'),
} as const;

function RunProgress() {
  const { status, queue, at, progress, runs } = useApp((state) => state.compare);
  const run = queue[at];
  const left = timeLeft({ queue, at, progress, runs });
  const words = {
    idle: '',
    running: left === null ? '' : t(', {left} left', { left: formatSeconds(left) }),
    paused: t(', on hold'),
    ending: '',
  };
  const name = run ? t('{label}, seed {seed}', { label: t(rowName(run.label)), seed: run.seed }) : '';
  return (
    <div aria-live="polite">
      <ProgressBar
        label={t('Comparison')}
        text={
          status === 'ending'
            ? t('Bringing your own model back')
            : t('{at} of {queue}{words}', { at: at + 1, queue: queue.length, words: words[status] })
        }
        fraction={status === 'ending' ? 1 : (at + progress.fraction) / Math.max(1, queue.length)}
      />
      {status !== 'ending' && (
        <p className="small muted clip" title={`${name}: ${said(progress.text)}`}>
          {name}: {said(progress.text)}
        </p>
      )}
    </div>
  );
}
