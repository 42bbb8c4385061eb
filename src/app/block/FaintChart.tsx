// How small and how faint a block can be and still be found: the chart of the comparison in small, with a dot for the
// block on screen. A cell sets the block.
import { useState, type CSSProperties, type KeyboardEvent } from 'react';
import { detectabilityRows, measureDetectability, type DetectabilityCell } from '../compare/blocks';
import { ProgressBar } from '../controls/ProgressBar';
import { setParams } from '../settings/actions';
import { isTraining, threshold } from '../shell/selectors';
import { useApp } from '../shell/store';
import { placeOnChart } from './chart';
import { t } from '../languages/texts';
import './faintChart.css';

export default function FaintChart() {
  const { status, trials, progress } = useApp((state) => state.compare.detectability);
  const line = useApp(threshold);
  const able = useApp(
    (state) => state.engine.status === 'ready' && state.model.source !== 'none' && !isTraining(state),
  );
  if (status === 'running')
    return (
      <ProgressBar
        label={t('Pasting blocks')}
        text={t('Pasting blocks into normal images')}
        fraction={progress ? progress.done / Math.max(1, progress.total) : 0}
      />
    );
  if (status !== 'ready' || line === null)
    return (
      <div className="faint-chart">
        <p className="small muted">
          {able
            ? t(
                'Pastes some hundred blocks of all sizes into normal images and counts those above the threshold.',
              )
            : t('Needs the engine, and a model that is not just learning.')}
        </p>
        <button type="button" className="button" disabled={!able} onClick={() => void measureDetectability()}>
          {t('Measure')}
        </button>
      </div>
    );
  return <Chart rows={detectabilityRows(trials, line)} />;
}

function Chart({ rows }: { rows: readonly DetectabilityCell[][] }) {
  const [at, setAt] = useState({ row: 0, column: 0 });
  const columns = rows[0]?.length ?? 0;
  // One stop for the tab key; arrows go from cell to cell.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const row = Math.min(rows.length - 1, Math.max(0, at.row + step[1]));
    const column = Math.min(columns - 1, Math.max(0, at.column + step[0]));
    setAt({ row, column });
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`)?.focus();
  };
  return (
    <div className="faint-chart">
      <p className="small muted">{t('Share found above the threshold. A cell sets the block.')}</p>
      <div
        className="faint-grid"
        role="group"
        aria-label={t('Share found, by size and intensity')}
        onKeyDown={onKeyDown}
      >
        <span className="faint-axis small muted" aria-hidden="true">
          {rows.map(([cell]) => (
            <span key={cell!.intensity}>{Number(cell!.intensity.toPrecision(2))} σ</span>
          ))}
        </span>
        <div className="faint-cells" style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
          {rows.flatMap((cells, row) =>
            cells.map((cell, column) => (
              <Cell
                key={`${row} ${column}`}
                cell={cell}
                place={`${row} ${column}`}
                stop={row === at.row && column === at.column}
                onFocus={() => setAt({ row, column })}
              />
            )),
          )}
          <Dot rows={rows} />
        </div>
        <span className="faint-sides small muted" aria-hidden="true">
          {rows[0]?.map(({ size }) => (
            <span key={size}>{2 * size + 1}</span>
          ))}
        </span>
      </div>
      <p className="small muted">{t('cells a side; the ring is the block on screen')}</p>
    </div>
  );
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface CellProps {
  cell: DetectabilityCell;
  place: string;
  stop: boolean;
  onFocus: () => void;
}

function Cell({ cell: { size, intensity, recall, trials }, place, stop, onFocus }: CellProps) {
  const share = Math.round(100 * (recall ?? 0));
  const name = t('{size} by {size} cells at {intensity} sigma: {share} % found', {
    size: 2 * size + 1,
    intensity: Number(intensity.toPrecision(2)),
    share,
  });
  const set = () =>
    setParams({
      fbpOn: true,
      fbpShape: 'walk',
      fbpSize: size,
      fbpIntensity: intensity,
      fbpSteps: trials[0]?.block.steps ?? 0,
      fbpAngle: 0,
    });
  return (
    <button
      type="button"
      className="faint-cell"
      data-cell={place}
      tabIndex={stop ? 0 : -1}
      aria-label={t('{name}. Set the block so', { name })}
      title={name}
      style={{ '--share': `${share}%` } as CSSProperties}
      onFocus={onFocus}
      onClick={set}
    />
  );
}

/** The block on screen. */
function Dot({ rows }: { rows: readonly DetectabilityCell[][] }) {
  const size = useApp(({ params }) => params.fbpSize);
  const intensity = useApp(({ params }) => params.fbpIntensity);
  const on = useApp(({ params }) => params.fbpOn && params.fbpShape !== 'brush');
  if (!on) return null;
  const sizes = rows[0]?.map((cell) => cell.size) ?? [];
  const { x, y } = placeOnChart(
    sizes,
    rows.map(([cell]) => cell!.intensity),
    { size, intensity },
  );
  return (
    <span
      className="faint-dot"
      data-testid="block-on-chart"
      aria-hidden="true"
      style={{ left: `${100 * x}%`, top: `${100 * y}%` }}
    />
  );
}
