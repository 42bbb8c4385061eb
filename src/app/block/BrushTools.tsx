// The free brush: its size, draw or erase, the way back and forth, clear.
import { useId } from 'react';
import { IconButton } from '../controls/IconButton';
import { Range } from '../controls/Range';
import { patch, useApp } from '../shell/store';
import { RADIUS, useBrush } from './brush';
import { clearBrush, redo, setRadius, undo } from './strokes';
import { t } from '../languages/texts';

export default function BrushTools() {
  const id = useId();
  const erasing = useApp((state) => state.view.erasing);
  const count = useApp((state) => state.view.brush.length);
  const radius = useBrush((state) => state.radius);
  const back = useBrush((state) => state.past.length > 0);
  const forth = useBrush((state) => state.future.length > 0);
  const side = 2 * radius + 1;
  return (
    <div className="brush-tools" role="group" aria-label={t('Free brush')}>
      <div className="row">
        <label htmlFor={id}>{t('Brush')}</label>
        <Range
          id={id}
          row={RADIUS}
          value={radius}
          home={RADIUS.default}
          unit={t('cells beyond the one under the pointer')}
          onChange={setRadius}
        />
        <span className="small muted no-wrap">{side === 1 ? t('1 cell') : t('{side} cells', { side })}</span>
      </div>
      <div className="row">
        <p className="small muted">
          {count === 0
            ? t('Draw on the image; Shift erases.')
            : t('{count, plural, one {# cell} other {# cells}} drawn', { count })}
        </p>
        <span className="spring" />
        <IconButton
          icon="eraser"
          label={t('Erase instead of drawing')}
          quiet={false}
          aria-pressed={erasing}
          onClick={() => patch('view', { erasing: !erasing })}
        />
        <IconButton
          icon="undo"
          label={t('Undo the last stroke (Ctrl+Z)')}
          quiet={false}
          disabled={!back}
          onClick={undo}
        />
        <IconButton
          icon="redo"
          label={t('Redo the stroke (Ctrl+Shift+Z)')}
          quiet={false}
          disabled={!forth}
          onClick={redo}
        />
        <IconButton
          icon="trash"
          label={t('Clear the drawing')}
          quiet={false}
          disabled={count === 0}
          onClick={clearBrush}
        />
      </div>
    </div>
  );
}
