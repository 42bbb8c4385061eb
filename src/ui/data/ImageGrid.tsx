// Thumbnails of one side, as a list box: arrows move the selection, Delete removes. Only what is in sight is drawn.
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { removeImages } from '../../state/actions/own';
import { selectImage } from '../../state/actions/view';
import type { ImageRecord } from '../../state/slices/data';
import { useApp } from '../../state/store';
import { useElementSize } from '../hooks/useElementSize';
import { Thumbnail } from './Thumbnail';
import { neighbourIndex, scrollToShow, visibleRows, type GridShape } from './virtualGrid';

const GAP = 4;
/** Room for the score below a thumbnail. */
const SCORE_LINE = 16;

interface Props {
  images: readonly ImageRecord[];
  columns: number;
  label: string;
  withScores?: boolean;
}

export function ImageGrid({ images, columns, label, withScores = false }: Props) {
  const [measure, { width, height }] = useElementSize<HTMLDivElement>();
  const box = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const id = useId();
  const selected = useApp((state) => state.data.selected);
  const at = images.findIndex((image) => image.id === selected);

  const cell = Math.max(8, (width - GAP * (columns - 1)) / columns);
  const grid: GridShape = {
    items: images.length,
    columns,
    rowHeight: cell + GAP + (withScores ? SCORE_LINE : 0),
  };
  const visible = visibleRows(grid, scrollTop, height);

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

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Delete' && at >= 0) return void removeImages([images[at]!.id]);
    // Everything else, Tab above all, goes its usual way.
    if (images.length === 0 || !/^(Arrow|Home|End)/.test(event.key)) return;
    const next = neighbourIndex(grid, Math.max(at, 0), event.key);
    event.preventDefault();
    event.stopPropagation();
    selectImage(images[next]!.id);
  };

  return (
    <div
      ref={(node) => {
        box.current = node;
        return measure(node);
      }}
      className={`image-grid ${withScores ? 'with-scores' : ''}`}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      {...(at >= visible.first && at < visible.end && { 'aria-activedescendant': `${id}-${at}` })}
      style={{ maxHeight: Math.max(44, visible.height) }}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
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
              withScore={withScores}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
