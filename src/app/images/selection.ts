// Picking several images at once, by Ctrl and Shift, by keys, or by taps in a mode of its own.
import type { ImageId } from '../../engine/api/types';
import { imagesOf, isOwnSet } from '../shell/selectors';
import { getState, patch } from '../shell/store';

/** Adds an image to the picked ones or takes it away; the one on screen counts as the first. */
export function toggleMark(id: ImageId): void {
  const { marked, selected } = getState().data;
  const present = marked.length > 0 ? marked : selected === null ? [] : [selected];
  setMarks(present.includes(id) ? present.filter((other) => other !== id) : [...present, id]);
}

/** Picks what lies between two images, both included. @param shown the order on screen */
export function markRange(from: ImageId | null, to: ImageId, shown: readonly ImageId[]): void {
  const end = shown.indexOf(to);
  const start = from === null ? -1 : shown.indexOf(from);
  setMarks(start < 0 ? [to] : shown.slice(Math.min(start, end), Math.max(start, end) + 1));
}

export const setMarks = (ids: readonly ImageId[]) => patch('data', { marked: [...ids] });

/** Nothing is picked any more, and taps show images again. */
export const unmarkAll = () => patch('data', { marked: [], marking: false });

export const startMarking = () => patch('data', { marking: true });

/** Shows images of one class only; null shows all. What is out of sight is not picked. */
export const showClass = (onlyClass: string | null) => patch('data', { onlyClass, marked: [] });

/** After a training on one's own images: from one it has learned from to the test image that looks strangest to it. */
export function showStrangest(): void {
  const { data, params, scores } = getState();
  if (!isOwnSet(params) || data.images[data.selected ?? '']?.split === 'test') return;
  const scored = imagesOf(data, 'test').filter(({ id }) => scores.byId[id] !== undefined);
  const [strangest] = scored.sort((a, b) => scores.byId[b.id]! - scores.byId[a.id]!);
  if (!strangest) return;
  patch('data', { selected: strangest.id });
  patch('view', { reading: null });
}
