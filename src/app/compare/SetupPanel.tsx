// What a comparison runs: methods, ready-made variations, seeds; and the buttons that start, hold and end it.
import { aboutMethod, type MethodAbout, type MethodName } from '../../settings/methods';
import { PARAMS } from '../../settings/table';
import { isComparing } from './events';
import { choose, clearComparison } from './compareView';
import { MAX_SEEDS, plannedRuns } from './plan';
import type { Sweep } from './compareSlice';
import { useApp } from '../shell/store';
import { Segmented } from '../controls/Segmented';
import { HelpTip } from '../help/HelpTip';
import { RunControls } from './RunControls';
import { msg, t } from '../languages/texts';

const METHODS = PARAMS.method.options.map(({ value }) => value);
const GRIDS: readonly MethodName[] = ['grad', 'normal-grid', 'abnormal-grid'];

const COSTS: Record<MethodAbout['cost'], string> = {
  seconds: msg('fits at once'),
  trains: msg('trains'),
  'trains long': msg('trains long'),
};

const SWEEPS: readonly { value: Sweep; label: string; help: string }[] = [
  {
    value: 'controls',
    label: msg('Controls'),
    help: msg(
      'GRAD without stage 1 and with shuffled masks, and the normal grid with as many parameters: what GRAD has to beat.',
    ),
  },
  {
    value: 'grid-sizes',
    label: msg('Grid sizes'),
    help: msg('GRAD with five pairs of local and global grid sizes (R_l, R_g).'),
  },
  {
    value: 'lambda',
    label: msg('Lambda'),
    help: msg(
      'GRAD with the share of the normal grid fixed at 0.5 to 1 in six steps; output layers train on and absorb it.',
    ),
  },
  {
    value: 'shots',
    label: msg('Few images'),
    help: msg('The method in use, fitted to 1, 2, 4, 8, 16 and all training images; each seed draws others.'),
  },
];

const SEEDS = Array.from({ length: MAX_SEEDS }, (_, i) => ({ value: String(i + 1), label: String(i + 1) }));

export function SetupPanel() {
  const choice = useApp((state) => state.compare.choice);
  const busy = useApp(isComparing);
  const params = useApp((state) => state.params);
  const results = useApp((state) => state.compare.runs.length);
  const toggle = (method: MethodName) =>
    choose({
      methods: choice.methods.includes(method)
        ? choice.methods.filter((other) => other !== method)
        : [...choice.methods, method],
    });
  const toggleSweep = (sweep: Sweep) =>
    choose({
      sweeps: choice.sweeps.includes(sweep)
        ? choice.sweeps.filter((other) => other !== sweep)
        : [...choice.sweeps, sweep],
    });
  const runs = plannedRuns(choice, params).length;
  return (
    <section className="compare-setup" aria-label={t('What to compare')}>
      <fieldset className="method-chips" disabled={busy}>
        <legend className="panel-title">
          {t('Methods')} <HelpTip topic="comparedMethods" title={t('Compared methods')} />
        </legend>
        {METHODS.map((method) => (
          <MethodChip
            key={method}
            method={method}
            chosen={choice.methods.includes(method)}
            onToggle={() => toggle(method)}
          />
        ))}
      </fieldset>
      <fieldset className="ablations" disabled={busy}>
        <legend className="small muted">{t('Ready-made: what does each part do?')}</legend>
        <div className="row">
          <button
            type="button"
            className="button"
            title={t('GRAD, its normal grid alone, its abnormal grid alone, and their controls.')}
            onClick={() => choose({ methods: [...GRIDS], sweeps: ['controls'] })}
          >
            {t('Each grid')}
          </button>
          {SWEEPS.map(({ value, label, help }) => (
            <button
              key={value}
              type="button"
              className="button"
              title={t(help)}
              aria-pressed={choice.sweeps.includes(value)}
              onClick={() => toggleSweep(value)}
            >
              {t(label)}
            </button>
          ))}
        </div>
      </fieldset>
      <div className="row">
        <span>{t('Seeds')}</span>
        <HelpTip topic="comparedSeeds" title={t('Seeds of a comparison')} />
        <Segmented
          label={t('Seeds')}
          value={String(choice.seeds)}
          options={SEEDS}
          disabled={busy}
          onChange={(value) => choose({ seeds: Number(value) })}
        />
      </div>
      <RunControls runs={runs} />
      {results > 0 && !busy && (
        <button type="button" className="button link small" onClick={() => void clearComparison()}>
          {t('Clear the table ({results, plural, one {# run} other {# runs}})', { results })}
        </button>
      )}
    </section>
  );
}

function MethodChip({
  method,
  chosen,
  onToggle,
}: {
  method: MethodName;
  chosen: boolean;
  onToggle: () => void;
}) {
  const { name, year, line, cost, help } = aboutMethod(method);
  return (
    <label className="method-chip" title={t(help)}>
      <input type="checkbox" checked={chosen} onChange={onToggle} />
      <span className="method-chip-name">{t(name)}</span>
      <span className="small muted">{year}</span>
      <span className={`cost small ${cost === 'trains long' ? 'long' : ''}`}>{t(COSTS[cost])}</span>
      <span className="method-chip-line small muted clip">{t(line)}</span>
    </label>
  );
}
