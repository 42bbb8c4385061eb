// Maps of one image from all compared models, each on the scale of its own data set; and, beside them, the images of one
// model: its scores as a histogram, its mistakes first.
import { useMemo } from 'react';
import { imageOf, imagesBehind, showImage, showSeed, setFocus, showBehind, VERDICTS } from './compareView';
import { seedsRun } from './tables';
import type { ComparedRun } from './compareSlice';
import { useApp } from '../shell/store';
import { Segmented } from '../controls/Segmented';
import { ThumbnailPicture } from '../images/ThumbnailPicture';
import { formatScore } from '../controls/format';
import { rowName } from '../controls/methods';
import { Histogram } from '../scores/Histogram';
import { histogram, scoreAxis, seriesOf } from '../scores/histogram';
import { MapTiles } from './MapTiles';
import { t } from '../languages/texts';
import { typeWords } from '../images/classes';

export function MapsPanel() {
  const runs = useApp((state) => state.compare.runs);
  const wanted = useApp((state) => state.compare.seed);
  const seeds = seedsRun(runs);
  const seed = wanted !== null && seeds.includes(wanted) ? wanted : (seeds[0] ?? 0);
  const shown = useMemo(() => runs.filter((run) => run.seed === seed && run.table), [runs, seed]);
  if (shown.length === 0) {
    return (
      <p className="compare-hint muted">
        {t('Maps of the same image stand here side by side once a method has run.')}
      </p>
    );
  }
  return (
    <div className="maps-panel">
      <ImagesOfRun runs={shown} />
      <div className="maps-side">
        <MapsHead seeds={seeds} seed={seed} />
        <MapTiles runs={shown} />
      </div>
    </div>
  );
}

function MapsHead({ seeds, seed }: { seeds: readonly number[]; seed: number }) {
  const id = useApp(imageOf);
  const image = useApp((state) => (id === null ? null : (state.data.images[id] ?? null)));
  return (
    <div className="row maps-head">
      <span className="clip" title={image?.name}>
        {image?.name}
        <span className="muted">
          ,{' '}
          {image?.label === 1 ? typeWords(image.type) : image?.label === 0 ? t('normal') : t('not labelled')}
        </span>
      </span>
      <span className="spring" />
      {seeds.length > 1 && (
        <>
          <span className="muted">{t('seed')}</span>
          <Segmented
            label={t('Seed of the maps')}
            value={String(seed)}
            options={seeds.map((value) => ({ value: String(value), label: String(value) }))}
            onChange={(value) => showSeed(Number(value))}
          />
        </>
      )}
    </div>
  );
}

/** The images of the run in focus, else of the first. */
function ImagesOfRun({ runs }: { runs: readonly ComparedRun[] }) {
  const focus = useApp((state) => state.compare.focus);
  const scope = useApp((state) => state.compare.scope);
  const images = useApp((state) => state.data.images);
  const current = useApp(imageOf);
  const run = runs.find(({ name }) => name === focus?.run) ?? runs[0]!;
  const range = focus?.run === run.name ? focus.range : null;
  const all = useMemo(() => imagesBehind(run, images, { range: null, scope }), [run, images, scope]);
  const listed = useMemo(() => imagesBehind(run, images, { range, scope }), [run, images, range, scope]);
  const axis = useMemo(() => scoreAxis(all.map(({ score }) => score)), [all]);
  const bars = useMemo(
    () => (axis ? histogram(all.map(({ id, score }) => ({ score, series: seriesOf(images[id]!) })), axis) : []),
    [all, axis, images],
  ); // prettier-ignore
  const alarms = all.filter(({ verdict }) => verdict === 'false alarm').length;
  const missed = all.filter(({ verdict }) => verdict === 'missed defect').length;
  return (
    <section className="run-images" aria-label={t('Images of {label}', { label: rowName(run.label) })}>
      <div className="row">
        <label className="row">
          <span className="muted">{t('Images of')}</span>
          <select
            className="select"
            aria-label={t('Method whose images are listed')}
            value={run.name}
            onChange={(event) =>
              showBehind(
                runs.find(({ name }) => name === event.target.value)!,
                null,
              )
            }
          >
            {runs.map(({ name, label }) => (
              <option key={name} value={name}>
                {rowName(label)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {axis && (
        <Histogram
          bars={bars}
          axis={axis}
          line={run.table!.threshold?.value ?? null}
          active={range?.[0] ?? null}
          onBar={(bar) =>
            range?.[0] === bar.from
              ? setFocus({ run: run.name, metric: null, range: null })
              : showBehind(run, null, [bar.from, bar.to])
          }
        />
      )}
      <p className="small muted">
        {alarms + missed === 0
          ? t('{listed, plural, one {# image} other {# images}}', { listed: listed.length })
          : t('{alarms, plural, one {# false alarm} other {# false alarms}}, {missed} missed', {
              alarms,
              missed,
            })}
        {range && t('; scores {low} to {high}', { low: formatScore(range[0]), high: formatScore(range[1]) })}
      </p>
      <div className="run-image-list">
        {listed.slice(0, MOST).map(({ id, score, verdict }) => (
          <button
            key={id}
            type="button"
            className={`run-image ${verdict === 'false alarm' || verdict === 'missed defect' ? 'mistake' : ''}`}
            aria-pressed={id === current}
            aria-label={t('{name}, score {score}{what}', {
              name: images[id]!.name,
              score: formatScore(score),
              what: verdict ? `, ${t(VERDICTS[verdict])}` : '',
            })}
            title={`${images[id]!.name}${verdict ? `: ${t(VERDICTS[verdict])}` : ''}`}
            onClick={() => showImage(id)}
          >
            <ThumbnailPicture image={images[id]!} size={48} />
            <span className="run-image-score">{formatScore(score)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

/** More are not looked through one by one; a bar of the histogram narrows them down. */
const MOST = 60;
