// The classes and types of a set, for what is chosen above its images.
import { classOf } from '../../lib/scoring/metrics/classes';
import { t } from '../languages/texts';

export interface ClassCount {
  name: string;
  images: number;
}

/** Classes in alphabetical order; none for a set whose types name no class. */
export function classesOf(images: readonly { type: string }[]): ClassCount[] {
  return counted(images.map(({ type }) => classOf(type)));
}

/** How many of each name there are, in alphabetical order; `first` goes before the others. */
function counted(names: readonly (string | null)[], first = ''): ClassCount[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  const place = ({ name }: ClassCount) => (name === first ? '' : name);
  return [...counts]
    .map(([name, images]) => ({ name, images }))
    .sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** Whether an image is shown when only one class is; null shows all. */
export const isOfClass = (type: string, onlyClass: string | null): boolean =>
  onlyClass === null || classOf(type) === onlyClass;

/** The name of a kind of defect or of a class, as words: `broken_pick` is broken pick. */
export const typeWords = (type: string): string => t(type.replaceAll('_', ' '));

/** A type without the name of its class. */
export function bareType(type: string): string {
  const category = classOf(type);
  return category === null ? type : type.slice(category.length + 1);
}

/** Types with how many images have them, `good` first; none where there is nothing to choose between. */
export function typesOf(images: readonly { type: string }[]): ClassCount[] {
  const types = counted(images.map(({ type }) => bareType(type)), 'good'); // prettier-ignore
  return types.length < 2 ? [] : types;
}
