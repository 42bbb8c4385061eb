// Feature Block Paste by hand: shape, size, intensity, position of the synthetic anomaly.
import { setParam } from '../settings/actions';
import { looksAtPixels } from '../../settings/methods';
import { methodInUse } from '../shell/selectors';
import { useApp } from '../shell/store';
import { ParamControl } from '../controls/ParamControl';
import { Segmented } from '../controls/Segmented';
import { Switch } from '../controls/Switch';
import { LockLine } from '../lesson/LockLine';
import { Row } from '../lesson/Row';
import { HelpTip } from '../help/HelpTip';
import { BrushTools } from './BrushTools';
import { PositionBoxes } from './PositionBoxes';
import { WalkTools } from './WalkTools';

const SHAPES = [
  { value: 'walk', label: 'Walk' },
  { value: 'disc', label: 'Disc' },
  { value: 'square', label: 'Square' },
  { value: 'line', label: 'Line' },
  { value: 'brush', label: 'Draw' },
] as const;

export function BlockPanel() {
  const on = useApp((state) => state.params.fbpOn);
  const shape = useApp((state) => state.params.fbpShape);
  const pixels = useApp((state) => looksAtPixels(methodInUse(state)));
  const live = useApp((state) => state.engine.status === 'ready');
  return (
    <section className="panel" aria-label="Feature block paste">
      <div className="panel-head">
        <h2 className="panel-title">Paste a defect</h2>
        <HelpTip topic="pasting" title="Feature Block Paste" />
        <LockLine />
        <span className="spring" />
        <Row name="fbpOn">
          <Switch checked={on} onChange={(value) => setParam('fbpOn', value)}>
            <span className="visually-hidden">Paste a block</span>
            <span aria-hidden="true">{on ? 'on' : 'off'}</span>
          </Switch>
        </Row>
      </div>
      {pixels && (
        <p className="small muted">This method looks at the pixels; there are no features to paste into.</p>
      )}
      {!live && on && <p className="small muted">Needs the engine; see above the image.</p>}
      <Row name="fbpShape">
        <div className="row">
          <Segmented label="Shape" value={shape} options={SHAPES} onChange={(value) => setShape(value)} />
          <HelpTip topic="fbpShape" title="Shape" symbol="M" />
        </div>
      </Row>
      {shape === 'brush' ? <BrushTools /> : <ParamControl name="fbpSize" />}
      <ParamControl name="fbpIntensity" />
      <PositionBoxes />
      {(shape === 'walk' || shape === 'line') && <WalkTools shape={shape} />}
    </section>
  );
}

/** Choosing a shape is wanting to see it. */
function setShape(shape: (typeof SHAPES)[number]['value']): void {
  setParam('fbpShape', shape);
  setParam('fbpOn', true);
}
