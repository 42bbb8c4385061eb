// One chart of several curves in the unit square, drawn by uPlot, with a legend of words beside it.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useApp } from '../shell/store';
import { useElementSize } from '../hooks/useElementSize';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { onOneAxis, type CurveLine, type KindWords } from './curveLines';
import { t } from '../languages/texts';

const FONT = '12px system-ui, sans-serif';

export default function CurveChart({ lines, kind }: { lines: readonly CurveLine[]; kind: KindWords }) {
  const [measure, { width, height }] = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const theme = useApp((state) => state.layout.theme);
  const dark = useMediaQuery('(prefers-color-scheme: dark)');
  const ready = width > 0 && height > 0;
  useEffect(() => {
    if (!ready || !box.current) return;
    const plot = new uPlot(
      optionsOf(box.current, lines, kind, { width, height }),
      onOneAxis(lines) as uPlot.AlignedData,
      box.current,
    );
    return () => plot.destroy();
    // A change of theme changes the colours that uPlot was given as numbers.
  }, [ready, lines, kind, width, height, theme, dark]);
  return (
    <div className="curve-chart">
      <div
        className="curve-plot"
        role="img"
        aria-label={t('{label}: {value}; {y} against {x}', {
          label: t(kind.label),
          value: lines.map(({ name }) => name).join(', '),
          y: t(kind.y),
          x: t(kind.x),
        })}
        ref={(node) => {
          box.current = node;
          return measure(node);
        }}
      />
      <ul className="curve-key">
        {lines.map(({ name, colour }) => (
          <li key={name}>
            <svg width="20" height="8" aria-hidden="true">
              <path d="M0 4h20" stroke={colour} strokeWidth="3" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

function optionsOf(
  box: HTMLElement,
  lines: readonly CurveLine[],
  { x, y }: KindWords,
  size: { width: number; height: number },
): uPlot.Options {
  const style = getComputedStyle(box);
  const axis: uPlot.Axis = {
    stroke: style.color,
    font: FONT,
    labelFont: FONT,
    labelSize: 18,
    grid: { stroke: `color-mix(in srgb, ${style.color} 18%, transparent)`, width: 1 },
    ticks: { show: false },
  };
  const unit: uPlot.Range.Function = () => [0, 1];
  return {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 12, 0, 0],
    scales: { x: { time: false, range: unit }, y: { range: unit } },
    axes: [
      { ...axis, label: x, size: 24 },
      { ...axis, label: y, size: 34 },
    ],
    series: [
      {},
      // The earlier the wider: curves that lie on one another are all seen.
      ...lines.map(({ colour }, i) => ({
        stroke: colour,
        width: Math.min(6, 2 + 1.5 * (lines.length - 1 - i)),
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
}
