// The free brush: draw or erase, count, clear.
import { brush, clearBrush } from '../../state/actions/view';
import { getState, patch, useApp } from '../../state/store';
import { IconButton } from '../controls/IconButton';
import { plural } from '../format';
import { offerUndo } from '../../state/actions/notices';

export function BrushTools() {
  const erasing = useApp((state) => state.view.erasing);
  const count = useApp((state) => state.view.brush.length);
  return (
    <div className="row" role="group" aria-label="Free brush">
      <p className="small muted">
        {count === 0 ? 'Draw on the image; Shift erases.' : plural(count, 'cell') + ' drawn'}
      </p>
      <span className="spring" />
      <IconButton
        icon="eraser"
        label="Erase instead of drawing"
        quiet={false}
        aria-pressed={erasing}
        onClick={() => patch('view', { erasing: !erasing })}
      />
      <IconButton
        icon="trash"
        label="Clear the drawing"
        quiet={false}
        disabled={count === 0}
        onClick={clear}
      />
    </div>
  );
}

function clear(): void {
  const cells = getState().view.brush;
  clearBrush();
  offerUndo('Drawing cleared.', () => brush(cells, false));
}
