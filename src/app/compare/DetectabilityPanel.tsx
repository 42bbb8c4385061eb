// How small and how faint a pasted block may be and still be found by the present model: a heat map in numbers. A cell
// puts such a block on the stage.
import { useEffect } from 'react';
import { looksAtPixels } from '../../settings/methods';
import { detectabilityRows, measureDetectability, type DetectabilityCell } from './blocks';
import { isComparing } from './events';
import { showOnStage } from './compareView';
import { isTraining, methodInUse, threshold } from '../shell/selectors';
import { StartAgain } from '../shell/StartAgain';
import { useApp } from '../shell/store';
import { ProgressBar } from '../controls/ProgressBar';
import { formatScore } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { METHOD_NAMES } from '../controls/methods';
import { t } from '../languages/texts';
import { rich } from '../languages/rich';

export function DetectabilityPanel() {
  const { status, trials, heldOut, error, progress } = useApp((state) => state.compare.detectability);
  const method = useApp(methodInUse);
  const obstacle = useApp(obstacleOf);
  const line = useApp(threshold);
  useEffect(() => {
    if (status === 'none' && obstacle === null) void measureDetectability();
  }, [status, obstacle]);
  if (obstacle !== null && status !== 'ready') {
    return (
      <div className="compare-hint">
        <p className="muted">{obstacle}</p>
        <StartAgain />
      </div>
    );
  }
  if (status === 'failed') {
    return (
      <div className="compare-hint">
        <p role="alert">
          {error!.message} {error!.remedy}
        </p>
        <MeasureAgain />
      </div>
    );
  }
  if (status !== 'ready') {
    const { done, total } = progress ?? { done: 0, total: 1 };
    return (
      <div className="compare-hint">
        <ProgressBar
          label={t('Pasting blocks')}
          text={t('Pasting blocks into normal images')}
          fraction={done / total}
        />
      </div>
    );
  }
  const rows = seen(detectabilityRows(trials, line));
  return (
    <div className="detectability">
      <div className="detectability-words">
        <p>
          {rich(
            'Share of pasted blocks that <b>{method}</b>, the model on the stage, finds{line, select, none {} other { at the threshold {line}}}',
            {
              method: METHOD_NAMES[method],
              line: line === null ? 'none' : formatScore(line),
              b: (inside) => <strong>{inside}</strong>,
            },
          )}{' '}
          <HelpTip topic="detectability" title={t('Detectability')} />
        </p>
        <p className="small muted">
          {t(
            '{trials} blocks a cell, at random places of {what}. Click a cell to see such a block on the stage.',
            {
              trials: rows[0]?.[0]?.trials.length ?? 0,
              what: heldOut
                ? t('normal test images')
                : t('training images, for want of normal test images: the shares are too high'),
            },
          )}
        </p>
        <p className="small muted">
          {t(
            'The same blocks serve as synthetic anomalies: in the histogram of scores, and as a source of the threshold.',
          )}
        </p>
        <MeasureAgain />
      </div>
      <Chart rows={rows} />
    </div>
  );
}

const MeasureAgain = () => (
  <button type="button" className="button" onClick={() => void measureDetectability()}>
    {t('Measure again')}
  </button>
);

function obstacleOf(state: Parameters<typeof isTraining>[0]): string | null {
  if (state.engine.status !== 'ready') return t('The chart needs the computing engine.');
  if (isComparing(state))
    return t('The chart is about your own model, which is back when the comparison ends.');
  if (isTraining(state)) return t('The chart follows the training under way.');
  if (state.model.source === 'none') return t('Train first: the chart is about the model on the stage.');
  if (looksAtPixels(methodInUse(state)))
    return t('RIAD looks at pixels: there are no features to paste a block into.');
  return null;
}

function Chart({ rows }: { rows: readonly DetectabilityCell[][] }) {
  const sizes = rows[0]?.map(({ size }) => size) ?? [];
  return (
    <table className="detectability-chart">
      <caption className="visually-hidden">{t('Recall by size and intensity of the block')}</caption>
      <thead>
        <tr>
          <th scope="col" className="small muted">
            {t('intensity I')}
          </th>
          {sizes.map((size) => (
            <th key={size} scope="col">
              {2 * size + 1} × {2 * size + 1}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr key={cells[0]!.intensity}>
            <th scope="row">{Number(cells[0]!.intensity.toPrecision(2))} σ</th>
            {cells.map((cell) => (
              <td key={cell.size}>
                <ChartCell cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td />
          <td colSpan={sizes.length} className="small muted">
            {t('size of the block in feature cells (B from {smallest} to {largest})', {
              smallest: sizes[0]!,
              largest: sizes.at(-1)!,
            })}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function ChartCell({ cell }: { cell: DetectabilityCell }) {
  const { size, intensity, recall, trials } = cell;
  const share = recall === null ? '–' : `${Math.round(100 * recall)} %`;
  return (
    <button
      type="button"
      className={`chart-cell ${recall !== null && recall > 0.55 ? 'high' : ''}`}
      data-level={recall === null ? undefined : Math.round(10 * recall)}
      aria-label={t(
        'Blocks of {size} by {size} cells at {intensity} sigma: {share} found. Show one on the stage',
        { size: 2 * size + 1, intensity: Number(intensity.toPrecision(2)), share },
      )}
      title={t('Show such a block on the stage')}
      onClick={() => trials[0] && showOnStage(typical(cell))}
    >
      {share}
    </button>
  );
}

/** The block whose score is in the middle: neither luck nor bad luck. */
function typical({ trials }: DetectabilityCell) {
  const sorted = trials.toSorted((a, b) => a.score - b.score);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Down to the first intensity at which nothing is found: fainter ones would say the same. */
function seen(rows: DetectabilityCell[][]): DetectabilityCell[][] {
  const last = rows.findLastIndex((row) => row.some(({ recall }) => recall === null || recall > 0));
  return rows.slice(0, Math.max(2, last + 2));
}
