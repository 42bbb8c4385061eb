// Showing one image and picking several, with pointer and keys, as file managers do it: a click shows, Ctrl picks one
// more, Shift picks a range, Ctrl+A all, Escape none.
import { useRef, type KeyboardEvent, type MouseEvent } from 'react';
import { removeImages } from './edits';
import { markRange, setMarks, toggleMark, unmarkAll } from './selection';
import { selectImage } from '../stage/actions';
import type { ImageRecord } from './dataSlice';
import { getState } from '../shell/store';
import { neighbourIndex, type GridShape } from './virtualGrid';

/** Handlers of a grid that shows `images`. @param at index of the image on screen, -1 when it is not in this grid */
export function usePicking(images: readonly ImageRecord[], grid: GridShape, at: number) {
  /** Where a range begins. */
  const anchor = useRef<string | null>(null);

  const show = (id: string) => {
    anchor.current = id;
    if (getState().data.marked.length > 0) setMarks([]);
    selectImage(id);
  };
  const extend = (id: string) => {
    const shown = images.map((image) => image.id);
    const from = anchor.current !== null && shown.includes(anchor.current) ? anchor.current : images[at]?.id;
    anchor.current = from ?? id;
    markRange(anchor.current, id, shown);
    selectImage(id);
  };
  const toggle = (id: string) => {
    anchor.current = id;
    toggleMark(id);
  };

  const onClick = (event: MouseEvent) => {
    const id = (event.target as Element).closest<HTMLElement>('[data-image]')?.dataset['image'];
    if (id === undefined) return;
    if (event.shiftKey) extend(id);
    else if (event.ctrlKey || event.metaKey || getState().data.marking) toggle(id);
    else show(id);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const command = commandOf(event, { images, grid, at, show, extend, toggle });
    // Everything else, Tab above all, goes its usual way.
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command();
  };
  return { onClick, onKeyDown };
}

interface Picking {
  images: readonly ImageRecord[];
  grid: GridShape;
  at: number;
  show(id: string): void;
  extend(id: string): void;
  toggle(id: string): void;
}

function commandOf(event: KeyboardEvent, picking: Picking): (() => void) | null {
  const { images, grid, at, show, extend, toggle } = picking;
  const { marked, marking } = getState().data;
  const { key } = event;
  const control = event.ctrlKey || event.metaKey;
  if (key === 'Escape' && (marking || marked.length > 0)) return unmarkAll;
  if (images.length === 0) return null;
  if (key === 'a' && control) return () => setMarks(images.map(({ id }) => id));
  if (key === 'Delete' && (marked.length > 0 || at >= 0))
    return () => void removeImages(marked.length > 0 ? marked : [images[at]!.id]);
  if (key === ' ' && (control || marking) && at >= 0) return () => toggle(images[at]!.id);
  if (!/^(Arrow|Home|End)/.test(key)) return null;
  const next = images[neighbourIndex(grid, Math.max(at, 0), key)]!.id;
  if (event.shiftKey) return () => extend(next);
  return marking ? () => selectImage(next) : () => show(next);
}
