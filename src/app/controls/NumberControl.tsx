// A number of the table: name, slider, number box, unit, reset. Ranges too wide for a slider (seeds) have none.
import { useId } from 'react';
import type { NumberSpec } from '../../settings/spec';
import type { ParamName as Name } from '../../settings/table';
import { NumberBox } from './NumberBox';
import { ParamName } from './ParamName';
import { Range } from './Range';
import { ResetButton } from './ResetButton';
import { useParam } from './useParam';

/** More whole numbers than a slider could tell apart. */
const MAX_SLIDER_STEPS = 1e6;

interface Props {
  name: Name;
  spec: NumberSpec;
  /** Largest value that makes sense here and now, e.g. the width of the feature map. */
  max?: number;
}

export function NumberControl({ name, spec, max = spec.max }: Props) {
  const { value, home, changed, set, reset } = useParam<number>(name);
  const id = useId();
  const row = { ...spec, max: Math.min(spec.max, max) };
  const hasSlider = (row.max - row.min) / row.step < MAX_SLIDER_STEPS;
  const box = { value: Math.min(value, row.max), min: row.min, max: row.max, step: row.step, onChange: set };
  return (
    <div className="param">
      <ParamName name={name} htmlFor={id} />
      <NumberBox {...box} {...(hasSlider ? { label: `${spec.label}, number` } : { id })} />
      <span className="param-unit">{spec.unit ?? ''}</span>
      <ResetButton name={spec.label} visible={changed} onReset={reset} />
      {hasSlider && (
        <Range
          row={row}
          value={Math.min(value, row.max)}
          home={home}
          id={id}
          onChange={set}
          {...(spec.unit && { unit: spec.unit })}
        />
      )}
    </div>
  );
}
