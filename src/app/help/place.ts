// Puts a popover beside its button, wherever there is room, and never over the edge of the window.
const MARGIN = 8;

/** Moves `popover` (or the popover around it) next to `anchor`. */
export function placeBeside(inside: HTMLElement, anchor: HTMLElement): void {
  const popover = inside.closest<HTMLElement>('[popover]')!;
  const at = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const below = at.bottom + 4;
  const top = below + height + MARGIN > innerHeight ? Math.max(MARGIN, at.top - 4 - height) : below;
  const left = Math.max(MARGIN, Math.min(at.left, innerWidth - width - MARGIN));
  Object.assign(popover.style, { top: `${top}px`, left: `${left}px` });
}
