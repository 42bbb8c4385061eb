// The control of one row of the parameter table, whatever its kind. Nothing here knows a concrete parameter.
import { PARAMS, type ParamName as Name } from '../../settings/table';
import { Row, useLocked, LockMark } from '../lesson/Lock';
import { specOf } from '../../settings/values';
import type { ChoiceSpec, NumberSpec, TextSpec } from '../../settings/spec';
import { ParamName } from './ParamName';
import { ResetButton } from './ResetButton';
import { Segmented } from './Segmented';
import { useParam } from './useParam';
import { HelpTip } from '../help/HelpTip';
import { Switch } from './Switch';
import { NumberBox } from './NumberBox';
import { Range } from './Range';
import { t } from '../languages/texts';

export function ParamControl({ name }: { name: Name }) {
  return (
    <Row name={name}>
      <ControlOf name={name} />
    </Row>
  );
}

function ControlOf({ name }: { name: Name }) {
  const spec = specOf(name);
  switch (spec.kind) {
    case 'number':
      return <NumberControl name={name} spec={spec} />;
    case 'choice':
      return <ChoiceControl name={name} spec={spec} />;
    case 'flag':
      return <FlagControl name={name} />;
    case 'text':
      return <TextControl name={name} spec={spec} />;
  }
}

const MAX_LETTERS_SIDE_BY_SIDE = 30;

/** One of several of the table: side by side when few and short, else a select. */
function ChoiceControl({ name, spec }: { name: Name; spec: ChoiceSpec }) {
  const { value, changed, set, reset } = useParam<string>(name);
  const locked = useLocked();
  const letters = spec.options.reduce((sum, { label }) => sum + label.length, 0);
  const wide = letters > MAX_LETTERS_SIDE_BY_SIDE;
  return (
    <div className="param">
      <ParamName name={name} />
      <span />
      <span />
      <ResetButton name={t(spec.label)} visible={changed} onReset={reset} />
      {wide ? (
        <select
          aria-label={t(spec.label)}
          className="select"
          value={value}
          disabled={locked}
          onChange={(event) => set(event.target.value)}
        >
          {spec.options.map((option) => (
            <option key={option.value} value={option.value}>
              {t(option.label)}
            </option>
          ))}
        </select>
      ) : (
        <Segmented label={spec.label} value={value} options={spec.options} onChange={set} />
      )}
    </div>
  );
}

/** A yes or no of the table. */
function FlagControl({ name }: { name: Name }) {
  const { value, changed, set, reset } = useParam<boolean>(name);
  const label = t(PARAMS[name].label);
  return (
    <div className="param">
      <span className="param-name">
        <Switch checked={value} onChange={set} label={label} />
        <HelpTip topic={name} title={label} ofControl>
          <span className="clip">{label}</span>
        </HelpTip>
        <LockMark />
      </span>
      <span />
      <span />
      <ResetButton name={label} visible={changed} onReset={reset} />
    </div>
  );
}

/** More whole numbers than a slider could tell apart. */
const MAX_SLIDER_STEPS = 1e6;

interface Props {
  name: Name;
  spec: NumberSpec;
  /** What setting it does; absent: sets the parameter, and nothing else. */
  onSet?: (value: number) => void;
}

/** A number of the table, with its slider. Without the row that lessons lock: see ParamControl. */
export function NumberControl({ name, spec, onSet }: Props) {
  const { value, home, changed, set: setAlone, reset: resetAlone } = useParam<number>(name);
  const set = onSet ?? setAlone;
  const reset = onSet ? () => onSet(home) : resetAlone;
  const hasSlider = (spec.max - spec.min) / spec.step < MAX_SLIDER_STEPS;
  const box = { value, min: spec.min, max: spec.max, step: spec.step, onChange: set };
  return (
    <div className="param">
      <ParamName name={name} />
      <NumberBox
        {...box}
        label={hasSlider ? t('{label}, number', { label: t(spec.label) }) : t(spec.label)}
      />
      <span className="param-unit">{t(spec.unit ?? '')}</span>
      <ResetButton name={t(spec.label)} visible={changed} onReset={reset} />
      {hasSlider && (
        <Range
          row={spec}
          value={value}
          home={home}
          label={t(spec.label)}
          onChange={set}
          {...(spec.unit && { unit: t(spec.unit) })}
        />
      )}
    </div>
  );
}

/** A name of the table, read only here: data set and backbone have their own choosers in the top bar. */
function TextControl({ name, spec }: { name: Name; spec: TextSpec }) {
  const { value } = useParam<string>(name);
  return (
    <div className="param">
      <ParamName name={name} />
      <output className="muted clip" aria-label={t(spec.label)}>
        {value}
      </output>
    </div>
  );
}
