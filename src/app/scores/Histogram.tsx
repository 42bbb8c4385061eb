// The bars and the line across them. One bar is in the tab order; arrows go from bar to bar, Enter shows its images.
import { useState, type KeyboardEvent } from 'react';
import { ThresholdMark } from '../controls/ThresholdMark';
import { formatScore } from '../controls/format';
import { SERIES, type Bar } from './histogram';
import { t } from '../languages/texts';

interface Props {
  bars: readonly Bar[];
  /** Pasted blocks in each bar, drawn behind the images on a scale of their own; null when none were scored. */
  pasted?: readonly number[] | null;
  axis: readonly [number, number];
  line: number | null;
  /** Score of what is on screen, as pasted; null or absent: none is marked. */
  mark?: number | null;
  /** Absent where the line is not to be moved. */
  onLine?: (value: number) => void;
  /** Lower end of the bar whose images are shown; null when all are. */
  active: number | null;
  onBar: (bar: Bar) => void;
}

const HEIGHT = 100;

export function Histogram({ bars, pasted = null, axis, line, mark = null, onLine, active, onBar }: Props) {
  const [current, setCurrent] = useState(0);
  const filled = bars.flatMap((bar, index) => (bar.total > 0 ? [index] : []));
  const focusable = filled.includes(current) ? current : (filled[0] ?? 0);
  const tallest = Math.max(1, ...bars.map((bar) => bar.total));

  const onKeyDown = (event: KeyboardEvent<SVGGElement>, index: number) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === 'Enter' || event.key === ' ') onBar(bars[index]!);
    else if (step !== undefined) {
      const next = filled[Math.min(filled.length - 1, Math.max(0, filled.indexOf(index) + step))]!;
      setCurrent(next);
      event.currentTarget.parentElement!.querySelector<SVGGElement>(`[data-bar="${next}"]`)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="histogram" data-testid="histogram">
      <div className="histogram-plot">
        <svg
          viewBox={`0 0 ${bars.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="group"
          aria-label={t('Score histogram')}
        >
          {pasted && <Pasted counts={pasted} />}
          {bars.map((bar, index) =>
            bar.total === 0 ? null : (
              <g
                key={index}
                data-bar={index}
                role="button"
                tabIndex={index === focusable ? 0 : -1}
                aria-label={describe(bar)}
                aria-pressed={bar.from === active}
                onClick={() => onBar(bar)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                <title>{describe(bar)}</title>
                <rect className="bar-column" x={index} y={0} width={1} height={HEIGHT} />
                <Stack bar={bar} x={index} scale={HEIGHT / tallest} />
              </g>
            ),
          )}
        </svg>
        {mark !== null && <Mark value={mark} axis={axis} />}
        {line !== null && !onLine && <FixedLine value={line} axis={axis} />}
        {line !== null && onLine && (
          <ThresholdMark value={line} range={axis} orientation="horizontal" onChange={onLine} />
        )}
      </div>
      <div className="histogram-axis small muted" aria-hidden="true">
        <span>{formatScore(axis[0])}</span>
        <span>{t('score')}</span>
        <span>{formatScore(axis[1])}</span>
      </div>
    </div>
  );
}

/** Where the image on screen stands; at the end of the axis if it is beyond. */
function Mark({ value, axis: [low, high] }: { value: number; axis: readonly [number, number] }) {
  const at = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  const beyond = value > high ? t(', beyond the axis') : '';
  return (
    <div
      className="histogram-mark"
      style={{ left: `${at * 100}%` }}
      title={t('On screen: {value}{beyond}', { value: formatScore(value), beyond })}
    />
  );
}

function FixedLine({ value, axis: [low, high] }: { value: number; axis: readonly [number, number] }) {
  const at = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  return (
    <div
      className="fixed-line"
      style={{ left: `${at * 100}%` }}
      title={t('Threshold {value}', { value: formatScore(value) })}
    />
  );
}

/** There are many more of them than images: only their shape is comparable. */
function Pasted({ counts }: { counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  return counts.map((count, index) => (
    <rect
      key={index}
      className="bar pasted"
      x={index}
      y={HEIGHT * (1 - count / most)}
      width={1}
      height={(HEIGHT * count) / most}
    />
  ));
}

/** The parts of one bar, one on the other. */
function Stack({ bar, x, scale }: { bar: Bar; x: number; scale: number }) {
  let top = HEIGHT;
  return SERIES.map((series) => {
    const height = bar.counts[series] * scale;
    top -= height;
    return (
      <rect key={series} className={`bar ${series}`} x={x + 0.08} y={top} width={0.84} height={height} />
    );
  });
}

const describe = ({ from, to, counts, total }: Bar) =>
  t('{from} to {to}: {total, plural, one {# image} other {# images}}', {
    from: formatScore(from),
    to: formatScore(to),
    total,
  }) +
  (counts.anomalous > 0
    ? `, ${t('{anomalous, plural, one {# defect} other {# defects}}', { anomalous: counts.anomalous })}`
    : '');
