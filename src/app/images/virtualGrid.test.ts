// The thumbnails' layout arithmetic.
import { describe, expect, it } from 'vitest';
import { neighbourIndex, scrollToShow, visibleRows } from './virtualGrid';

const grid = { items: 3000, columns: 4, rowHeight: 50 };

describe('a grid of 3,000 thumbnails', () => {
  it('draws only what is in sight and a margin', () => {
    const { first, end, offset, height } = visibleRows(grid, 1000, 200);
    expect([first, end, offset, height]).toEqual([72, 104, 900, 37_500]);
  });

  it('draws nothing outside its items, however far it is scrolled', () => {
    expect(visibleRows({ ...grid, items: 5 }, 10_000, 200)).toMatchObject({ first: 5, end: 5 });
    expect(visibleRows({ ...grid, items: 0 }, 0, 200)).toEqual({ height: 0, first: 0, end: 0, offset: 0 });
  });

  it('scrolls just far enough to show an item', () => {
    expect(scrollToShow(grid, 0, 500, 200)).toBe(0);
    expect(scrollToShow(grid, 40, 500, 200)).toBe(500);
    expect(scrollToShow(grid, 56, 500, 200)).toBe(550);
  });

  it('moves by keys and stops at the ends', () => {
    expect(neighbourIndex(grid, 5, 'ArrowDown')).toBe(9);
    expect(neighbourIndex(grid, 2, 'ArrowUp')).toBe(0);
    expect(neighbourIndex(grid, 2999, 'ArrowRight')).toBe(2999);
    expect(neighbourIndex(grid, 5, 'End')).toBe(2999);
    expect(neighbourIndex(grid, 5, 'x')).toBe(5);
  });
});
