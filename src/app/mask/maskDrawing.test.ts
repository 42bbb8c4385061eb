// Drawing a mask: which pixels a stroke marks, and the way back.
import { describe, expect, it } from 'vitest';
import { drawingSize, MaskDrawing } from './maskDrawing';

const rows = ({ data, width }: MaskDrawing) =>
  Array.from({ length: data.length / width }, (_, y) => [...data.slice(y * width, (y + 1) * width)].join(''));

describe('MaskDrawing', () => {
  it('marks a disc for a tap, a band without gaps for a fast stroke, and nothing outside', () => {
    const tap = new MaskDrawing(7, 5);
    tap.stroke({ x: 3.5, y: 2.5 }, { x: 3.5, y: 2.5 }, 1, 1);
    expect(rows(tap)).toEqual(['0000000', '0001000', '0011100', '0001000', '0000000']);
    const band = new MaskDrawing(7, 5);
    band.stroke({ x: -20, y: 2.5 }, { x: 20, y: 2.5 }, 0.5, 1);
    expect(rows(band)).toEqual(['0000000', '0000000', '1111111', '0000000', '0000000']);
  });

  it('marks at least the pixel that is pointed at, however small the brush', () => {
    const drawing = new MaskDrawing(3, 3);
    drawing.stroke({ x: 1.01, y: 1.99 }, { x: 1.01, y: 1.99 }, 0, 1);
    expect(rows(drawing)).toEqual(['000', '010', '000']);
  });

  it('erases, undoes step by step, and clears with a way back', () => {
    const drawing = new MaskDrawing(4, 1, Uint8Array.of(1, 1, 0, 0));
    const at = (x: number) => ({ x, y: 0.5 });
    drawing.remember();
    drawing.stroke(at(0.5), at(0.5), 0.5, 0);
    drawing.remember();
    drawing.stroke(at(3.5), at(3.5), 0.5, 1);
    expect(rows(drawing)).toEqual(['0101']);
    drawing.clear();
    expect(drawing.isEmpty).toBe(true);
    const back = ['0101', '0100', '1100'];
    for (const step of back) {
      expect(drawing.undo()).toBe(true);
      expect(rows(drawing)).toEqual([step]);
    }
    expect([drawing.undo(), drawing.canUndo]).toEqual([false, false]);
  });

  it('keeps a large image’s shape at a size that can be drawn on', () => {
    expect(drawingSize({ width: 300, height: 200 })).toEqual({ width: 300, height: 200 });
    expect(drawingSize({ width: 4000, height: 3000 })).toEqual({ width: 1024, height: 768 });
    expect(drawingSize({ width: 16_000, height: 4 })).toEqual({ width: 1024, height: 1 });
  });
});
