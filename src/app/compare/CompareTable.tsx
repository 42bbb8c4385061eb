// The table in the manner of the papers: a row a method, a column a figure, the best bold, the second underlined, the
// interval below. A cell leads to the images behind it.
import { useMemo } from 'react';
import type { Metrics } from '../../lib/scoring/metrics/summary';
import type { Cell } from '../../report/comparison';
import { percent, ranksOf, type Rank } from '../../report/ranks';
import { showBehind } from './compareView';
import { comparisonOf, labelsOf, timesOf } from './tables';
import type { ComparedRun } from './compareSlice';
import { useApp } from '../shell/store';
import { formatSeconds } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { rowName } from '../controls/methods';
import { COLUMNS, describeCell, points } from './compareWords';
import { said, t } from '../languages/texts';

export function CompareTable({ onShow }: { onShow: () => void }) {
  const runs = useApp((state) => state.compare.runs);
  const scope = useApp((state) => state.compare.scope);
  const queue = useApp((state) => state.compare.queue);
  const at = useApp((state) => state.compare.at);
  const comparison = useMemo(() => comparisonOf(runs, scope), [runs, scope]);
  const waiting = [...new Set(queue.map(({ label }) => label))].filter(
    (label) => !runs.some((run) => run.label === label),
  );
  if (runs.length === 0 && waiting.length === 0) return <Empty />;
  const row = comparison.rows[0]!;
  const unlabelled =
    runs.some(({ table }) => table) &&
    runs.every(({ table }) => table === null || table.metrics.image_auroc === null);
  const [base] = comparison.methods;
  return (
    <div className="compare-table-box" tabIndex={0} role="region" aria-label={t('Table of results')}>
      {unlabelled && (
        <p className="compare-notice small">
          {t(
            'Without labelled normal images and defects on the test side nothing says which score is right: the table shows how well pasted blocks are found, and the images show their scores.',
          )}
        </p>
      )}
      <table className="compare-table">
        <thead>
          <tr>
            <th scope="col">{t('Method')}</th>
            {unlabelled ? (
              <th scope="col">
                {t('pasted blocks, AUROC')}{' '}
                <HelpTip topic="syntheticAuroc" title={t('AUROC of pasted blocks')} />
              </th>
            ) : (
              COLUMNS.map(({ metric, title, help }) => (
                <th key={metric} scope="col">
                  {t(title)} <HelpTip topic={help} title={t(title)} />
                </th>
              ))
            )}
            {!unlabelled && base !== undefined && (
              <th scope="col">
                {t('ahead of {base}', { base: rowName(base) })}{' '}
                <HelpTip topic="pairedDifference" title={t('Paired difference')} />
              </th>
            )}
            <th scope="col">{t('time')}</th>
          </tr>
        </thead>
        <tbody>
          {labelsOf(runs).map((label) => (
            <MethodRow
              key={label}
              label={label}
              runs={runs.filter((run) => run.label === label)}
              cell={row.cells[label] ?? null}
              ranks={COLUMNS.map(({ metric }) => ranksOf(row, metric)[label] ?? null)}
              unlabelled={unlabelled}
              onShow={onShow}
            />
          ))}
          {waiting.map((label) => (
            <tr key={label} className="muted">
              <th scope="row">{rowName(label)}</th>
              <td colSpan={COLUMNS.length + 2} className="waiting-cell small">
                {label === queue[at]?.label ? t('running') : t('waiting')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Empty() {
  return (
    <div className="compare-empty">
      <p>
        <strong>{t('Which method finds these defects best?')}</strong>
      </p>
      <p className="muted">
        {t(
          'Choose methods on the left and run them on the loaded images: same features, same images, same seeds. Figures, maps and curves appear here, row by row.',
        )}
      </p>
    </div>
  );
}

interface RowProps {
  label: string;
  runs: readonly ComparedRun[];
  cell: Cell | null;
  ranks: readonly Rank[];
  unlabelled: boolean;
  onShow: () => void;
}

function MethodRow({ label, runs, cell, ranks, unlabelled, onShow }: RowProps) {
  const focus = useApp((state) => state.compare.focus);
  const seed = useApp((state) => state.compare.seed);
  const finished = runs.filter(({ table }) => table !== null);
  const failed = runs.find(({ error }) => error !== null);
  const shown = finished.find((run) => run.seed === seed) ?? finished[0];
  const name = rowName(label);
  const show = (metric: keyof Metrics | null) => {
    showBehind(shown!, metric);
    onShow();
  };
  if (!shown) {
    return (
      <tr className="failed-row">
        <th scope="row">{name}</th>
        <td colSpan={COLUMNS.length + 2} className="small">
          {t('failed: {message} {remedy}', {
            message: said(failed?.error?.message ?? ''),
            remedy: said(failed?.error?.remedy ?? ''),
          })}
        </td>
      </tr>
    );
  }
  return (
    <tr className={focus?.run === shown.name ? 'focused' : ''}>
      <th scope="row">
        <button type="button" className="button link" onClick={() => show(null)}>
          {name}
        </button>
        {failed && (
          <span
            className="failed-mark small"
            title={t('Seed {seed} failed: {message}', {
              seed: failed.seed,
              message: said(failed.error!.message),
            })}
          >
            {' '}
            {t('{finished} of {runs} seeds', { finished: finished.length, runs: runs.length })}
          </span>
        )}
      </th>
      {unlabelled ? (
        <td>{percent(meanSynthetic(finished))}</td>
      ) : (
        COLUMNS.map(({ metric, title }, i) => (
          <td key={metric}>
            <Figure
              cell={cell}
              metric={metric}
              rank={ranks[i]!}
              words={t('{name}, {figure}. Show its images', {
                name,
                figure: describeCell(t(title), cell, metric),
              })}
              active={focus?.run === shown.name && focus.metric === metric}
              onShow={() => show(metric)}
            />
          </td>
        ))
      )}
      {!unlabelled && <td className="no-wrap">{<Paired cell={cell} />}</td>}
      <td className="no-wrap">
        <Time runs={runs} label={label} />
      </td>
    </tr>
  );
}

function meanSynthetic(runs: readonly ComparedRun[]): number | null {
  const values = runs.flatMap(({ synthetic }) => synthetic ?? []);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface FigureProps {
  cell: Cell | null;
  metric: keyof Metrics;
  rank: Rank;
  words: string;
  active: boolean;
  onShow: () => void;
}

function Figure({ cell, metric, rank, words, active, onShow }: FigureProps) {
  const value = cell?.mean[metric] ?? null;
  if (value === null)
    return (
      <span className="muted" title={t('Undefined here: labels or masks are missing.')}>
        –
      </span>
    );
  const std = cell?.std[metric] ?? null;
  const interval = cell?.intervals?.[metric] ?? null;
  return (
    <button
      type="button"
      className="figure-cell"
      aria-label={words}
      title={words}
      aria-pressed={active}
      onClick={onShow}
    >
      <span className={`figure ${rank ?? ''}`}>{percent(value)}</span>
      {std !== null && <span className="small muted">±{percent(std)}</span>}
      {interval && (
        <span className="interval">
          {percent(interval[0])}–{percent(interval[1])}
        </span>
      )}
    </button>
  );
}

/** Points of image AUROC ahead of the first row, on the same images. */
function Paired({ cell }: { cell: Cell | null }) {
  const found = cell?.paired?.image_auroc ?? null;
  if (!found) return <span className="muted">–</span>;
  const [low, high] = found.interval;
  const sure = low > 0 || high < 0;
  return (
    <span title={t('ahead in {ahead} % of the resamples', { ahead: Math.round(100 * found.ahead) })}>
      <span className={sure ? 'figure best' : 'figure'}>{points(found.difference)}</span>
      <span className="interval">{t('{low} to {high}', { low: points(low), high: points(high) })}</span>
    </span>
  );
}

function Time({ runs, label }: { runs: readonly ComparedRun[]; label: string }) {
  const times = timesOf(runs, label);
  if (!times) return <span className="muted">–</span>;
  return (
    <span title={t('Training, and scoring of one image.')}>
      {formatSeconds(times.seconds)}
      <span className="interval">
        {t('{msPerImage} ms an image', {
          msPerImage: times.msPerImage.toFixed(times.msPerImage < 10 ? 1 : 0),
        })}
      </span>
    </span>
  );
}
