// The pasted block on the image: its cells outlined, and a handle that pointer, finger and arrow keys move. Loaded when a
// block is first pasted.
import { useMemo } from 'react';
import { blockMask } from '../../lib/methods/grad/blocks';
import { cellsOf } from './cells';
import { blockOf } from './liveViewRequest';
import { useApp } from '../shell/store';
import { useShallow } from 'zustand/react/shallow';
import { BlockHandle, SizeHandle } from './BlockHandle';
import { cellsPath, outlinePath } from './outline';
import { useBlockDrag } from './useBlockDrag';
import type { Rect } from './zoom';

export default function BlockLayer({ rect }: { rect: Rect }) {
  const cells = useApp(useShallow(cellsOf));
  const block = useApp(useShallow(blockOf));
  const { width, height, across, down } = cells ?? { width: 1, height: 1, across: 1, down: 1 };
  const mask = useMemo(() => (block ? blockMask(block, height, width) : null), [block, height, width]);
  const drag = useBlockDrag(rect, across, down);
  if (!block || !mask || !cells) return null;
  const outline = outlinePath(mask, width, height);
  const drawn = block.shape === 'brush';
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
      </svg>
      <BlockHandle block={block} cells={cells} drag={drag.body} />
      {!drawn && <SizeHandle block={block} cells={cells} drag={drag.corner} />}
    </>
  );
}
