// What the dock opens to: how far the stages are, what there is to watch, the curves, and what computes. The grids have two
// stages; any other method is fitted in one go, with a loss or without. Loaded when it is first opened.
import { lazy, Suspense } from 'react';
import type { ScoreTable } from '../../engine/api/types';
import { isGridMethod } from '../../settings/methods';
import { useApp } from '../shell/store';
import { EngineLine } from './EngineLine';
import { FitBar, StageBars } from './RunBars';
import { t } from '../languages/texts';

const StageCharts = lazy(() => import('./RunCharts').then(({ StageCharts: part }) => ({ default: part })));
const FitChart = lazy(() => import('./RunCharts').then(({ FitChart: part }) => ({ default: part })));
const WatchPanel = lazy(() => import('./WatchPanel'));

export default function TrainingDetails() {
  return (
    <>
      <div className="training-run">
        <Bars />
      </div>
      <Watch />
      <Charts />
      <div className="training-facts">
        <FigureNotes />
        <EngineLine />
      </div>
    </>
  );
}

/** Maps and scores of a run since the page was opened. */
function Watch() {
  const seen = useApp(({ training }) => training.startedWith !== null && training.progress !== null);
  return <Suspense>{seen && <WatchPanel />}</Suspense>;
}

function Bars() {
  const run = useApp((state) => (state.training.startedWith ?? state.params).method);
  return isGridMethod(run) ? <StageBars method={run} /> : <FitBar method={run} />;
}

function Charts() {
  const drawn = useApp(({ training, model, params }) => {
    return (training.startedWith ?? model.params)?.method ?? params.method;
  });
  return (
    <div className="charts">
      <Suspense fallback={<p className="small muted">{t('Loading the charts')}</p>}>
        {isGridMethod(drawn) ? <StageCharts method={drawn} /> : <FitChart method={drawn} />}
      </Suspense>
    </div>
  );
}

/** What there is to know about the figures: why one is missing, that others are estimates. */
export function FigureNotes() {
  const metrics = useApp((state) => state.scores.metrics);
  return (
    metrics && (
      <>
        <Missing metrics={metrics} />
        <Sampled />
      </>
    )
  );
}

/** Said when the pixel figures are estimates. */
function Sampled() {
  const images = useApp((state) => state.scores.pixelImages);
  if (!images) return null;
  return (
    <p className="small muted">
      {t(
        'Pixel figures from {counted, number} of {of, number} test images, spread evenly: more do not fit in memory.',
        {
          counted: images.counted,
          of: images.of,
        },
      )}
    </p>
  );
}

/** Why there is no figure. */
function Missing({ metrics }: { metrics: NonNullable<ScoreTable['metrics']> }) {
  const text =
    metrics.image_auroc === null
      ? t('Needs normal and defective test images, labelled.')
      : metrics.pixel_auroc === null
        ? t('Pixel figures need masks of the defects.')
        : null;
  return text && <p className="small muted">{text}</p>;
}
