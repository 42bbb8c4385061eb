// Lines between the pictures: from a pixel to where it looks, to the cells it samples, to what becomes of it. Ends are named
// by picture and place, so that they hold in every layout.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** A point of a picture, in shares of its width and height. */
export interface End {
  node: string;
  x: number;
  y: number;
}

export interface Line {
  from: End;
  to: End;
  /** 0 to 1. */
  weight: number;
  kind: 'way' | 'normal' | 'abnormal';
}

export function Lines({ lines }: { lines: readonly Line[] }) {
  const svg = useRef<SVGSVGElement>(null);
  const [, redraw] = useState(0);
  useEffect(() => {
    const stage = stageOf(svg.current!);
    const observer = new ResizeObserver(() => redraw((count) => count + 1));
    observer.observe(stage);
    return () => observer.disconnect();
  }, []);
  // Places are known once everything is laid out.
  useLayoutEffect(() => {
    const own = svg.current!;
    const origin = own.getBoundingClientRect();
    const boxes = new Map<string, DOMRect>();
    own.querySelectorAll('path').forEach((path, i) => {
      const { from, to } = lines[i]!;
      const [a, b] = [pointOf(own, origin, boxes, from), pointOf(own, origin, boxes, to)];
      path.setAttribute('d', a && b ? curve(a, b) : '');
    });
  });
  return (
    <svg ref={svg} className="inside-lines" aria-hidden="true">
      {lines.map(({ kind, weight }, i) => (
        <path key={i} className={kind} style={{ opacity: 0.25 + 0.75 * weight }} />
      ))}
    </svg>
  );
}

/** The lines' own parent is no box. */
const stageOf = (own: SVGSVGElement): Element => own.closest('.stage-middle')!;

interface Point {
  x: number;
  y: number;
}

function pointOf(
  own: SVGSVGElement,
  origin: DOMRect,
  boxes: Map<string, DOMRect>,
  { node, x, y }: End,
): Point | null {
  let box = boxes.get(node);
  if (!box) {
    const found = stageOf(own).querySelector(node === 'image' ? '.picture' : `[data-node="${node}"]`);
    if (!found) return null;
    box = found.getBoundingClientRect();
    boxes.set(node, box);
  }
  return { x: box.left - origin.left + x * box.width, y: box.top - origin.top + y * box.height };
}

/** Leaves and arrives level, or upright where the ends lie above each other. */
function curve(a: Point, b: Point): string {
  const round = (value: number) => value.toFixed(1);
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const level = Math.abs(dx) >= Math.abs(dy) / 2;
  const [c, d] = level
    ? [
        { x: a.x + dx / 2, y: a.y },
        { x: b.x - dx / 2, y: b.y },
      ]
    : [
        { x: a.x, y: a.y + dy / 2 },
        { x: b.x, y: b.y - dy / 2 },
      ];
  return `M${round(a.x)} ${round(a.y)}C${round(c.x)} ${round(c.y)} ${round(d.x)} ${round(d.y)} ${round(b.x)} ${round(b.y)}`;
}
