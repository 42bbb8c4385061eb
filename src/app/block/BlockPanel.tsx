// Feature Block Paste by hand: shape, size, intensity, position of the synthetic anomaly.
import { lazy, Suspense, useState } from 'react';
import { PARAMS } from '../../settings/table';
import { setParam } from '../settings/actions';
import { looksAtPixels } from '../../settings/methods';
import { methodInUse } from '../shell/selectors';
import { useApp } from '../shell/store';
import { NumberControl } from '../controls/ParamControl';
import { Segmented } from '../controls/Segmented';
import { Switch } from '../controls/Switch';
import { LockLine, Row } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { IntensityControl } from './IntensityControl';
import { setAngle, setSize } from './intensity';
import { WalkTools } from './WalkTools';
import { ruleOfRow } from '../../settings/lesson';
import { placeBlock } from '../stage/actions';
import { cellsOf } from '../stage/cells';
import { NumberBox } from '../controls/NumberBox';
import { msg, t } from '../languages/texts';

const BrushTools = lazy(() => import('./BrushTools'));
const FaintChart = lazy(() => import('./FaintChart'));
const PixelFault = lazy(() => import('./PixelFault'));

const SHAPES = [
  { value: 'walk', label: msg('Walk') },
  { value: 'disc', label: msg('Disc') },
  { value: 'square', label: msg('Square') },
  { value: 'line', label: msg('Line') },
  { value: 'brush', label: msg('Draw') },
] as const;

export function BlockPanel() {
  const on = useApp((state) => state.params.fbpOn);
  const shape = useApp((state) => state.params.fbpShape);
  const pixels = useApp((state) => looksAtPixels(methodInUse(state)));
  const live = useApp((state) => state.engine.status === 'ready');
  return (
    <section className="panel" aria-label={t('Feature block paste')}>
      <div className="panel-head">
        <h2 className="panel-title">
          <HelpTip topic="pasting" title={t('Feature Block Paste')}>
            {t('Paste a defect')}
          </HelpTip>
        </h2>
        <LockLine />
        <span className="spring" />
        <Row name="fbpOn">
          <Switch checked={on} onChange={(value) => setParam('fbpOn', value)}>
            <span className="visually-hidden">{t('Paste a block')}</span>
            <span aria-hidden="true">{!on ? t('off') : live ? t('on') : t('waits')}</span>
          </Switch>
        </Row>
      </div>
      {pixels && (
        <p className="small muted">
          {t('This method looks at the pixels; there are no features to paste into.')}
        </p>
      )}
      {!live && on && <p className="small muted">{t('Needs the engine; see above the image.')}</p>}
      <Row name="fbpShape">
        <div className="row">
          <Segmented
            label={t('Shape')}
            value={shape}
            options={SHAPES}
            onChange={(value) => setShape(value)}
          />
          <HelpTip topic="fbpShape" title={t('Shape')} symbol="M" ofControl />
        </div>
      </Row>
      <Suspense>{shape === 'brush' ? <BrushTools /> : <SizeControl />}</Suspense>
      <IntensityControl />
      {shape !== 'brush' && <PositionBoxes turns={shape !== 'disc'} />}
      {(shape === 'walk' || shape === 'line') && <WalkTools shape={shape} />}
      {!pixels && <Extras pixel={shape !== 'brush'} />}
    </section>
  );
}

/** What most do without: loaded, and at work, while it is open. */
function Extras({ pixel }: { pixel: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="block-extras" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{pixel ? t('How faint can it see, and in the pixels?') : t('How faint can it see?')}</summary>
      <Suspense>
        {open && <FaintChart />}
        {open && pixel && <PixelFault />}
      </Suspense>
    </details>
  );
}

/** The half width, and beside it the side that one sees. */
function SizeControl() {
  const side = 2 * useApp((state) => state.params.fbpSize) + 1;
  const spec = { ...PARAMS.fbpSize, unit: t('{side} × {side} cells', { side }) };
  return (
    <Row name="fbpSize">
      <NumberControl name="fbpSize" spec={spec} onSet={setSize} />
    </Row>
  );
}

/** Choosing a shape is wanting to see it. */
function setShape(shape: (typeof SHAPES)[number]['value']): void {
  setParam('fbpShape', shape);
  setParam('fbpOn', true);
}

const setAngleExactly = (degrees: number) => setAngle(degrees, 1);

/** Where the block lies, as numbers: for those who do not drag, and to read off. */
function PositionBoxes({ turns }: { turns: boolean }) {
  const angle = useApp((state) => state.params.fbpAngle);
  const x = useApp((state) => state.params.fbpX);
  const y = useApp((state) => state.params.fbpY);
  const width = useApp((state) => cellsOf(state)?.width ?? 16);
  const height = useApp((state) => cellsOf(state)?.height ?? 16);
  const box = (label: string, value: number, size: number, set: (value: number) => void) => (
    <label className="row">
      <span className="muted">{label}</span>
      <NumberBox value={Math.min(value, size - 1)} min={0} max={size - 1} step={1} onChange={set} />
    </label>
  );
  const lesson = useApp((state) => state.view.lesson);
  if (ruleOfRow(lesson, 'fbpX') === 'hidden' && ruleOfRow(lesson, 'fbpY') === 'hidden') return null;
  return (
    <div
      className="row position"
      role="group"
      aria-label={t('Position of the block, in cells, and its angle')}
    >
      <span className="param-name">
        <HelpTip topic="fbpX" title={t('Position')} symbol="P" ofControl>
          {t('Position')}
        </HelpTip>
      </span>
      <span className="spring" />
      <Row name="fbpX">{box('x', x, width, (value) => placeBlock(value, y))}</Row>
      <Row name="fbpY">{box('y', y, height, (value) => placeBlock(x, value))}</Row>
      {turns && (
        <Row name="fbpAngle">
          <label className="row">
            <span className="muted" aria-hidden="true">
              ∠
            </span>
            <span className="visually-hidden">{t('Angle, degrees')}</span>
            <NumberBox
              value={angle}
              min={PARAMS.fbpAngle.min}
              max={PARAMS.fbpAngle.max}
              step={PARAMS.fbpAngle.step}
              onChange={setAngleExactly}
            />
          </label>
        </Row>
      )}
    </div>
  );
}
