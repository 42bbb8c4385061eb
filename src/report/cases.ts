// The mistakes of a model that are worth a look: anomalous images furthest below its threshold and normal images furthest
// above it.
import type { Threshold } from '../lib/scoring/metrics/threshold';

/** A scored test image as a report knows it. */
export interface JudgedImage {
  /** As the reader knows it: a path or file name, from anywhere. */
  name: string;
  /** 0 normal, 1 anomalous, null unknown. */
  label: 0 | 1 | null;
  score: number;
}

export type CaseKind = 'miss' | 'false alarm';

export interface Case<I extends JudgedImage = JudgedImage> {
  kind: CaseKind;
  image: I;
}

/**
 * The worst first, at most `most` of either kind. A score on the line is no alarm. Without a threshold nobody decided
 * anything, so there are none.
 */
export function worstCases<I extends JudgedImage>(
  images: readonly I[],
  threshold: Pick<Threshold, 'value'> | null,
  most: number,
): Case<I>[] {
  if (!threshold) return [];
  const rising = [...images].sort((a, b) => a.score - b.score);
  const misses = rising.filter(({ label, score }) => label === 1 && score <= threshold.value);
  const alarms = rising.filter(({ label, score }) => label === 0 && score > threshold.value).reverse();
  return [
    ...misses.slice(0, most).map((image) => ({ kind: 'miss' as const, image })),
    ...alarms.slice(0, most).map((image) => ({ kind: 'false alarm' as const, image })),
  ];
}
