// The loss curves of the run on screen: the last one started here, else the stored one. Loaded with the chart library.
import type { Progress } from '../../engine/api/types';
import { branchesOf, type GridMethod, type BaselineId } from '../../settings/methods';
import { useApp } from '../shell/store';
import { METHOD_NAMES } from '../controls/methods';
import LossChart from './LossChart';
import { stageFractions } from './stages';
import { useWatch } from './watch';
import { t } from '../languages/texts';

/** How much of its stage a curve covers. The curves of a stored run are whole, though no run is under way. */
const curveEnd = (progress: Progress | null, fraction: number) => (progress ? fraction : 1);

export function StageCharts({ method }: { method: GridMethod }) {
  const progress = useApp((state) => state.training.progress);
  const losses = useApp((state) => state.training.losses);
  const epochs1 = useApp(({ training, model, params }) => {
    return (training.startedWith ?? model.params)?.epochs1 ?? params.epochs1;
  });
  const epochs2 = useApp(({ training, model, params }) => {
    return (training.startedWith ?? model.params)?.epochs2 ?? params.epochs2;
  });
  const { normal, abnormal } = branchesOf(method);
  const ghost = useWatch((state) => state.ghost);
  const fractions = stageFractions(progress, abnormal ? epochs1 : 0, normal ? epochs2 : 0);
  return (
    <>
      {abnormal && (
        <LossChart
          title={t('Stage 1: contrastive loss')}
          losses={losses[1]}
          ghost={ghost?.[1]}
          length={epochs1}
          done={curveEnd(progress, fractions[1])}
        />
      )}
      {normal && (
        <LossChart
          title={t('Stage 2: reconstruction loss')}
          losses={losses[2]}
          ghost={ghost?.[2]}
          length={epochs2}
          done={curveEnd(progress, fractions[2])}
        />
      )}
    </>
  );
}

/** Methods that are computed, not learned. */
const WITHOUT_LOSS: readonly BaselineId[] = ['padim', 'patchcore'];

export function FitChart({ method }: { method: BaselineId }) {
  const progress = useApp((state) => state.training.progress);
  const losses = useApp((state) => state.training.losses.fit) ?? [];
  if (WITHOUT_LOSS.includes(method)) {
    return (
      <p className="small muted no-loss">
        {t('{method} has no loss curve: it is computed from the training images, not learned step by step.', {
          method: t(METHOD_NAMES[method]),
        })}
      </p>
    );
  }
  const steps = progress?.steps ?? losses.length;
  const done = progress ? progress.step / Math.max(1, steps) : 1;
  return (
    <LossChart
      title={t('{method}: loss', { method: t(METHOD_NAMES[method]) })}
      losses={losses}
      length={steps}
      unit="step"
      done={done}
    />
  );
}
