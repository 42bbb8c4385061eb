// The strip at the bottom: play, pause, step, cancel; how far the run is; loss curves; metrics; what does the work.
// The grids have two stages; any other method is fitted in one go, with a loss or without.
import { lazy, Suspense } from 'react';
import { isGridMethod } from '../../settings/methods';
import { useApp } from '../shell/store';
import { EngineLine } from './EngineLine';
import { Metrics } from './Metrics';
import { ResumeRun } from './ResumeRun';
import { Transport } from './Transport';
import { TrainingStatus } from './TrainingStatus';
import { FitBar, StageBars } from './RunBars';

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
        <ResumeRun />
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
