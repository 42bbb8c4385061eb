// The strip at the bottom: play, pause, step, cancel; the two stages; loss curves; metrics; what does the work.
import { lazy, Suspense } from 'react';
import type { Progress } from '../../engine/types';
import type { AppState } from '../../state/appState';
import { useApp } from '../../state/store';
import { EngineLine } from './EngineLine';
import { Metrics } from './Metrics';
import { StageBar } from './StageBar';
import { stageFractions } from './stages';
import { Transport } from './Transport';
import { TrainingStatus } from './TrainingStatus';

/** How much of its stage a curve covers. The curves of a stored run are whole, though no run is under way. */
const curveEnd = (progress: Progress | null, fraction: number) => (progress ? fraction : 1);

const LossChart = lazy(() => import('./LossChart'));

/** Lengths of the run whose curves are on screen: the last one started here, else the stored one. */
const drawn = ({ training, model, params }: AppState) => ({
  ...params,
  ...(training.startedWith ?? model.params),
});

export function TrainingPanel() {
  const progress = useApp((state) => state.training.progress);
  const losses = useApp((state) => state.training.losses);
  const run = useApp((state) => state.training.startedWith ?? state.params);
  const epochs1 = useApp((state) => drawn(state).epochs1);
  const epochs2 = useApp((state) => drawn(state).epochs2);
  const fractions = stageFractions(progress, run.epochs1, run.epochs2);
  return (
    <section className="panel training-panel" aria-label="Training">
      <div className="training-run">
        <Transport />
        <TrainingStatus />
        <StageBar stage={1} name="abnormal grid" fraction={fractions[1]} epochs={run.epochs1} />
        <StageBar stage={2} name="both grids" fraction={fractions[2]} epochs={run.epochs2} />
      </div>
      <div className="charts">
        <Suspense fallback={<p className="small muted">Loading the charts</p>}>
          <LossChart
            title="Stage 1: contrastive loss"
            losses={losses[1]}
            epochs={epochs1}
            done={curveEnd(progress, fractions[1])}
          />
          <LossChart
            title="Stage 2: reconstruction loss"
            losses={losses[2]}
            epochs={epochs2}
            done={curveEnd(progress, fractions[2])}
          />
        </Suspense>
      </div>
      <div className="training-facts">
        <Metrics />
        <EngineLine />
      </div>
    </section>
  );
}
