// Which rows of a long grid of equal cells are in sight. Pure layout arithmetic: 3,000 thumbnails cost as much as
// the forty on screen.

export interface GridShape {
  items: number;
  columns: number;
  /** Distance from the top of one row to the next, in pixels. */
  rowHeight: number;
}

export interface VisibleRows {
  /** Height of all rows together. */
  height: number;
  /** First and one past the last item to draw. */
  first: number;
  end: number;
  /** Where the first drawn row begins. */
  offset: number;
}

/** Rows drawn beyond either edge, so that scrolling does not show gaps. */
const MARGIN_ROWS = 2;

export function visibleRows(grid: GridShape, scrollTop: number, viewHeight: number): VisibleRows {
  const rows = Math.ceil(grid.items / grid.columns);
  const firstRow = clamp(Math.floor(scrollTop / grid.rowHeight) - MARGIN_ROWS, 0, rows);
  const endRow = clamp(Math.ceil((scrollTop + viewHeight) / grid.rowHeight) + MARGIN_ROWS, firstRow, rows);
  return {
    height: rows * grid.rowHeight,
    first: Math.min(firstRow * grid.columns, grid.items),
    end: Math.min(endRow * grid.columns, grid.items),
    offset: firstRow * grid.rowHeight,
  };
}

/** The scroll position nearest to the present one that shows an item whole. */
export function scrollToShow(grid: GridShape, index: number, scrollTop: number, viewHeight: number): number {
  const top = Math.floor(index / grid.columns) * grid.rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + grid.rowHeight - viewHeight);
}

/** The item a key leads to from another; the same one for other keys. */
export function neighbourIndex(grid: GridShape, index: number, key: string): number {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -grid.columns,
    ArrowDown: grid.columns,
    Home: -grid.items,
    End: grid.items,
  };
  return clamp(index + (steps[key] ?? 0), 0, grid.items - 1);
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
