// The pasted block on the image: its cells outlined, and a handle that pointer, finger and arrow keys move.
import { useMemo } from 'react';
import { blockMask } from '../../lib/methods/grad/blocks';
import { blockOf } from './liveViewRequest';
import { useApp } from '../shell/store';
import { useShallow } from 'zustand/react/shallow';
import { BlockHandle, SizeHandle } from './BlockHandle';
import { cellsPath, outlinePath } from './outline';
import { useBlockDrag } from './useBlockDrag';
import type { Rect } from './zoom';

export function BlockLayer({ rect }: { rect: Rect }) {
  const features = useApp((state) => state.engine.features);
  const block = useApp(useShallow(blockOf));
  const [width, height] = [features?.width ?? 1, features?.height ?? 1];
  const mask = useMemo(() => (block ? blockMask(block, height, width) : null), [block, height, width]);
  const drag = useBlockDrag(rect, width, height);
  if (!block || !mask || !features) return null;
  const outline = outlinePath(mask, width, height);
  const drawn = block.shape === 'brush';
  return (
    <>
      <svg
        className="block-outline"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {!drawn && <path className="block-cells" data-block d={cellsPath(mask, width)} {...drag.body} />}
        <path className="outline-casing" d={outline} />
        <path className="outline-line" d={outline} />
      </svg>
      <BlockHandle block={block} width={width} height={height} drag={drag.body} />
      {!drawn && <SizeHandle block={block} width={width} height={height} drag={drag.corner} />}
    </>
  );
}
