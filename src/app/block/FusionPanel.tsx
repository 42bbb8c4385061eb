// How both branches are added, live: w or lambda with the trained value marked, and refinement.
import { isGridMethod, isRelevant } from '../../settings/methods';
import { setParam } from '../settings/actions';
import { setFusionValue } from '../stage/actions';
import { fusionValue, methodInUse } from '../shell/selectors';
import { useApp } from '../shell/store';
import { NumberBox } from '../controls/NumberBox';
import { Range } from '../controls/Range';
import { ResetButton } from '../controls/ResetButton';
import { Switch } from '../controls/Switch';
import { LockMark, Row } from '../lesson/Lock';
import { HelpTip } from '../help/HelpTip';
import { t } from '../languages/texts';

/** w moves around its trained value, lambda is a share. */
const ROWS = {
  w: { min: -2, max: 2, step: 0.01 },
  lambda: { min: 0, max: 1, step: 0.01 },
};

export function FusionPanel() {
  const kind = useApp((state) => state.model.params?.fusion ?? state.params.fusion);
  const method = useApp(methodInUse);
  const both = method === 'grad';
  const value = useApp((state) => (both ? fusionValue(state) : null));
  const trained = useApp((state) => state.model.fusionValue);
  const own = useApp((state) => state.view.fusionValue !== null);
  const live = useApp((state) => state.engine.status === 'ready');
  const refine = useApp((state) => state.params.refine);
  const row = ROWS[kind];
  const disabled = value === null || !both || !live;
  // Back on the mark is back to the trained value, to its last digit.
  const set = (next: number) =>
    setFusionValue(trained !== null && Math.abs(next - trained) < row.step / 2 ? null : next);
  return (
    <section className="panel" aria-label={t('Fusion')}>
      <div className="param">
        <span className="param-name">
          <h2 className="panel-title">
            <HelpTip topic="fusionValue" title={t('Fusion')} symbol={kind === 'w' ? 'w' : 'λ'} ofControl>
              {t('Fusion')}
            </HelpTip>
          </h2>
          <LockMark />
        </span>
        <NumberBox
          label={t('Fusion {kind}, number', { kind })}
          value={value ?? 0}
          {...row}
          disabled={disabled}
          onChange={set}
        />
        <span className="param-unit">{kind === 'w' ? 'w' : 'lambda'}</span>
        <ResetButton name="fusion" visible={own} onReset={() => setFusionValue(null)} />
        <Range
          label={t('Fusion')}
          row={row}
          value={value ?? 0}
          home={trained}
          disabled={disabled}
          onChange={set}
        />
      </div>
      <div className="row">
        <span className="small muted">
          {!both
            ? isGridMethod(method)
              ? t('This method has one grid; nothing to fuse.')
              : t('This method has no grids; nothing to fuse.')
            : trained === null
              ? t('Known after training.')
              : own
                ? t('Not trained for this value ({trained}).', { trained: trained.toFixed(2) })
                : t('Trained value {trained}.', { trained: trained.toFixed(2) })}
        </span>
        <span className="spring" />
        <Row name="refine">
          <HelpTip topic="refine" title={t('Refinement')} ofControl>
            {t('Refinement')}
          </HelpTip>
          <Switch
            label={t('Refinement')}
            checked={refine}
            disabled={!isRelevant('refine', { method })}
            onChange={(on) => setParam('refine', on)}
          />
        </Row>
      </div>
    </section>
  );
}
