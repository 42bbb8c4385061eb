// A native slider with a mark at its home value. Keys (arrows, Page Up and Down, Home, End) are the browser's own.
import type { CSSProperties } from 'react';
import { useLocked } from '../lesson/Lock';
import { fractionOf, fromPosition, rangeInput, toPosition } from './scale';

interface Props {
  row: { min: number; max: number; step: number; integer?: boolean; logarithmic?: boolean };
  value: number;
  /** Where the mark stands; none when absent. */
  home?: number | null;
  /** Spoken with the value. */
  unit?: string;
  /** Accessible name; absent when a label points here. */
  label?: string;
  id?: string;
  disabled?: boolean;
  onChange: (value: number) => void;
}

export function Range({ row, value, home = null, unit = '', label, id, disabled, onChange }: Props) {
  const locked = useLocked();
  const style = { '--at': fractionOf(row, value), '--home': home === null ? 0 : fractionOf(row, home) };
  return (
    <span className="range" style={style as CSSProperties}>
      {home !== null && <span className="home" />}
      <input
        type="range"
        id={id}
        aria-label={label}
        aria-valuetext={`${Number(value.toPrecision(6))} ${unit}`.trim()}
        {...rangeInput(row)}
        value={toPosition(row, value)}
        disabled={disabled || locked}
        onChange={(event) => onChange(fromPosition(row, Number(event.target.value)))}
      />
    </span>
  );
}
