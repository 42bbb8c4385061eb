// The handle in the middle of the block. Arrow keys move it, with Shift by five cells; with the free brush it is the
// keyboard's pen: Space or Enter sets or wipes the cell it stands on.
import type { KeyboardEvent, ReactNode } from 'react';
import type { Block } from '../../engine/api/types';
import { ruleOfRow } from '../../settings/lesson';
import { brush, moveBlock } from './actions';
import type { ImageCells } from './cells';
import { getState, useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import type { useBlockDrag } from './useBlockDrag';

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAR = 5;

interface Props {
  block: Block;
  cells: ImageCells;
  drag: ReturnType<typeof useBlockDrag>;
}

export function BlockHandle({ block, cells, drag }: Props): ReactNode {
  const { width, height, across, down } = cells;
  const pen = block.shape === 'brush';
  const locked = useApp((state) => ruleOfRow(state.view.lesson, 'fbpX') !== 'open');
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const far = event.shiftKey ? FAR : 1;
    if (step) moveBlock(step[0] * far, step[1] * far);
    else if (pen && (event.key === ' ' || event.key === 'Enter')) toggleCell(block.y * width + block.x);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const where = `column ${block.x + 1} of ${width}, row ${block.y + 1} of ${height}`;
  return (
    <button
      type="button"
      className={`block-handle ${pen ? 'pen' : ''}`}
      data-block-handle
      disabled={locked}
      aria-label={`${pen ? 'Brush' : 'Pasted block'}, ${where}. Arrow keys move it${pen ? ', Space draws' : ''}.`}
      aria-roledescription="movable block"
      style={{ left: `${((block.x + 0.5) / across) * 100}%`, top: `${((block.y + 0.5) / down) * 100}%` }}
      onKeyDown={onKeyDown}
      {...(!pen && drag)}
    >
      <Icon name="move" />
    </button>
  );
}

function toggleCell(cell: number): void {
  brush([cell], getState().view.brush.includes(cell));
}
