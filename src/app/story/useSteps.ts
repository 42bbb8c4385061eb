// The list of steps and the step one is at, kept alike: who scrolls to another step is there, who goes to one by keys or
// buttons has it scrolled to. Down on a wide screen, across on a phone.
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { goTo } from './telling';

/** A step counts as reached when it begins in the upper part of the list. */
const UPPER = 0.4;

export function useSteps(
  at: number,
  row: boolean,
): { ref: RefObject<HTMLOListElement | null>; onScroll: () => void } {
  const ref = useRef<HTMLOListElement>(null);
  // While the list moves by itself, what it passes on its way is not where one is.
  const target = useRef<number | null>(at);
  const place = useRef({ at, row });
  useLayoutEffect(() => {
    place.current = { at, row };
    if (target.current === at) return;
    const list = ref.current!;
    if (stepAt(list, row) === at) return;
    target.current = at;
    scrollTo(list, at, row, matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth');
  }, [at, row]);
  useEffect(() => {
    const list = ref.current!;
    const release = () => (target.current = null);
    const byHand = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
    byHand.forEach((kind) => list.addEventListener(kind, release, { passive: true }));
    // Of another height its steps lie elsewhere.
    const observer = new ResizeObserver(() => scrollTo(list, place.current.at, place.current.row, 'instant'));
    observer.observe(list);
    return () => {
      byHand.forEach((kind) => list.removeEventListener(kind, release));
      observer.disconnect();
    };
  }, []);
  const onScroll = () => {
    const here = stepAt(ref.current!, row);
    if (target.current === null) return goTo(here);
    if (target.current === here) target.current = null;
  };
  return { ref, onScroll };
}

const stepsOf = (list: HTMLElement) => [...list.children] as HTMLElement[];

function scrollTo(list: HTMLElement, at: number, row: boolean, behavior: ScrollBehavior): void {
  const step = stepsOf(list)[at];
  if (step) list.scrollTo({ [row ? 'left' : 'top']: row ? step.offsetLeft : step.offsetTop, behavior });
}

/** The last step that begins before the list's upper part ends. */
function stepAt(list: HTMLElement, row: boolean): number {
  const edge = row ? list.scrollLeft + UPPER * list.clientWidth : list.scrollTop + UPPER * list.clientHeight;
  const begun = stepsOf(list).filter((step) => (row ? step.offsetLeft : step.offsetTop) <= edge);
  return Math.max(0, begun.length - 1);
}
