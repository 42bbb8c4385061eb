// Scores of all images as a histogram with the decision line, and what the line decides.
import { lazy, Suspense, useMemo, useState } from 'react';
import { setFilter, setThreshold, selectImage } from '../stage/actions';
import { decisions, isTraining, scoreOnScreen, threshold } from '../shell/selectors';
import { useApp } from '../shell/store';
import { NumberBox } from '../controls/NumberBox';
import { ResetButton } from '../controls/ResetButton';
import { LockLine } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { fineStep, formatScore } from '../controls/format';
import { Histogram } from './Histogram';
import { countIn, histogram, scoreAxis, seriesOf, type Bar, SERIES, type Series } from './histogram';
import { rich } from '../languages/rich';
import { msg, t } from '../languages/texts';

export function ScoresPanel() {
  const images = useApp((state) => state.data.images);
  const scores = useApp((state) => state.scores.byId);
  const status = useApp((state) => state.scores.status);
  const synthetic = useApp((state) => state.scores.synthetic);
  const line = useApp(threshold);
  const filter = useApp((state) => state.data.filter);
  const mark = useApp(scoreOnScreen);
  const items = useMemo(
    () =>
      Object.values(images)
        .filter(({ id }) => scores[id] !== undefined)
        .map((image) => ({ id: image.id, score: scores[image.id]!, series: seriesOf(image) })),
    [images, scores],
  );
  const axis = useMemo(() => scoreAxis(items.map(({ score }) => score)), [items]);
  const bars = useMemo(() => (axis ? histogram(items, axis) : []), [items, axis]);
  const pasted = useMemo(() => axis && synthetic && countIn(synthetic, axis), [synthetic, axis]);
  const showBar = (bar: Bar) => {
    if (filter?.[0] === bar.from) return setFilter(null);
    setFilter([bar.from, bar.to]);
    const inBar = items.filter(({ score }) => score >= bar.from && score <= bar.to);
    // A bar of training images alone leaves the image on screen: those are not what one looks for.
    const first = inBar.find(({ series }) => series !== 'train');
    if (first) selectImage(first.id);
  };
  return (
    <section className="panel scores-panel" aria-label={t('Scores')}>
      <div className="panel-head">
        <h2 className="panel-title">
          <HelpTip topic="histogram" title={t('Scores')}>
            {t('Scores')}
          </HelpTip>
        </h2>
        <LockLine />
        <span className="spring" />
        <ThresholdBox line={line} axis={axis} />
      </div>
      {axis ? (
        <>
          <Histogram
            bars={bars}
            pasted={pasted}
            axis={axis}
            line={line}
            mark={mark}
            onLine={setThreshold}
            active={filter?.[0] ?? null}
            onBar={showBar}
          />
          <Suspense>
            {items.length <= MAX_DOTS && <ScoreDots items={items} axis={axis} mark={mark} />}
          </Suspense>
          <HistogramKey bars={bars} pasted={pasted !== null} />
          <div className="line-source-room">
            <Suspense>
              <LineSource />
            </Suspense>
          </div>
          <SetNotices />
          <div className="row take-away">
            <MoreFigures />
            <span className="spring" />
            <Suspense>
              <TakeAway />
            </Suspense>
          </div>
          {line !== null && <Decided line={line} stale={status === 'stale' || status === 'scoring'} />}
        </>
      ) : (
        <p className="empty-scores small muted">
          {status === 'scoring'
            ? t('Scoring all images')
            : t('Scores of all images appear here after training.')}
        </p>
      )}
    </section>
  );
}

const PixelFigures = lazy(() => import('./PixelFigures'));
const ScoreDots = lazy(() => import('./ScoreDots'));
const LineSource = lazy(() => import('./LineSource').then(({ LineSource: part }) => ({ default: part })));
const TakeAway = lazy(() => import('./TakeAway'));

/** So many dots can still be told apart. */
const MAX_DOTS = 400;

/** Computed when they are opened. */
function MoreFigures() {
  const [open, setOpen] = useState(false);
  return (
    <details className="small" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('More pixel figures')}</summary>
      <Suspense>{open && <PixelFigures />}</Suspense>
    </details>
  );
}

/** Test images that were trained on, and the like. */
function SetNotices() {
  const notices = useApp((state) => state.scores.notices);
  return notices.length > 0 && <p className="small muted">{notices.join(' ')}</p>;
}

function ThresholdBox({ line, axis }: { line: number | null; axis: [number, number] | null }) {
  const byHand = useApp((state) => state.view.threshold !== null);
  if (line === null || !axis) return null;
  return (
    <span className="row threshold-box">
      <HelpTip topic="threshold" title={t('Threshold')} ofControl>
        {t('threshold')}
      </HelpTip>
      <NumberBox
        label={t('threshold')}
        value={line}
        min={axis[0]}
        max={axis[1]}
        step={fineStep(axis)}
        written={formatScore}
        onChange={setThreshold}
      />
      <ResetButton name="threshold" visible={byHand} onReset={() => setThreshold(null)} />
    </span>
  );
}

/** What the line decides over the labelled test images, in words. */
function Decided({ line, stale }: { line: number; stale: boolean }) {
  const images = useApp((state) => state.data.images);
  const scores = useApp((state) => state.scores.byId);
  const { defects, found, normals, alarms } = decisions(Object.values(images), scores, line);
  const training = useApp(isTraining);
  if (training)
    return <p className="small muted">{t('Scores of the model before; new ones follow the training.')}</p>;
  if (stale) return <p className="small muted">{t('Scores follow the new settings in a moment.')}</p>;
  if (defects + normals === 0)
    return <p className="small muted">{t('Label test images to count hits and false alarms.')}</p>;
  return (
    <p className="small" data-testid="decisions">
      {rich(
        'finds <b>{found}</b> of {defects, plural, one {# defect} other {# defects}}, <b2>{alarms}</b2> of {normals, plural, one {# normal image} other {# normal images}} flagged',
        { found, defects, alarms, normals, b: (inside) => <b>{inside}</b>, b2: (inside) => <b>{inside}</b> },
      )}
    </p>
  );
}

/** Which colour of bar is what; only what is there is named. */
const NAMES: Record<Series, string> = {
  train: msg('training'),
  normal: msg('normal'),
  unknown: msg('not labelled'),
  anomalous: msg('defects'),
};

function HistogramKey({ bars, pasted }: { bars: readonly Bar[]; pasted: boolean }) {
  const present = SERIES.filter((series) => bars.some((bar) => bar.counts[series] > 0));
  return (
    <ul className="histogram-key small muted">
      {present.map((series) => (
        <li key={series}>
          <span className={`key-swatch ${series}`} aria-hidden="true" />
          {t(NAMES[series])}
        </li>
      ))}
      {pasted && (
        <li title={t('On a scale of their own: there are many more of them than images.')}>
          <span className="key-swatch pasted" aria-hidden="true" />
          {t('pasted blocks')}
        </li>
      )}
    </ul>
  );
}
