// Numbers as people read them: scores, times, sizes. One place, so that the same number looks the same everywhere.
import { t } from '../languages/texts';

/** A score or map value, to three digits or a thousandth. */
export function formatScore(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0).replace(/^-(0\.?0*)$/, '$1');
}

/** With the sign that numbers have in print; for texts, not for boxes one types into. */
export const printed = (value: number): string => formatScore(value).replace('-', '−');

/** A step for fine adjustment within a range: a power of ten, a hundredth to a thousandth of it. */
export const fineStep = ([low, high]: readonly [number, number]): number =>
  10 ** Math.floor(Math.log10(Math.max(high - low, 1e-6) / 100));

/** A duration: `8 s`, `2:05 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t('{seconds} s', { seconds: whole });
  return t('{minutes} min', { minutes: `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}` });
}

/** A number of bytes in the unit that leaves one to three digits. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** A fraction in [0, 1] as comparisons and papers print it, in percent; a dash when it is undefined. */
export const formatMetric = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : `${(100 * value).toFixed(1)} %`;

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
