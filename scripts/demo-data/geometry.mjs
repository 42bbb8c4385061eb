// Outlines as signed distances (negative inside, in pixels) and the frames that place them. Everything the
// demo sets draw, and every ground-truth mask, is one of these.

export const clamp = (value, low = 0, high = 1) => Math.min(high, Math.max(low, value));
export const mix = (a, b, t) => a + (b - a) * t;

/** 0 below `from`, 1 above `to`, smooth between; falls instead when `from` exceeds `to`. */
export function smoothstep(from, to, value) {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}

/** Length of a vector; unlike Math.hypot, rounded alike by every engine. */
export const length = (x, y) => Math.sqrt(x * x + y * y);

export const circle = (x, y, radius) => length(x, y) - radius;

/** Box centred at the origin with half sizes and rounded corners. */
export function box(x, y, halfWidth, halfHeight, corner = 0) {
  const dx = Math.abs(x) - halfWidth + corner;
  const dy = Math.abs(y) - halfHeight + corner;
  return Math.min(Math.max(dx, dy), 0) + length(Math.max(dx, 0), Math.max(dy, 0)) - corner;
}

/** Regular hexagon with the given inner radius, flat sides left and right. */
export function hexagon(x, y, inner) {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  return Math.max(ax, ax * 0.5 + ay * 0.8660254) - inner;
}

/** Distance to the segment a-b. */
export function segment(x, y, [ax, ay], [bx, by]) {
  const dx = bx - ax;
  const dy = by - ay;
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1));
  return length(x - ax - t * dx, y - ay - t * dy);
}

/** Distance to a polyline of two or more points. */
export function polyline(x, y, points) {
  let nearest = Infinity;
  for (let i = 1; i < points.length; i++)
    nearest = Math.min(nearest, segment(x, y, points[i - 1], points[i]));
  return nearest;
}

/** Smallest box [left, top, right, bottom] around points, widened by a margin. */
export function boundsOf(points, margin = 0) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [
    Math.min(...xs) - margin,
    Math.min(...ys) - margin,
    Math.max(...xs) + margin,
    Math.max(...ys) + margin,
  ];
}

/** A place and an angle (radians) on the image; shapes are drawn in its own coordinates. */
export class Frame {
  constructor(x = 0, y = 0, angle = 0) {
    this.x = x;
    this.y = y;
    this.angle = angle;
    this.cos = Math.cos(angle);
    this.sin = Math.sin(angle);
  }

  /** Image coordinates to this frame's. */
  toLocal(x, y) {
    const dx = x - this.x;
    const dy = y - this.y;
    return [dx * this.cos + dy * this.sin, dy * this.cos - dx * this.sin];
  }

  /** This frame's coordinates to the image's. */
  toImage(x, y) {
    return [this.x + x * this.cos - y * this.sin, this.y + x * this.sin + y * this.cos];
  }

  /** A frame placed inside this one. */
  child(x, y, angle = 0) {
    const [imageX, imageY] = this.toImage(x, y);
    return new Frame(imageX, imageY, this.angle + angle);
  }

  /** Image bounds of a box given in this frame's coordinates. */
  imageBounds([left, top, right, bottom]) {
    const corners = [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ];
    return boundsOf(
      corners.map(([x, y]) => this.toImage(x, y)),
      1,
    );
  }
}
