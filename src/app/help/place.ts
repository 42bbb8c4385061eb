// Puts a popover beside its button, wherever there is room, and never over the edge of the window.
const MARGIN = 8;

/**
 * Moves `popover` (or the popover around it) next to `anchor`. What hangs on the right column goes to its left, so that it
 * does not cover the control it explains.
 */
export function placeBeside(inside: HTMLElement, anchor: HTMLElement): void {
  const popover = inside.closest<HTMLElement>('[popover]')!;
  const at = anchor.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const column = anchor.closest('.side, .drawer')?.getBoundingClientRect();
  const aside = column && column.left > width + 2 * MARGIN;
  const below = aside ? at.top : at.bottom + 4;
  const fits = below + height + MARGIN <= innerHeight;
  const above = aside ? innerHeight - height - MARGIN : at.top - 4 - height;
  const top = fits ? below : Math.max(MARGIN, above);
  const left = aside
    ? column.left - width - MARGIN
    : Math.max(MARGIN, Math.min(at.left, innerWidth - width - MARGIN));
  Object.assign(popover.style, { top: `${top}px`, left: `${left}px` });
}
