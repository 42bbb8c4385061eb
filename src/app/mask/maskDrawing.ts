// A mask while it is drawn: zeros and ones at its own size, strokes of a round brush, and a way back. Pure arithmetic on
// an array; where the pointer is and what becomes of the mask are others' business.
import type { Mask } from '../../lib/images/image';

/** A place in pixels of the mask, from its left and top edge. */
export interface Place {
  x: number;
  y: number;
}

/** Longest side of a drawn mask: finer than any feature map, and a whole way back fits in memory. */
const LONGEST = 1024;
const MOST_STEPS_BACK = 40;

/** The size at which a mask of an image of this size is drawn: its own, or the same shape and smaller. */
export function drawingSize({ width, height }: { width: number; height: number }) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export class MaskDrawing implements Mask {
  readonly data: Uint8Array;
  readonly #past: Uint8Array[] = [];

  /** @param start what is there already, width * height values, 0 or 1 */
  constructor(
    readonly width: number,
    readonly height: number,
    start?: Uint8Array,
  ) {
    this.data = start?.slice() ?? new Uint8Array(width * height);
  }

  get isEmpty(): boolean {
    return !this.data.includes(1);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  /** What is there now can be come back to. */
  remember(): void {
    this.#past.push(this.data.slice());
    if (this.#past.length > MOST_STEPS_BACK) this.#past.shift();
  }

  /** Back to what was remembered last. @returns whether there was anything */
  undo(): boolean {
    const before = this.#past.pop();
    if (before) this.data.set(before);
    return before !== undefined;
  }

  clear(): void {
    this.remember();
    this.data.fill(0);
  }

  /** Every pixel whose middle is at most `radius` from the line, at least the one that the line's end lies in. */
  stroke(from: Place, to: Place, radius: number, value: 0 | 1): void {
    const reach = Math.max(radius, 0.5);
    const [left, right] = span(from.x, to.x, reach, this.width);
    const [top, bottom] = span(from.y, to.y, reach, this.height);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        if (distanceTo(from, to, x + 0.5, y + 0.5) <= reach) this.data[y * this.width + x] = value;
      }
    }
    this.#mark(to, value);
  }

  #mark({ x, y }: Place, value: 0 | 1): void {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) return;
    this.data[row * this.width + column] = value;
  }
}

function span(a: number, b: number, reach: number, size: number): [number, number] {
  return [
    Math.max(0, Math.floor(Math.min(a, b) - reach)),
    Math.min(size - 1, Math.ceil(Math.max(a, b) + reach)),
  ];
}

/** Distance of a point from a line between two others. */
function distanceTo(from: Place, to: Place, x: number, y: number): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - at * dx, y - from.y - at * dy);
}
