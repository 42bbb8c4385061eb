// Zoom and pan: the arithmetic behind the stage.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIT, MAX_SCALE, panBy, place, toImage, zoomAt, type Zoom } from './zoom';

const view = { width: 800, height: 400 };

describe('the image in its view', () => {
  it('fits whole and centred', () => {
    expect(place(view, 1, FIT)).toEqual({ left: 200, top: 0, width: 400, height: 400 });
    expect(place(view, 4, FIT)).toEqual({ left: 0, top: 100, width: 800, height: 200 });
  });

  it('keeps what lies under the pointer there when zooming', () => {
    const at = { x: 450, y: 130 };
    const before = toImage(place(view, 1, FIT), at)!;
    const zoom = zoomAt(view, 1, FIT, 4, at);
    const after = toImage(place(view, 1, zoom), at)!;
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });

  it('comes back to where it was', () => {
    const there = zoomAt(view, 1, FIT, 3, { x: 300, y: 200 });
    expect(place(view, 1, zoomAt(view, 1, there, 1 / 3, { x: 500, y: 100 }))).toEqual(place(view, 1, FIT));
  });

  it('stores nothing up when panned beyond an edge', () => {
    const zoomed: Zoom = { scale: 4, x: 0.5, y: 0.5 };
    const far = panBy(view, 1, zoomed, 10_000, 0);
    expect(place(view, 1, panBy(view, 1, far, -10, 0)).left).toBeCloseTo(-10, 6);
  });

  it('never shows a gap that the image could fill, whatever is done to it', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        number(0.2, 5),
        number(0.1, 30),
        number(0, 800),
        number(0, 400),
        number(-900, 900),
        (aspect, factor, x, y, d) => {
          const zoom = panBy(view, aspect, zoomAt(view, aspect, FIT, factor, { x, y }), d, -d);
          const { left, top, width, height } = place(view, aspect, zoom);
          expect(zoom.scale).toBeLessThanOrEqual(MAX_SCALE);
          if (width >= view.width)
            expect([left <= 1e-6, left + width >= view.width - 1e-6]).toEqual([true, true]);
          if (height >= view.height)
            expect([top <= 1e-6, top + height >= view.height - 1e-6]).toEqual([true, true]);
        },
      ),
    );
  });

  it('says where a pointer is on the image, or that it is beside it', () => {
    const rect = place(view, 1, FIT);
    expect(toImage(rect, { x: 300, y: 100 })).toEqual({ x: 0.25, y: 0.25 });
    expect(toImage(rect, { x: 100, y: 100 })).toBeNull();
  });
});
