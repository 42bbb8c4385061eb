// The free brush: its size and its strokes. The cells drawn are the view's, since links carry them; what is here is gone
// with the page. The way back through the strokes is in strokes.ts, which comes with the brush.
import { create } from 'zustand';
import { mayUse } from '../lesson/guardLesson';
import { setParams } from '../settings/actions';
import { getState, patch } from '../shell/store';

export interface BrushState {
  /** In cells beyond the one under the pointer: 0 draws single cells. */
  radius: number;
  past: readonly (readonly number[])[];
  future: readonly (readonly number[])[];
}

export const RADIUS = { min: 0, max: 5, step: 1, default: 0 } as const;
const MOST_STEPS_BACK = 100;

export const useBrush = create<BrushState>(() => ({ radius: RADIUS.default, past: [], future: [] }));

/** What is drawn now can be come back to. */
export function beginStroke(): void {
  if (!mayUse('block')) return;
  const { past } = useBrush.getState();
  useBrush.setState({ past: [...past, getState().view.brush].slice(-MOST_STEPS_BACK), future: [] });
}

/** Draws or wipes cells. */
export function paint(cells: readonly number[], erase: boolean): void {
  if (!mayUse('block')) return;
  const now = new Set(getState().view.brush);
  for (const cell of cells) {
    if (erase) now.delete(cell);
    else now.add(cell);
  }
  patch('view', { brush: [...now].sort((a, b) => a - b) });
  if (!getState().params.fbpOn) setParams({ fbpOn: true });
}

/** Cells (row * width + column) within the brush around others, on a map of this size. */
export function thick(cells: readonly number[], radius: number, width: number, height: number): number[] {
  if (radius === 0) return [...cells];
  const around = new Set<number>();
  for (const cell of cells) {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const [column, row] = [x + dx, y + dy];
        const inside = column >= 0 && column < width && row >= 0 && row < height;
        if (inside && dx * dx + dy * dy <= (radius + 0.5) ** 2) around.add(row * width + column);
      }
    }
  }
  return [...around];
}
