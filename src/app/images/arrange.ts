// In which order test images stand: as they came, by their scores, or only those that the line judges wrongly. Pure.
import type { Arrangement, ImageRecord } from './dataSlice';
import { msg } from '../languages/texts';

export const ARRANGEMENTS: Record<Arrangement, string> = {
  loaded: msg('as loaded'),
  strangest: msg('highest score first'),
  mistakes: msg('mistakes only'),
};

/**
 * @param scores by image; images without one come last
 * @param line decision threshold; without one there are no mistakes
 */
export function arranged(
  images: readonly ImageRecord[],
  scores: Readonly<Record<string, number>>,
  line: number | null,
  arrangement: Arrangement,
): readonly ImageRecord[] {
  if (arrangement === 'loaded') return images;
  const scoreOf = ({ id }: ImageRecord) => scores[id] ?? -Infinity;
  const wrong = ({ id, label }: ImageRecord) =>
    line !== null && label !== null && scores[id] !== undefined && scores[id] > line !== (label === 1);
  const shown = arrangement === 'mistakes' ? images.filter(wrong) : [...images];
  return shown.sort((a, b) => scoreOf(b) - scoreOf(a));
}
