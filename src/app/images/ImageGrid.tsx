// Thumbnails of one side, as a list box: arrows and clicks show an image, with Shift or Ctrl they pick several, Delete
// removes. Only what is in sight is drawn.
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ImageRecord } from './dataSlice';
import { useApp } from '../shell/store';
import { useElementSize } from '../hooks/useElementSize';
import { Thumbnail } from './Thumbnail';
import { usePicking } from './usePicking';
import { scrollToShow, visibleRows, type GridShape } from './virtualGrid';

const GAP = 4;
/** Room for the score below a thumbnail. */
const SCORE_LINE = 16;

interface Props {
  images: readonly ImageRecord[];
  columns: number;
  label: string;
  withScores?: boolean;
  /** Images that are expected while none are there yet: room is kept for them, so that nothing jumps. */
  expected?: number;
}

export function ImageGrid({ images, columns, label, withScores = false, expected = 0 }: Props) {
  const [measure, { width, height }] = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const id = useId();
  const selected = useApp((state) => state.data.selected);
  const marked = useApp((state) => state.data.marked);
  const isMarked = useMemo(() => new Set(marked), [marked]);
  const at = images.findIndex((image) => image.id === selected);

  const cell = Math.max(8, (width - GAP * (columns - 1)) / columns);
  const grid: GridShape = {
    items: images.length,
    columns,
    rowHeight: cell + GAP + (withScores ? SCORE_LINE : 0),
  };
  const visible = visibleRows(grid, scrollTop, height);
  const room = images.length > 0 ? visible.height : Math.ceil(expected / columns) * grid.rowHeight;

  const show = (index: number) => {
    if (!box.current || index < 0) return;
    box.current.scrollTop = scrollToShow(grid, index, box.current.scrollTop, height);
  };
  const showSelected = useRef(show);
  useLayoutEffect(() => {
    showSelected.current = show;
  });
  // Also when the grid is first laid out: before that, no row has a height.
  useEffect(() => showSelected.current(at), [at, height, cell]);

  const picking = usePicking(images, grid, at);

  return (
    <div
      ref={(node) => {
        box.current = node;
        return measure(node);
      }}
      className={`image-grid ${withScores ? 'with-scores' : ''}`}
      role="listbox"
      aria-label={label}
      aria-multiselectable
      tabIndex={0}
      {...(at >= visible.first && at < visible.end && { 'aria-activedescendant': `${id}-${at}` })}
      style={{ maxHeight: Math.max(44, room) }}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      {...picking}
    >
      <div className="image-grid-rows" role="presentation" style={{ height: visible.height }}>
        <div
          className="image-grid-window"
          role="presentation"
          style={{
            transform: `translateY(${visible.offset}px)`,
            gridTemplateColumns: `repeat(${columns}, ${cell}px)`,
            gridAutoRows: grid.rowHeight - GAP,
          }}
        >
          {images.slice(visible.first, visible.end).map((image, offset) => (
            <Thumbnail
              key={image.id}
              image={image}
              domId={`${id}-${visible.first + offset}`}
              position={visible.first + offset + 1}
              count={images.length}
              size={cell}
              selected={image.id === selected}
              marked={isMarked.has(image.id)}
              withScore={withScores}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
