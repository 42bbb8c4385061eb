// How far each stage is, from the one number that counts both. Pure.
import type { Progress, Stage } from '../../engine/api/types';

/** Fractions done of stage 1 and 2; a stage with no epochs counts as done. */
export function stageFractions(
  progress: Progress | null,
  epochs1: number,
  epochs2: number,
): Record<Stage, number> {
  if (!progress) return { 1: 0, 2: 0 };
  const first = (progress.steps * epochs1) / Math.max(1, epochs1 + epochs2);
  const second = progress.steps - first;
  return {
    1: first > 0 ? clamp(progress.step / first) : 1,
    2: second > 0 ? clamp((progress.step - first) / second) : 1,
  };
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
