// What of a fitted PatchCore its file keeps beside the patches. Files of before hold the first two alone.
import { count, finite, listOf, oneOf, orNull } from '../../formats/schema';
import { size } from '../stored';

/** More images need no such help with their line, and their scores are those of memory alone. */
export const MOST_REFERENCES = 16;

export const CONFIG = {
  channels: size,
  score: oneOf(['reweighted', 'nearest', 'top']),
  distance: orNull(oneOf(['euclidean', 'cosine'])),
  foregroundLine: orNull(finite),
  references: orNull(listOf(count(), 2 * MOST_REFERENCES)),
};
