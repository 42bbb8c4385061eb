// A number typed by hand. While typing, anything goes; a number takes effect at once, and leaving the box puts the
// allowed value back in.
import { useState } from 'react';
import { decimalsOf } from '../../settings/values';
import { useLocked } from '../lesson/Lock';

interface Props {
  value: number;
  min: number;
  max: number;
  step: number;
  /** Accessible name; absent when a label points here. */
  label?: string;
  id?: string;
  disabled?: boolean;
  /** How the value is written; absent: as fine as the step. */
  written?: (value: number) => string;
  onChange: (value: number) => void;
}

export function NumberBox({ value, min, max, step, label, id, disabled, written, onChange }: Props) {
  const locked = useLocked();
  const [draft, setDraft] = useState<string | null>(null);
  const take = (text: string) => {
    setDraft(text);
    const typed = Number(text);
    if (text.trim() !== '' && Number.isFinite(typed)) onChange(Math.min(max, Math.max(min, typed)));
  };
  return (
    <input
      className="number-box"
      type="number"
      id={id}
      aria-label={label}
      min={min}
      max={max}
      step={step}
      disabled={disabled || locked}
      value={draft ?? written?.(value) ?? format(value, step)}
      onChange={(event) => take(event.target.value)}
      onBlur={() => setDraft(null)}
    />
  );
}

/** As fine as the step; what is smaller than a step keeps three digits. */
function format(value: number, step: number): string {
  const fine = Math.abs(value) < step && value !== 0;
  return String(Number(fine ? value.toPrecision(3) : value.toFixed(decimalsOf(step))));
}
