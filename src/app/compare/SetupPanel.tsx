// What a comparison runs: methods, ready-made variations, seeds; and the buttons that start, hold and end it.
import { aboutMethod, type MethodAbout, type MethodName } from '../../settings/methods';
import { PARAMS } from '../../settings/table';
import { isComparing } from './events';
import { choose, clearComparison } from './compareView';
import { MAX_SEEDS, plannedRuns } from './plan';
import type { Sweep } from './compareSlice';
import { useApp } from '../shell/store';
import { Segmented } from '../controls/Segmented';
import { plural } from '../controls/format';
import { HelpTip } from '../help/HelpTip';
import { RunControls } from './RunControls';

const METHODS = PARAMS.method.options.map(({ value }) => value);
const GRIDS: readonly MethodName[] = ['grad', 'normal-grid', 'abnormal-grid'];

const COSTS: Record<MethodAbout['cost'], string> = {
  seconds: 'fits at once',
  trains: 'trains',
  'trains long': 'trains long',
};

const SWEEPS: readonly { value: Sweep; label: string; help: string }[] = [
  {
    value: 'controls',
    label: 'Controls',
    help: 'GRAD without stage 1 and with shuffled masks, and the normal grid with as many parameters: what GRAD has to beat.',
  },
  {
    value: 'grid-sizes',
    label: 'Grid sizes',
    help: 'GRAD with five pairs of local and global grid sizes (R_l, R_g).',
  },
  {
    value: 'lambda',
    label: 'Lambda',
    help: 'GRAD with the share of the normal grid fixed at 0.5 to 1 in six steps; output layers train on and absorb it.',
  },
  {
    value: 'shots',
    label: 'Few images',
    help: 'The method in use, fitted to 1, 2, 4, 8, 16 and all training images; each seed draws others.',
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
    <section className="compare-setup" aria-label="What to compare">
      <fieldset className="method-chips" disabled={busy}>
        <legend className="panel-title">
          Methods <HelpTip topic="comparedMethods" title="Compared methods" />
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
        <legend className="small muted">Ready-made: what does each part do?</legend>
        <div className="row">
          <button
            type="button"
            className="button"
            title="GRAD, its normal grid alone, its abnormal grid alone, and their controls."
            onClick={() => choose({ methods: [...GRIDS], sweeps: ['controls'] })}
          >
            Each grid
          </button>
          {SWEEPS.map(({ value, label, help }) => (
            <button
              key={value}
              type="button"
              className="button"
              title={help}
              aria-pressed={choice.sweeps.includes(value)}
              onClick={() => toggleSweep(value)}
            >
              {label}
            </button>
          ))}
        </div>
      </fieldset>
      <div className="row">
        <span>Seeds</span>
        <HelpTip topic="comparedSeeds" title="Seeds of a comparison" />
        <Segmented
          label="Seeds"
          value={String(choice.seeds)}
          options={SEEDS}
          disabled={busy}
          onChange={(value) => choose({ seeds: Number(value) })}
        />
      </div>
      <RunControls runs={runs} />
      {results > 0 && !busy && (
        <button type="button" className="button link small" onClick={() => void clearComparison()}>
          Clear the table ({plural(results, 'run')})
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
    <label className="method-chip" title={help}>
      <input type="checkbox" checked={chosen} onChange={onToggle} />
      <span className="method-chip-name">{name}</span>
      <span className="small muted">{year}</span>
      <span className={`cost small ${cost === 'trains long' ? 'long' : ''}`}>{COSTS[cost]}</span>
      <span className="method-chip-line small muted clip">{line}</span>
    </label>
  );
}
