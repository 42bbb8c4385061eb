// One of several of the table: side by side when few and short, else a select.
import { useId } from 'react';
import type { ChoiceSpec } from '../../settings/spec';
import type { ParamName as Name } from '../../settings/table';
import { useLocked } from '../lesson/lock';
import { ParamName } from './ParamName';
import { ResetButton } from './ResetButton';
import { Segmented } from './Segmented';
import { useParam } from './useParam';

const MAX_LETTERS_SIDE_BY_SIDE = 30;

export function ChoiceControl({ name, spec }: { name: Name; spec: ChoiceSpec }) {
  const { value, changed, set, reset } = useParam<string>(name);
  const id = useId();
  const locked = useLocked();
  const letters = spec.options.reduce((sum, { label }) => sum + label.length, 0);
  const wide = letters > MAX_LETTERS_SIDE_BY_SIDE;
  return (
    <div className="param">
      {wide ? <ParamName name={name} htmlFor={id} /> : <ParamName name={name} />}
      <span />
      <span />
      <ResetButton name={spec.label} visible={changed} onReset={reset} />
      {wide ? (
        <select
          id={id}
          className="select"
          value={value}
          disabled={locked}
          onChange={(event) => set(event.target.value)}
        >
          {spec.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <Segmented label={spec.label} value={value} options={spec.options} onChange={set} />
      )}
    </div>
  );
}
