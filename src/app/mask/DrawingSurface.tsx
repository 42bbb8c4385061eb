// What takes the strokes: a transparent sheet over the picture. The brush is shown as a circle; arrow keys move it and
// space draws, so that a mask can be made without a pointer.
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Mask } from '../../lib/images/image';
import { brushRadius, draw, keepDrawing, setBrush, stopDrawing, undoStroke, useDrawing } from './drawing';
import type { Place } from './maskDrawing';
import { msg, t } from '../languages/texts';

const HOW = msg(
  'Mask: draw with the pointer, or move the brush with the arrow keys and hold space to draw. E erases, Z undoes, Enter keeps the mask, Escape leaves.',
);

export function DrawingSurface({ mask }: { mask: Mask }) {
  const sheet = useRef<HTMLDivElement>(null);
  const last = useRef<Place | null>(null);
  const [brush, setPlace] = useState<Place>({ x: mask.width / 2, y: mask.height / 2 });
  const radius = useDrawing(brushRadius);
  const erasing = useDrawing((state) => state.erasing);
  useEffect(() => sheet.current?.focus(), []);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    // The middle button still moves the image.
    if (event.button > 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    last.current = placeOf(event, mask);
    draw(last.current, last.current, { erase: event.shiftKey, begins: true });
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const at = placeOf(event, mask);
    setPlace(at);
    if (!last.current) return;
    event.stopPropagation();
    draw(last.current, at, { erase: event.shiftKey });
    last.current = at;
  };
  const onPointerUp = () => (last.current = null);

  const onKeyDown = (event: KeyboardEvent) => {
    const { key, shiftKey } = event;
    const to = moved(brush, key, Math.max(1, radius * (shiftKey ? 4 : 1)), mask);
    if (to) {
      setPlace(to);
      if (drawing.current) draw(brush, to);
    } else if (key === ' ') {
      if (!drawing.current) draw(brush, brush, { begins: true });
      drawing.current = true;
    } else if (!command(key.toLowerCase(), erasing)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const drawing = useRef(false);

  return (
    <div
      ref={sheet}
      className="mask-sheet"
      role="application"
      aria-label={t(HOW)}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
      onKeyUp={({ key }) => {
        if (key === ' ') drawing.current = false;
      }}
      onBlur={() => (drawing.current = false)}
    >
      <svg viewBox={`0 0 ${mask.width} ${mask.height}`} preserveAspectRatio="none" aria-hidden="true">
        <circle className="outline-casing" cx={brush.x} cy={brush.y} r={Math.max(0.5, radius)} />
        <circle
          className={erasing ? 'outline-line erasing' : 'outline-line'}
          cx={brush.x}
          cy={brush.y}
          r={Math.max(0.5, radius)}
        />
      </svg>
    </div>
  );
}

/** @returns whether the key means anything here */
function command(key: string, erasing: boolean): boolean {
  if (key === 'e') setBrush({ erasing: !erasing });
  else if (key === 'z') undoStroke();
  else if (key === 'enter') void keepDrawing();
  else if (key === 'escape') stopDrawing();
  else return false;
  return true;
}

function placeOf(event: PointerEvent<HTMLElement>, { width, height }: Mask): Place {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) / box.width) * width,
    y: ((event.clientY - box.top) / box.height) * height,
  };
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where an arrow key takes the brush; null for other keys. */
function moved({ x, y }: Place, key: string, step: number, { width, height }: Mask): Place | null {
  const by = STEPS[key];
  if (!by) return null;
  const inside = (value: number, size: number) => Math.min(size - 0.5, Math.max(0.5, value));
  return { x: inside(x + by[0] * step, width), y: inside(y + by[1] * step, height) };
}
