// One picture of the inside view with its name and formula. It is a button that points: pointer, finger and arrow keys move
// over its places.
import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { pointAtCell } from './insideLoop';
import { t } from '../languages/texts';

export interface Grid {
  /** Places across and down. */
  columns: number;
  rows: number;
  /** Where it is pointed now; row * columns + column. */
  at: number | null;
  /** What a place is called: pixel, or cell. */
  unit: string;
  onPoint: (place: number) => void;
  /** A mouse has left; fingers and keys leave nothing. */
  onLeave?: () => void;
}

interface Props {
  /** Its place in the style sheet's grid, and its name for lines. */
  area: string;
  label: string;
  formula: string;
  /** What a screen reader hears besides. */
  says?: string;
  grid: Grid;
  /** Draws; called after every change. */
  draw: (canvas: HTMLCanvasElement) => void;
  /** Marks over it, in places from the left and the top. */
  children?: ReactNode;
  /** The picture's own size in places, for its shape. */
  aspect?: number;
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAR = 5;

export function Figure({ area, label, formula, says = '', grid, draw, children, aspect }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => draw(canvas.current!), [draw]);
  const { columns, rows, at, unit } = grid;
  const where =
    at === null
      ? ''
      : t(', row {at}, column {at2}', { at: Math.floor(at / columns) + 1, at2: (at % columns) + 1 });
  return (
    <figure className="inside-figure" style={{ gridArea: area }}>
      <figcaption>
        <span className="clip">{label}</span> <span className="formula">{formula}</span>
      </figcaption>
      <button
        type="button"
        className="inside-picture"
        data-node={area}
        aria-roledescription={t('picture to point at')}
        aria-label={t('{label}, {unit}{where}. {says} Arrow keys point.', { label, unit, where, says })}
        style={{ aspectRatio: aspect ?? columns / rows }}
        onPointerDown={(event) => point(event, grid)}
        onPointerMove={(event) => point(event, grid)}
        onPointerLeave={(event) => event.pointerType === 'mouse' && grid.onLeave?.()}
        onKeyDown={(event) => onKey(event, grid)}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <svg viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
          {children}
        </svg>
      </button>
    </figure>
  );
}

/** Where the pointer was last: browsers tell of a resting one again when things move under it. */
let rested = { x: NaN, y: NaN };

function point(event: PointerEvent<HTMLElement>, { columns, rows, at, onPoint }: Grid): void {
  const { clientX: x, clientY: y, type } = event;
  if (type === 'pointermove' && x === rested.x && y === rested.y) return;
  rested = { x, y };
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  const on = (value: number, size: number, places: number) =>
    Math.min(places - 1, Math.max(0, Math.floor((value / size) * places)));
  const place = on(y - top, height, rows) * columns + on(x - left, width, columns);
  if (place !== at || type === 'pointerdown') onPoint(place);
}

function onKey(event: KeyboardEvent, { columns, rows, at, onPoint }: Grid): void {
  const step = STEPS[event.key];
  if (event.key === 'Escape') pointAtCell(null);
  else if (step && at === null) onPoint(Math.floor(rows / 2) * columns + Math.floor(columns / 2));
  else if (step) {
    const far = event.shiftKey ? FAR : 1;
    const on = (value: number, places: number) => Math.min(places - 1, Math.max(0, value));
    const column = on((at! % columns) + step[0] * far, columns);
    onPoint(on(Math.floor(at! / columns) + step[1] * far, rows) * columns + column);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The place that is pointed at, framed. */
export function Frame({ columns, at, kind = '' }: { columns: number; at: number | null; kind?: string }) {
  if (at === null) return null;
  const [x, y] = [at % columns, Math.floor(at / columns)];
  return (
    <>
      <rect className="frame-casing" x={x} y={y} width={1} height={1} />
      <rect className={`frame ${kind}`} x={x} y={y} width={1} height={1} />
    </>
  );
}
