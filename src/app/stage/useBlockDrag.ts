// The block under pointer and fingers: it follows cell by cell, keeping the grip where it was taken; with Alt the way up
// and down changes its intensity, two fingers or the corner change its size, the knob turns it. The readout goes along.
import { useRef, type PointerEvent } from 'react';
import { scaleIntensity, setAngle, setSize } from '../block/intensity';
import { getState } from '../shell/store';
import { placeBlock, readAt } from './actions';
import type { Rect } from './zoom';

/** A way of this many pixels makes the block e times as strong. */
const PIXELS_OF_E = 90;

export function useBlockDrag(rect: Rect, width: number, height: number) {
  const grip = useRef<{ x: number; y: number } | null>(null);
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const spread = useRef<{ distance: number; size: number } | null>(null);

  /** Pointer position as shares of the image. */
  const placeOf = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.closest('.picture')!.getBoundingClientRect();
    return { x: (event.clientX - box.left) / rect.width, y: (event.clientY - box.top) / rect.height };
  };

  const read = ({ x, y }: { x: number; y: number }) => {
    const onImage = x >= 0 && x < 1 && y >= 0 && y < 1;
    if (onImage) readAt({ x, y });
  };

  const distance = () => {
    const [a, b] = [...fingers.current.values()];
    return Math.hypot(a!.x - b!.x, a!.y - b!.y);
  };

  const begin = (event: PointerEvent<Element>) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };

  const end = (event: PointerEvent<Element>) => {
    fingers.current.delete(event.pointerId);
    grip.current = null;
    spread.current = null;
  };

  const body = {
    onPointerDown(event: PointerEvent<Element>) {
      begin(event);
      const at = placeOf(event);
      const { fbpX, fbpY, fbpSize } = getState().params;
      grip.current = { x: at.x * width - fbpX, y: at.y * height - fbpY };
      spread.current = fingers.current.size === 2 ? { distance: distance(), size: fbpSize } : null;
      read(at);
    },
    onPointerMove(event: PointerEvent<Element>) {
      const before = fingers.current.get(event.pointerId);
      if (!before) return;
      event.stopPropagation();
      fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const at = placeOf(event);
      if (spread.current) setSize((spread.current.size * distance()) / Math.max(1, spread.current.distance));
      else if (event.altKey) scaleIntensity(Math.exp((before.y - event.clientY) / PIXELS_OF_E));
      else if (grip.current) placeBlock(at.x * width - grip.current.x, at.y * height - grip.current.y);
      // After Alt the block is where it was, and is held where the pointer is.
      if (event.altKey) {
        const { fbpX, fbpY } = getState().params;
        grip.current = { x: at.x * width - fbpX, y: at.y * height - fbpY };
      }
      read(at);
    },
    onPointerUp: end,
    onPointerCancel: end,
    // A double click on the block must not zoom out.
    onDoubleClick: (event: { stopPropagation(): void }) => event.stopPropagation(),
  };

  /** Of the corner: the block reaches as far as the pointer is from its middle. */
  const corner = {
    onPointerDown: begin,
    onPointerMove(event: PointerEvent<Element>) {
      if (!fingers.current.has(event.pointerId)) return;
      event.stopPropagation();
      const at = placeOf(event);
      const { fbpX, fbpY } = getState().params;
      const reach = Math.max(Math.abs(at.x * width - fbpX - 0.5), Math.abs(at.y * height - fbpY - 0.5));
      setSize(reach - 0.5);
    },
    onPointerUp: end,
    onPointerCancel: end,
    onDoubleClick: body.onDoubleClick,
  };

  /** Of the knob: the block turns with the pointer about its middle, in steps of its row; with Alt freely. */
  const turn = {
    onPointerDown: begin,
    onPointerMove(event: PointerEvent<Element>) {
      if (!fingers.current.has(event.pointerId)) return;
      event.stopPropagation();
      const at = placeOf(event);
      const { fbpX, fbpY } = getState().params;
      const [dx, dy] = [
        (at.x - (fbpX + 0.5) / width) * rect.width,
        (at.y - (fbpY + 0.5) / height) * rect.height,
      ];
      // The knob stands at the upper right, at an eighth of a turn.
      setAngle((Math.atan2(dy, dx) * 180) / Math.PI + 45, event.altKey ? 1 : undefined);
    },
    onPointerUp: end,
    onPointerCancel: end,
    onDoubleClick: body.onDoubleClick,
  };

  return { body, corner, turn };
}
