// One small loss curve, drawn by uPlot. Loaded lazily: the first view has no use for it.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useApp } from '../../state/store';
import { useElementSize } from '../hooks/useElementSize';
import { useMediaQuery } from '../hooks/useMediaQuery';

export default function LossChart({ title, losses }: { title: string; losses: readonly number[] }) {
  const [measure, { width, height }] = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useApp((state) => state.layout.theme);
  const dark = useMediaQuery('(prefers-color-scheme: dark)');
  const ready = width > 0 && height > 0;

  useEffect(() => {
    if (!ready || !box.current) return;
    plot.current = new uPlot(options(box.current), [[], []], box.current);
    return () => plot.current?.destroy();
    // A change of theme changes the colours that uPlot was given as numbers.
  }, [ready, theme, dark]);

  useEffect(() => {
    if (ready) plot.current?.setSize({ width, height });
  }, [ready, width, height]);

  useEffect(() => {
    plot.current?.setData([losses.map((_, index) => index + 1), [...losses]]);
  }, [losses, ready, theme, dark]);

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
            ? `${title}: no curve yet`
            : `${title}: from ${losses[0]!.toPrecision(3)} to ${last.toPrecision(3)}`
        }
        ref={(node) => {
          box.current = node;
          return measure(node);
        }}
      />
      {last === undefined && (
        <p className="chart-empty small muted">The curve appears with the first step.</p>
      )}
    </figure>
  );
}

const AXIS_FONT = '12px system-ui, sans-serif';

function options(box: HTMLElement): uPlot.Options {
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
    padding: [4, 4, 0, 0],
    scales: {
      x: { time: false, range: (_, low, high) => [low ?? 0, Math.max(high ?? 1, (low ?? 0) + 1)] },
      y: { range: fromZero },
    },
    axes: [
      { ...axis, size: 18, gap: 2, space: 60, grid: { show: false }, incrs: STEPS },
      { ...axis, size: 34, gap: 2, space: 28 },
    ],
    series: [{}, { stroke: colour('--accent'), width: 1.5, points: { show: false } }],
  };
}

/** Steps are whole. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

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
