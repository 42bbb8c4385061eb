// The classes of a set, for the chips above its images.
import { classOf } from '../../lib/scoring/metrics/classes';
import { t } from '../languages/texts';

export interface ClassCount {
  name: string;
  images: number;
}

/** Classes in alphabetical order; none for a set whose types name no class. */
export function classesOf(images: readonly { type: string }[]): ClassCount[] {
  const counts = new Map<string, number>();
  for (const { type } of images) {
    const name = classOf(type);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => ({ name, images: count }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether an image is shown when only one class is; null shows all. */
export const isOfClass = (type: string, onlyClass: string | null): boolean =>
  onlyClass === null || classOf(type) === onlyClass;

/** The name of a kind of defect or of a class, as words: `broken_pick` is broken pick. */
export const typeWords = (type: string): string => t(type.replaceAll('_', ' '));
