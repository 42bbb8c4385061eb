// The free brush: draw or erase, count, clear.
import { brush, clearBrush } from '../stage/actions';
import { getState, patch, useApp } from '../shell/store';
import { IconButton } from '../controls/IconButton';
import { plural } from '../controls/format';
import { offerUndo } from '../notices/actions';

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
