// A side without images: says what belongs there. The whole page takes drops; this is where eyes look for it.
import type { Split } from '../../engine/api/types';

const WORDS: Record<Split, string> = {
  train: 'Drop photos of good parts here: 20 to 50 for a first try, or a folder or zip of a whole set.',
  test: 'Drop the images to judge here, good and bad ones.',
};

export function EmptySplit({ split }: { split: Split }) {
  return <p className={`empty-split small ${split}`}>{WORDS[split]}</p>;
}
