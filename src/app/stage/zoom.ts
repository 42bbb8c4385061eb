// Zoom and pan as arithmetic: a zoom is a magnification and the image point at the middle of the view. Image,
// overlay and outline take the same rectangle, so they stay in step by construction.
import type { Size } from '../hooks/useElementSize';

export interface Zoom {
  /** 1: the whole image fits. */
  scale: number;
  /** Image point in the middle of the view, in fractions of the image. */
  x: number;
  y: number;
}

export interface Rect extends Size {
  left: number;
  top: number;
}

export interface Point {
  x: number;
  y: number;
}

export const FIT: Zoom = { scale: 1, x: 0.5, y: 0.5 };
export const MAX_SCALE = 16;

/** The largest size of an image of this shape (width / height) inside the view. */
export function fitSize(view: Size, aspect: number): Size {
  const width = Math.max(0, Math.min(view.width, view.height * aspect));
  return { width, height: width / aspect };
}

/** Where the image lies in the view. It never leaves a gap that it could fill. */
export function place(view: Size, aspect: number, zoom: Zoom): Rect {
  const fit = fitSize(view, aspect);
  const width = fit.width * zoom.scale;
  const height = fit.height * zoom.scale;
  return {
    left: along(view.width, width, zoom.x),
    top: along(view.height, height, zoom.y),
    width,
    height,
  };
}

/** Start of the image along one axis: centred when it fits, else without gaps. */
function along(view: number, image: number, centre: number): number {
  if (image <= view) return (view - image) / 2;
  return Math.min(0, Math.max(view - image, view / 2 - centre * image));
}

/** Magnifies around a point of the view: what lies under it stays there. */
export function zoomAt(view: Size, aspect: number, zoom: Zoom, factor: number, at: Point): Zoom {
  const scale = Math.min(MAX_SCALE, Math.max(1, zoom.scale * factor));
  const before = place(view, aspect, zoom);
  const under = { x: (at.x - before.left) / before.width, y: (at.y - before.top) / before.height };
  const fit = fitSize(view, aspect);
  return settle(view, aspect, {
    scale,
    x: under.x + (view.width / 2 - at.x) / (fit.width * scale),
    y: under.y + (view.height / 2 - at.y) / (fit.height * scale),
  });
}

/** Moves the image by pixels of the view. */
export function panBy(view: Size, aspect: number, zoom: Zoom, dx: number, dy: number): Zoom {
  const { width, height } = place(view, aspect, zoom);
  return settle(view, aspect, { ...zoom, x: zoom.x - dx / width, y: zoom.y - dy / height });
}

/** The same picture, its centre pulled back to what is really in the middle: panning at an edge stores nothing up. */
function settle(view: Size, aspect: number, zoom: Zoom): Zoom {
  const { left, top, width, height } = place(view, aspect, zoom);
  return { scale: zoom.scale, x: (view.width / 2 - left) / width, y: (view.height / 2 - top) / height };
}

/** The place of a view point on the image, in fractions; null outside. */
export function toImage(rect: Rect, point: Point): Point | null {
  const x = (point.x - rect.left) / rect.width;
  const y = (point.y - rect.top) / rect.height;
  return x >= 0 && x < 1 && y >= 0 && y < 1 ? { x, y } : null;
}
