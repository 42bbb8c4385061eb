// The handles of the block. The one in the middle moves it by arrow keys, with Shift by five cells; plus and minus change
// its size, Page Up and Page Down its intensity. With the free brush it is the keyboard's pen and not for the pointer, which
// draws: Space or Enter sets or wipes what it stands on. The one at the corner is for the pointer alone.
import type { KeyboardEvent, ReactNode } from 'react';
import type { Block } from '../../engine/api/types';
import { ruleOfRow } from '../../settings/lesson';
import { PARAMS } from '../../settings/table';
import { moveBlock } from './actions';
import type { ImageCells } from './cells';
import { beginStroke, paint, thick, useBrush } from '../block/brush';
import { scaleIntensity, setAngle, setSize } from '../block/intensity';
import { getState, useApp } from '../shell/store';
import { Icon } from '../controls/Icon';
import type { useBlockDrag } from './useBlockDrag';
import { t } from '../languages/texts';

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAR = 5;

/** One key's step of the intensity: nine of them make it eight times as strong. */
const STRONGER = 1.26;

/** What a key does to the block besides moving it. */
const CHANGES: Record<string, () => void> = {
  '+': () => setSize(getState().params.fbpSize + 1),
  '=': () => setSize(getState().params.fbpSize + 1),
  '-': () => setSize(getState().params.fbpSize - 1),
  '.': () => setAngle(getState().params.fbpAngle + PARAMS.fbpAngle.step),
  ',': () => setAngle(getState().params.fbpAngle - PARAMS.fbpAngle.step),
  PageUp: () => scaleIntensity(STRONGER),
  PageDown: () => scaleIntensity(1 / STRONGER),
};

interface Props {
  block: Block;
  cells: ImageCells;
  drag: ReturnType<typeof useBlockDrag>['body' | 'corner' | 'turn'];
}

export function BlockHandle({ block, cells, drag }: Props): ReactNode {
  const { width, height, across, down } = cells;
  const pen = block.shape === 'brush';
  const locked = useApp((state) => ruleOfRow(state.view.lesson, 'fbpX') !== 'open');
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const far = event.shiftKey ? FAR : 1;
    if (step) moveBlock(step[0] * far, step[1] * far);
    else if (!pen && CHANGES[event.key]) CHANGES[event.key]!();
    else if (pen && (event.key === ' ' || event.key === 'Enter')) toggle(block.y * width + block.x, cells);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const where = t('column {x} of {width}, row {y} of {height}', {
    x: block.x + 1,
    width,
    y: block.y + 1,
    height,
  });
  return (
    <button
      type="button"
      className={`block-handle ${pen ? 'pen' : ''}`}
      data-block
      data-block-handle
      disabled={locked}
      aria-label={t('{what}, {where}. Arrow keys move it, {what2}.', {
        what: pen ? t('Brush') : t('Pasted block'),
        where,
        what2: pen
          ? t('Space draws')
          : t(
              'plus and minus size it, comma and full stop turn it, Page Up and Down make it stronger and weaker',
            ),
      })}
      aria-roledescription={t('movable block')}
      style={{ left: `${((block.x + 0.5) / across) * 100}%`, top: `${((block.y + 0.5) / down) * 100}%` }}
      onKeyDown={onKeyDown}
      {...(!pen && drag)}
    >
      <Icon name={pen ? 'brush' : 'move'} />
    </button>
  );
}

/** At the lower right corner of the block's square. */
export function SizeHandle({ block, cells, drag }: Props): ReactNode {
  const locked = useApp((state) => ruleOfRow(state.view.lesson, 'fbpSize') !== 'open');
  if (locked) return null;
  const side = block.size + 1;
  const left = `${Math.min(1, (block.x + side) / cells.across) * 100}%`;
  const top = `${Math.min(1, (block.y + side) / cells.down) * 100}%`;
  return <span className="block-corner" data-block style={{ left, top }} aria-hidden="true" {...drag} />;
}

/** Beyond the upper right corner of the block's square, turned with it. */
export function TurnHandle({ block, cells, drag }: Props): ReactNode {
  const locked = useApp((state) => ruleOfRow(state.view.lesson, 'fbpAngle') !== 'open');
  const angle = useApp((state) => state.params.fbpAngle);
  if (locked || block.shape === 'disc') return null;
  const way = ((angle - 45) * Math.PI) / 180;
  const reach = (block.size + 1) * Math.SQRT2;
  const inside = (value: number) => Math.min(1, Math.max(0, value)) * 100;
  const left = `${inside((block.x + 0.5 + reach * Math.cos(way)) / cells.across)}%`;
  const top = `${inside((block.y + 0.5 + reach * Math.sin(way)) / cells.down)}%`;
  return (
    <span
      className="block-corner turn"
      data-block
      data-testid="turn-block"
      style={{ left, top }}
      aria-hidden="true"
      {...drag}
    />
  );
}

/** Draws with the brush's size around a cell, or wipes there where the cell is drawn. */
function toggle(cell: number, { width, height }: ImageCells): void {
  const drawn = getState().view.brush.includes(cell);
  beginStroke();
  paint(thick([cell], useBrush.getState().radius, width, height), drawn);
}
