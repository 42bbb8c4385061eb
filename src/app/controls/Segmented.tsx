// One of a few, all visible: native radio buttons in a row, so arrow keys and screen readers work by themselves.
import { useId } from 'react';
import { useLocked } from '../lesson/Lock';
import { t } from '../languages/texts';

interface Props<V extends string> {
  /** Accessible name of the group. */
  label: string;
  value: V;
  options: readonly { value: V; label: string; help?: string }[];
  onChange: (value: V) => void;
  disabled?: boolean;
}

export function Segmented<V extends string>({ label, value, options, onChange, disabled = false }: Props<V>) {
  const name = useId();
  const locked = useLocked();
  return (
    <fieldset className="segmented" disabled={disabled || locked}>
      <legend className="visually-hidden">{t(label)}</legend>
      {options.map((option) => (
        <label key={option.value} title={option.help && t(option.help)}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {t(option.label)}
        </label>
      ))}
    </fieldset>
  );
}
