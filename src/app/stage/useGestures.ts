// Pointer and wheel on the viewport: wheel and pinch zoom, drag pans, double click fits, a hovering or resting
// pointer reads scores; in brush mode one finger or the main button draws instead. Over the pasted block the wheel
// changes its size.
import { useCallback, useEffect, useRef, type PointerEvent } from 'react';
import { beginStroke, paint, thick, useBrush } from '../block/brush';
import { setSize } from '../block/intensity';
import { readAt } from './actions';
import { getState } from '../shell/store';
import { cellsOf, type ImageCells } from './cells';
import type { Size } from '../hooks/useElementSize';
import { FIT, panBy, toImage, zoomAt, type Point, type Rect, type Zoom } from './zoom';

interface Gestures {
  size: Size;
  aspect: number;
  zoom: Zoom;
  rect: Rect;
  onZoom: (zoom: Zoom) => void;
  brushing: boolean;
}

const WHEEL_SPEED = 0.0016;

export function useGestures(gestures: Gestures) {
  const now = useRef(gestures);
  useEffect(() => {
    now.current = gestures;
  });
  const pointers = useRef(new Map<number, Point>());

  // React listens to wheels passively; zooming must keep the page from scrolling.
  const watchWheel = useCallback((node: HTMLElement | null) => {
    if (!node) return undefined;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      if (!event.ctrlKey && event.target instanceof Element && event.target.closest('[data-block]'))
        return wheelOnBlock(event);
      const { size, aspect, zoom, onZoom } = now.current;
      onZoom(zoomAt(size, aspect, zoom, Math.exp(-event.deltaY * WHEEL_SPEED), pointOf(node, event)));
    };
    node.addEventListener('wheel', onWheel, { passive: false });
    return () => node.removeEventListener('wheel', onWheel);
  }, []);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const at = pointOf(event.currentTarget, event);
    pointers.current.set(event.pointerId, at);
    event.currentTarget.setPointerCapture(event.pointerId);
    read(gestures.rect, at);
    if (!draws(event, gestures, pointers.current.size)) return;
    beginStroke();
    draw(gestures, at, at, event);
  };

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const at = pointOf(event.currentTarget, event);
    const before = pointers.current.get(event.pointerId);
    read(gestures.rect, at);
    if (!before) return;
    if (pointers.current.size === 2) pinch(gestures, pointers.current, event.pointerId, at);
    else if (draws(event, gestures, 1)) draw(gestures, before, at, event);
    else
      gestures.onZoom(panBy(gestures.size, gestures.aspect, gestures.zoom, at.x - before.x, at.y - before.y));
    pointers.current.set(event.pointerId, at);
  };

  const onPointerUp = (event: PointerEvent<HTMLElement>) => pointers.current.delete(event.pointerId);

  return {
    watchWheel,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: onPointerUp,
      // A finger that is lifted leaves; what it read stays to be seen.
      onPointerLeave: (event: PointerEvent) => event.pointerType === 'mouse' && readAt(null),
      onDoubleClick: () => !gestures.brushing && gestures.onZoom(FIT),
    },
  };
}

/** Of a wheel's notch, or of so many pixels of a trackpad. */
const NOTCH = 60;
let turned = 0;

function wheelOnBlock({ deltaY }: WheelEvent): void {
  turned = Math.sign(turned) === -Math.sign(deltaY) ? deltaY : turned + deltaY;
  const notches = Math.trunc(turned / NOTCH);
  turned -= notches * NOTCH;
  if (notches !== 0) setSize(getState().params.fbpSize - Math.sign(notches));
}

function pointOf(node: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top } = node.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

const read = (rect: Rect, at: Point) => readAt(toImage(rect, at));

/** The main button or one finger draws; the middle button and two fingers still move the image. */
const draws = (event: PointerEvent, { brushing }: Gestures, fingers: number) =>
  brushing && fingers === 1 && (event.buttons & 4) === 0;

function draw({ rect }: Gestures, from: Point, to: Point, { shiftKey }: { shiftKey: boolean }): void {
  const { view } = getState();
  const cells = cellsOf(getState())!;
  const onImage = ({ x, y }: Point) => ({ x: (x - rect.left) / rect.width, y: (y - rect.top) / rect.height });
  const line = cellsBetween(onImage(from), onImage(to), cells);
  paint(thick(line, useBrush.getState().radius, cells.width, cells.height), view.erasing || shiftKey);
}

/** Two fingers: their distance zooms around the finger that rests. */
function pinch(
  { size, aspect, zoom, onZoom }: Gestures,
  pointers: Map<number, Point>,
  moving: number,
  to: Point,
): void {
  const from = pointers.get(moving)!;
  const [, resting] = [...pointers].find(([id]) => id !== moving)!;
  const distance = (a: Point) => Math.hypot(a.x - resting.x, a.y - resting.y);
  onZoom(zoomAt(size, aspect, zoom, distance(to) / Math.max(1, distance(from)), resting));
}

/** Cells (row * width + column) on the line between two places given in fractions of the image. */
function cellsBetween(from: Point, to: Point, { width, height, across, down }: ImageCells): number[] {
  const [x0, y0, x1, y1] = [from.x * across, from.y * down, to.x * across, to.y * down];
  const steps = Math.max(1, Math.ceil(2 * Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
  const cells = new Set<number>();
  for (let i = 0; i <= steps; i++) {
    const x = Math.floor(x0 + ((x1 - x0) * i) / steps);
    const y = Math.floor(y0 + ((y1 - y0) * i) / steps);
    if (x >= 0 && x < width && y >= 0 && y < height) cells.add(y * width + x);
  }
  return [...cells];
}
