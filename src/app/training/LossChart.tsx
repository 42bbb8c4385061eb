// One small loss curve, drawn by uPlot. Loaded lazily: the first view has no use for it.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useApp } from '../shell/store';
import { useElementSize } from '../hooks/useElementSize';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { t } from '../languages/texts';

interface Props {
  title: string;
  losses: readonly number[];
  /** The curve of the run before, over the whole length. */
  ghost?: readonly number[] | undefined;
  /** Length of the whole stage, in the unit. */
  length: number;
  /** What the axis counts. */
  unit?: 'epoch' | 'step';
  /** Share of the stage that the curve covers, 0 to 1. */
  done: number;
}

export default function LossChart({ title, losses, ghost, length, unit = 'epoch', done }: Props) {
  const [measure, { width, height }] = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useApp((state) => state.layout.theme);
  const dark = useMediaQuery('(prefers-color-scheme: dark)');
  const ready = width > 0 && height > 0;

  useEffect(() => {
    if (!ready || !box.current) return;
    plot.current = new uPlot(options(box.current, length, unit), [[], [], []], box.current);
    return () => plot.current?.destroy();
    // A change of theme changes the colours that uPlot was given as numbers.
  }, [ready, length, unit, theme, dark]);

  useEffect(() => {
    if (ready) plot.current?.setSize({ width, height });
  }, [ready, width, height]);

  useEffect(() => {
    plot.current?.setData(joined(losses, length * done, ghost ?? [], length));
  }, [losses, ghost, length, unit, done, ready, theme, dark]);

  const last = losses.at(-1);
  return (
    <figure className="chart">
      <figcaption className="small muted">
        {title}
        {last !== undefined && <span className="chart-last">{last.toPrecision(3)}</span>}
      </figcaption>
      <div
        className="chart-plot"
        role="img"
        aria-label={
          last === undefined
            ? t('{title}: no curve yet', { title })
            : t('{title}: from {losses} to {last}', {
                title,
                losses: losses[0]!.toPrecision(3),
                last: last.toPrecision(3),
              })
        }
        ref={(node) => {
          box.current = node;
          return measure(node);
        }}
      />
      {last === undefined && (
        <p className="chart-empty small muted">{t('The curve appears with the first step.')}</p>
      )}
    </figure>
  );
}

const AXIS_FONT = '12px system-ui, sans-serif';

/** Where the points of a curve lie: evenly up to what has been done; which steps were noted does not matter. */
const placesOf = (points: number, done: number) =>
  Array.from({ length: points }, (_, index) => ((index + 1) / points) * done);

/** Two curves over one axis: places of both, with a gap in a curve where only the other has a point. */
function joined(
  losses: readonly number[],
  end: number,
  ghost: readonly number[],
  length: number,
): uPlot.AlignedData {
  const own = placesOf(losses.length, end).map((x, i) => ({ x, loss: losses[i]! }));
  const old = placesOf(ghost.length, length).map((x, i) => ({ x, ghost: ghost[i]! }));
  const all = [...own, ...old].sort((a, b) => a.x - b.x);
  return [
    all.map(({ x }) => x),
    all.map((point) => ('loss' in point ? point.loss : undefined)),
    all.map((point) => ('ghost' in point ? point.ghost : undefined)),
  ];
}

function options(box: HTMLElement, length: number, unit: string): uPlot.Options {
  const colour = (name: string) => resolve(box, `var(${name})`);
  const axis: uPlot.Axis = {
    stroke: colour('--text-muted'),
    font: AXIS_FONT,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    legend: { show: false },
    cursor: { show: false },
    padding: [4, 8, 0, 0],
    scales: {
      x: { time: false, range: [0, Math.max(1, length)] },
      y: { range: fromZero },
    },
    axes: [
      { ...axis, size: 18, gap: 2, space: 40, grid: { show: false }, incrs: WHOLE, values: named(unit) },
      { ...axis, size: 34, gap: 2, space: 28, values: withoutZero },
    ],
    series: [
      {},
      {
        stroke: colour('--accent'),
        width: 1.5,
        // A single point makes no line.
        points: {
          show: (plot) => Array.from(plot.data[1]!).filter((loss) => loss !== undefined).length === 1,
          size: 5,
          fill: colour('--accent'),
        },
        spanGaps: true,
      },
      // The run before, behind it.
      {
        stroke: colour('--line-strong'),
        width: 1,
        dash: [3, 3],
        points: { show: false },
        spanGaps: true,
      },
    ],
  };
}

/** The first mark names what the others count. */
const named =
  (unit: string): uPlot.Axis.Values =>
  (_, marks) =>
    marks.map((mark) => (mark === 0 ? `${unit} 0` : String(mark)));

/** Both axes start at the same zero; it is written once. */
const withoutZero: uPlot.Axis.Values = (_, marks) => marks.map((mark) => (mark === 0 ? '' : String(mark)));

/** Marks stand at whole epochs or steps. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** Losses are judged by their distance from zero. */
const fromZero: uPlot.Range.Function = (_, __, high) => [0, high > 0 ? high * 1.05 : 1];

/** A custom property's colour as the browser computes it, light or dark. */
function resolve(box: HTMLElement, value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
