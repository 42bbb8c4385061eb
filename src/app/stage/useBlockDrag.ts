// Dragging the block: it follows the pointer cell by cell, keeping the grip where it was taken.
import { useRef, type PointerEvent } from 'react';
import { placeBlock } from './actions';
import { getState } from '../shell/store';
import type { Rect } from './zoom';

export function useBlockDrag(rect: Rect, width: number, height: number) {
  const grip = useRef<{ x: number; y: number } | null>(null);

  /** Pointer position in cells. */
  const cellsAt = (event: PointerEvent<Element>) => {
    const box = event.currentTarget.closest('.picture')!.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / rect.width) * width,
      y: ((event.clientY - box.top) / rect.height) * height,
    };
  };

  return {
    onPointerDown(event: PointerEvent<Element>) {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = cellsAt(event);
      const { fbpX, fbpY } = getState().params;
      grip.current = { x: at.x - fbpX, y: at.y - fbpY };
    },
    onPointerMove(event: PointerEvent<Element>) {
      if (!grip.current) return;
      event.stopPropagation();
      const at = cellsAt(event);
      placeBlock(at.x - grip.current.x, at.y - grip.current.y);
    },
    onPointerUp() {
      grip.current = null;
    },
    onPointerCancel() {
      grip.current = null;
    },
    // A double click on the block must not zoom out.
    onDoubleClick: (event: { stopPropagation(): void }) => event.stopPropagation(),
  };
}
