// Where a value sits on its slider. Wide positive ranges (learning rates) are laid out in powers of ten.
import type { NumberSpec } from '../../settings/spec';

type Row = Pick<NumberSpec, 'min' | 'max' | 'step' | 'integer'> & { logarithmic?: boolean };

const POSITIONS = 1000;
const LOG_FROM_RATIO = 1000;

export const isLogarithmic = ({ min, max, integer, logarithmic }: Row) =>
  logarithmic ?? (!integer && min > 0 && max / min > LOG_FROM_RATIO);

/** Fraction of the way from min to max, 0 to 1. */
export function fractionOf(row: Row, value: number): number {
  const { min, max } = row;
  if (max === min) return 0;
  const fraction = isLogarithmic(row)
    ? Math.log(value / min) / Math.log(max / min)
    : (value - min) / (max - min);
  return Math.min(1, Math.max(0, fraction));
}

/** What a native range input is given: its own ends and step, or positions on a logarithmic way. */
export function rangeInput(row: Row): { min: number; max: number; step: number } {
  return isLogarithmic(row)
    ? { min: 0, max: POSITIONS, step: 1 }
    : { min: row.min, max: row.max, step: row.step };
}

export const toPosition = (row: Row, value: number) =>
  isLogarithmic(row) ? Math.round(fractionOf(row, value) * POSITIONS) : value;

/** The value at a position; logarithmic ways round to two digits, as 0.0010023 is finer than is of use. */
export function fromPosition(row: Row, position: number): number {
  if (!isLogarithmic(row)) return position;
  const value = row.min * (row.max / row.min) ** (position / POSITIONS);
  return Number(value.toPrecision(2));
}
