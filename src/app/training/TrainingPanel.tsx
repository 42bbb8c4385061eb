// Below the image: play, pause, step, cancel, where the run stands, the figures. On a wide screen that is a thin dock, which
// opens to curves and details with the training, or when asked.
import { lazy, Suspense } from 'react';
import { StartAgain } from '../shell/StartAgain';
import { restartEngine } from '../shell/startEngine';
import { useApp } from '../shell/store';
import { Metrics } from './Metrics';
import { SuggestedMoves } from '../stage/SuggestedMoves';
import { setLayout } from '../shell/layout';
import { Transport } from './Transport';
import { TrainingStatus } from './TrainingStatus';
import { discardRun } from '../keeping/keptRun';
import { resumeRun } from './actions';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { useLocked } from '../lesson/Lock';
import { t } from '../languages/texts';

const TrainingDetails = lazy(() => import('./TrainingDetails'));

/** The dock of the wide layout. */
export function TrainingDock() {
  const open = useApp((state) => state.layout.trainingOpen);
  return (
    <section className={`training-dock ${open ? 'open' : ''}`} aria-label={t('Training')}>
      <div className="dock">
        <Transport />
        <TrainingStatus />
        <RunAgain />
        <span className="spring" />
        <SuggestedMoves />
        <Metrics />
        <button
          type="button"
          className="button quiet fold"
          aria-expanded={open}
          onClick={() => setLayout({ trainingOpen: !open })}
        >
          {t('Details')}
          <Icon name={open ? 'chevronDown' : 'chevronUp'} />
        </button>
      </div>
      {open && (
        <div className="panel training-panel">
          <Suspense>
            <TrainingDetails />
          </Suspense>
        </div>
      )}
    </section>
  );
}

/** The panel of the narrow layout: all of it. */
export function TrainingPanel() {
  return (
    <section className="panel training-panel" aria-label={t('Training')}>
      <div className="training-run">
        <Transport />
        <TrainingStatus />
        <RunAgain />
        <Metrics />
      </div>
      <Suspense>
        <TrainingDetails />
      </Suspense>
    </section>
  );
}

/**
 * A training that a reload, a crash or a failure cut off: goes on from its last checkpoint, with an engine that is started
 * again where that was lost; or is given up.
 */
function RunAgain() {
  const resumable = useApp((state) => state.kept.resumable);
  const lost = useApp(({ engine }) => engine.status === 'lost');
  const ready = useApp(({ engine, data }) => engine.status === 'ready' && data.adding === null);
  const locked = useLocked();
  if (!resumable) return lost ? <StartAgain /> : null;
  const resume = () => (lost ? restartEngine() : Promise.resolve()).then(resumeRun);
  return (
    <div className="row resume-run">
      <button
        type="button"
        className="button"
        disabled={(!ready && !lost) || locked}
        onClick={() => void resume()}
      >
        <Icon name="play" />
        {t('Resume training at step {step} of {steps}', { step: resumable.step, steps: resumable.steps })}
      </button>
      <IconButton
        icon="trash"
        label={t('Discard the unfinished training')}
        onClick={() => void discardRun()}
      />
    </div>
  );
}
