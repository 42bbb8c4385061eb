// The decision line as a slider without a thumb of its own: it lies across a colour bar or a histogram and shares
// their scale.
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useLocked } from '../lesson/Lock';
import { formatScore } from './format';
import { t } from '../languages/texts';

interface Props {
  value: number;
  range: readonly [number, number];
  orientation: 'vertical' | 'horizontal';
  onChange: (value: number) => void;
  /** The one that the T key goes to. */
  shortcut?: boolean;
}

const STEPS = 200;
const KEYS: Record<string, number> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 20,
  PageDown: -20,
};

export function ThresholdMark({ value, range: [low, high], orientation, onChange, shortcut }: Props) {
  const dragging = useRef(false);
  const locked = useLocked();
  const vertical = orientation === 'vertical';
  const fraction = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
  const set = (next: number) =>
    locked || onChange(Number(Math.min(high, Math.max(low, next)).toPrecision(4)));

  const onKeyDown = (event: KeyboardEvent) => {
    const steps = KEYS[event.key];
    if (event.key === 'Home') set(low);
    else if (event.key === 'End') set(high);
    else if (steps !== undefined) set(value + (steps * (high - low)) / STEPS);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const follow = (event: PointerEvent<HTMLElement>) => {
    if (!dragging.current) return;
    const box = event.currentTarget.parentElement!.getBoundingClientRect();
    const at = vertical ? (box.bottom - event.clientY) / box.height : (event.clientX - box.left) / box.width;
    set(low + at * (high - low));
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className={`threshold-mark ${orientation}`}
      aria-label={t('Threshold')}
      aria-disabled={locked}
      aria-orientation={orientation}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={value}
      aria-valuetext={t('threshold {value}', { value: formatScore(value) })}
      title={
        locked
          ? t('Threshold {value}: locked in this lesson', { value: formatScore(value) })
          : t('Threshold {value}: drag', { value: formatScore(value) })
      }
      style={vertical ? { bottom: `${fraction * 100}%` } : { left: `${fraction * 100}%` }}
      {...(shortcut && { 'data-threshold': '' })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={follow}
      onPointerUp={() => (dragging.current = false)}
      onPointerCancel={() => (dragging.current = false)}
    />
  );
}
