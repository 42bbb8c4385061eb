// The way back and forth through the strokes of the free brush, its size, and the end of all of them.
import { mayUse } from '../lesson/guardLesson';
import { getState, patch } from '../shell/store';
import { beginStroke, RADIUS, useBrush } from './brush';

export const setRadius = (radius: number): void =>
  useBrush.setState({ radius: Math.min(RADIUS.max, Math.max(RADIUS.min, Math.round(radius))) });

export function clearBrush(): void {
  if (getState().view.brush.length === 0 || !mayUse('block')) return;
  beginStroke();
  patch('view', { brush: [] });
}

/** Takes the last stroke back. @returns whether there was one */
export const undo = (): boolean => travel('past', 'future');

/** Does again what was taken back. @returns whether there was anything */
export const redo = (): boolean => travel('future', 'past');

function travel(from: 'past' | 'future', to: 'past' | 'future'): boolean {
  const state = useBrush.getState();
  const cells = state[from].at(-1);
  if (!cells || !mayUse('block')) return false;
  const left = { [from]: state[from].slice(0, -1), [to]: [...state[to], getState().view.brush] };
  useBrush.setState(left);
  patch('view', { brush: [...cells] });
  return true;
}
