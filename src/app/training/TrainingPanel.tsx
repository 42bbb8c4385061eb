// The strip at the bottom: play, pause, step, cancel; how far the run is; loss curves; metrics; what does the work.
// The grids have two stages; any other method is fitted in one go, with a loss or without.
import { lazy, Suspense } from 'react';
import { isGridMethod } from '../../settings/methods';
import { StartAgain } from '../shell/StartAgain';
import { restartEngine } from '../shell/startEngine';
import { useApp } from '../shell/store';
import { EngineLine } from './EngineLine';
import { Metrics } from './Metrics';
import { Transport } from './Transport';
import { TrainingStatus } from './TrainingStatus';
import { FitBar, StageBars } from './RunBars';
import { discardRun } from '../keeping/keptRun';
import { resumeRun } from './actions';
import { Icon } from '../controls/Icon';
import { IconButton } from '../controls/IconButton';
import { useLocked } from '../lesson/Lock';

const StageCharts = lazy(() => import('./RunCharts').then(({ StageCharts: part }) => ({ default: part })));
const FitChart = lazy(() => import('./RunCharts').then(({ FitChart: part }) => ({ default: part })));

export function TrainingPanel() {
  const run = useApp((state) => (state.training.startedWith ?? state.params).method);
  const drawn = useApp(({ training, model, params }) => {
    return (training.startedWith ?? model.params)?.method ?? params.method;
  });
  return (
    <section className="panel training-panel" aria-label="Training">
      <div className="training-run">
        <Transport />
        <TrainingStatus />
        <RunAgain />
        {isGridMethod(run) ? <StageBars method={run} /> : <FitBar method={run} />}
      </div>
      <div className="charts">
        <Suspense fallback={<p className="small muted">Loading the charts</p>}>
          {isGridMethod(drawn) ? <StageCharts method={drawn} /> : <FitChart method={drawn} />}
        </Suspense>
      </div>
      <div className="training-facts">
        <Metrics />
        <EngineLine />
      </div>
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
        Resume training at step {resumable.step} of {resumable.steps}
      </button>
      <IconButton icon="trash" label="Discard the unfinished training" onClick={() => void discardRun()} />
    </div>
  );
}
