// The pasted block on the image: its cells outlined, and a handle that pointer, finger and arrow keys move. Loaded when a
// block is first pasted.
import { useEffect, useMemo } from 'react';
import { blockMask } from '../../lib/methods/grad/blocks';
import { useBrush } from '../block/brush';
import { redo, undo } from '../block/strokes';
import { cellsOf } from './cells';
import { blockOf } from './liveViewRequest';
import { useApp } from '../shell/store';
import { useShallow } from 'zustand/react/shallow';
import { BlockHandle, SizeHandle, TurnHandle } from './BlockHandle';
import { cellsPath, outlinePath } from './outline';
import { useBlockDrag } from './useBlockDrag';
import type { Rect } from './zoom';

export default function BlockLayer({ rect }: { rect: Rect }) {
  const cells = useApp(useShallow(cellsOf));
  const block = useApp(useShallow(blockOf));
  const { width, height, across, down } = cells ?? { width: 1, height: 1, across: 1, down: 1 };
  const mask = useMemo(() => (block ? blockMask(block, height, width) : null), [block, height, width]);
  const drag = useBlockDrag(rect, across, down);
  const drawn = block?.shape === 'brush';
  useUndoKeys(drawn);
  if (!block || !mask || !cells) return null;
  const outline = outlinePath(mask, width, height);
  return (
    <>
      <svg
        className="block-outline"
        viewBox={`0 0 ${across} ${down}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {!drawn && <path className="block-cells" data-block d={cellsPath(mask, width)} {...drag.body} />}
        <path className="outline-casing" d={outline} />
        <path className="outline-line" d={outline} />
        {drawn && <BrushRing across={across} down={down} />}
      </svg>
      <BlockHandle block={block} cells={cells} drag={drag.body} />
      {!drawn && <SizeHandle block={block} cells={cells} drag={drag.corner} />}
      {!drawn && <TurnHandle block={block} cells={cells} drag={drag.turn} />}
    </>
  );
}

/** How much the brush covers where the pointer is. */
function BrushRing({ across, down }: { across: number; down: number }) {
  const at = useApp((state) => state.view.reading);
  const radius = useBrush((state) => state.radius);
  if (!at) return null;
  const [x, y] = [Math.floor(at.x * across) + 0.5, Math.floor(at.y * down) + 0.5];
  return <circle className="brush-ring" cx={x} cy={y} r={radius + 0.5} />;
}

const TYPING =
  'input:not([type=range]):not([type=radio]):not([type=checkbox]), select, textarea, dialog *, .mask-sheet';

/** Ctrl+Z and Ctrl+Shift+Z or Ctrl+Y, wherever nothing is typed, as long as the brush is in use. */
function useUndoKeys(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const { ctrlKey, metaKey, altKey, shiftKey, target } = event;
      if ((!ctrlKey && !metaKey) || altKey || event.defaultPrevented) return;
      if (target instanceof Element && target.matches(TYPING)) return;
      const key = event.key.toLowerCase();
      const forth = key === 'y' || (key === 'z' && shiftKey);
      if (!forth && key !== 'z') return;
      if (forth ? redo() : undo()) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [on]);
}
