// Words that folders and files go by, and the order of paths. Upper and lower case never matter.

/** What the decoder reads, told by the name; the bytes have the last word (data/sniff.ts). */
export const READABLE = /\.(png|jpe?g|webp|bmp|tiff?)$/i;

export const isTraining = (folder: string): boolean => /^train(ing)?$/i.test(folder);
export const isTest = (folder: string): boolean => /^test(ing)?(_public)?$/i.test(folder);
export const isTruth = (folder: string): boolean => /^(ground[-_ ]?truths?|masks?|gt)$/i.test(folder);

/** Folders of normal images: `good`, `ok`, `ok_front`, `Normal`. */
export const isGood = (folder: string): boolean =>
  /^(good|ok|okay|normals?|defect[-_ ]?free|(no|non)[-_ ]?defect(ive|s)?)([-_ ].*)?$/i.test(folder);

/** Folders of anomalous images that give no type of their own: `bad`, `ko`, `NG`, `defect`, `anomaly`. */
export const isBad = (folder: string): boolean =>
  /^(bad|ko|ng|nok|not[-_ ]?(good|ok)|def|defect(s|ive|ed)?|anomal(y|ies|ous)|abnormal|fault(s|y)?|broken|damaged?|reject(s|ed)?|fail(ed|ure|ures)?)([-_ ].*)?$/i.test(
    folder,
  );

/** Windows separators and a leading `./` or `/` mean nothing. */
export const unify = (path: string): string =>
  // Nearly every path is as it should be already.
  !path.includes('\\') && path[0] !== '.' && path[0] !== '/'
    ? path
    : path.replaceAll('\\', '/').replace(/^(\.?\/)+/, '');

export const withoutExtension = (name: string): string => name.replace(/\.[^./]*$/, '');

export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `1 image`, `2,000 images`. */
export const counted = (count: number, noun: string, many = `${noun}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : many}`;

/** The first of a list and how many more there are. */
export function few(items: readonly string[], shown = 3): string {
  const more = items.length - shown;
  return `${items.slice(0, shown).join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
}
