// What a link says about images that it cannot carry: how many on each side, and a short mark of each, made of its name
// and its size, so that a person who opens the link can be told how many of theirs are the same. Contents are not read:
// an image changed without a change of name and size is not noticed.

export interface OwnImages {
  train: number;
  test: number;
  /** One mark per image, sorted; empty where there are too many to name in a link. */
  marks: string[];
}

/** Two letters each: 200 characters of the link. */
const MAX_MARKED = 100;
const MAX_IMAGES = 1e6;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS = 12;

/** Twelve bits of an image's name and size in bytes (FNV-1a, folded): one in 4096 others has the same. */
export function markOf(name: string, size: number): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${name}:${size}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  const folded = (hash ^ (hash >>> BITS) ^ (hash >>> (2 * BITS))) & 0xfff;
  return LETTERS[folded >>> 6]! + LETTERS[folded & 63]!;
}

/** @param images name, size in bytes, and whether the image is one to train on */
export function describeOwn(
  images: readonly { name: string; size: number; train: boolean }[],
): OwnImages | null {
  if (images.length === 0) return null;
  const train = images.filter((image) => image.train).length;
  const marks = images.length > MAX_MARKED ? [] : images.map(({ name, size }) => markOf(name, size)).sort();
  return { train, test: images.length - train, marks };
}

export const writeOwn = ({ train, test, marks }: OwnImages): string => `${train}.${test}.${marks.join('')}`;

/** Null for what is not of this form. */
export function readOwn(raw: string): OwnImages | null {
  const [, train, test, letters = ''] =
    /^(\d{1,7})\.(\d{1,7})\.((?:[\w-]{2}){0,100})$/.exec(raw.slice(0, 300)) ?? [];
  const counts = { train: Number(train), test: Number(test) };
  const total = counts.train + counts.test;
  if (!(total > 0 && total <= MAX_IMAGES)) return null;
  const marks = (letters.match(/../g) ?? []).sort();
  return { ...counts, marks: marks.length === total ? marks : [] };
}

/** How images differ from those of a link; null where the link does not say. */
export function compareOwn(wanted: OwnImages, here: OwnImages): { missing: number; extra: number } | null {
  if (wanted.marks.length === 0 || here.marks.length === 0) return null;
  const left = new Map<string, number>();
  for (const mark of wanted.marks) left.set(mark, (left.get(mark) ?? 0) + 1);
  let extra = 0;
  for (const mark of here.marks) {
    const count = left.get(mark) ?? 0;
    if (count > 0) left.set(mark, count - 1);
    else extra += 1;
  }
  return { missing: [...left.values()].reduce((sum, count) => sum + count, 0), extra };
}
