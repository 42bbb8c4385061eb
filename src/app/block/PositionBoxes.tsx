// Where the block lies, as numbers: for those who do not drag, and to read off.
import { ruleOfRow } from '../../settings/lesson';
import { placeBlock } from '../stage/actions';
import { useApp } from '../shell/store';
import { NumberBox } from '../controls/NumberBox';
import { Row } from '../lesson/Row';
import { HelpTip } from '../help/HelpTip';

export function PositionBoxes() {
  const x = useApp((state) => state.params.fbpX);
  const y = useApp((state) => state.params.fbpY);
  const width = useApp((state) => state.engine.features?.width ?? 16);
  const height = useApp((state) => state.engine.features?.height ?? 16);
  const box = (label: string, value: number, size: number, set: (value: number) => void) => (
    <label className="row">
      <span className="muted">{label}</span>
      <NumberBox value={Math.min(value, size - 1)} min={0} max={size - 1} step={1} onChange={set} />
    </label>
  );
  const lesson = useApp((state) => state.view.lesson);
  if (ruleOfRow(lesson, 'fbpX') === 'hidden' && ruleOfRow(lesson, 'fbpY') === 'hidden') return null;
  return (
    <div className="row" role="group" aria-label="Position of the block, in cells">
      <span className="param-name">
        Position <HelpTip topic="fbpX" title="Position" symbol="P" />
      </span>
      <span className="spring" />
      <Row name="fbpX">{box('x', x, width, (value) => placeBlock(value, y))}</Row>
      <Row name="fbpY">{box('y', y, height, (value) => placeBlock(x, value))}</Row>
    </div>
  );
}
