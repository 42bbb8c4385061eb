// Where a file stands: what the folders above it say, read once a folder. Words of names (words.ts) say split, label
// and where masks lie; rules (language.ts) go before them. No file is opened and no mask matched here.
import { sharedFolders } from './categories';
import { compile, type Captured, type Layout, type Pattern, type Rule } from './language';
import { unify, withoutExtension } from './names';
import { GOOD, UNKNOWN } from './report';
import { wordReader, type Split, type Word } from './words';

/** What folders and rules say of a file. */
export interface Place {
  path: string;
  /** Without its extension. */
  stem: string;
  extension: string;
  /** Folders of the class. */
  category: string[];
  /** Folders that tell files of one stem apart: those of the class, the type and below; none that says split or masks. */
  bare: string[];
  split: Split | null;
  /** 0 normal, 1 anomalous, `unknown` as a rule says; null where nothing says it. */
  label: 0 | 1 | 'unknown' | null;
  type: string;
  /** Whether a mask: as a folder or a rule says. */
  mask: boolean;
  /** A rule says that it is an image, or a mask; names of files are not asked then. */
  ruled: boolean;
  /** A rule says its label or split: it belongs to the set wherever it lies. */
  placed: boolean;
  ignored: boolean;
  /** The folder that the reading names. */
  folder: string;
  /** Anomalous only because a folder beside it is called good. */
  beside: boolean;
  /** What a mask's rule took down as its image's name. */
  name: string | null;
}

type FolderPlace = Omit<Place, 'path' | 'stem' | 'extension' | 'ruled' | 'placed' | 'ignored' | 'name'>;

interface World {
  wordOf: (folder: string) => Word;
  /** Folders that all files share. */
  depth: number;
  /** Every folder there is. */
  folders: ReadonlySet<string>;
  /** Folders that hold one called good. */
  withGood: ReadonlySet<string>;
  /** Classes that lie below a split folder: by the split's parent and their own name. */
  classesBelow: ReadonlySet<string>;
}

/** The places of all files, in their order. @param paths as listed, each once @param used takes the rules that fit a file */
export function placesOf(paths: readonly string[], layout: Layout, used = new Set<Rule>()): Place[] {
  const split = paths.map((path) => {
    const unified = unify(path);
    const at = unified.lastIndexOf('/');
    return [at < 0 ? '' : unified.slice(0, at), unified.slice(at + 1)] as const;
  });
  const folders = new Map([...new Set(split.map(([folder]) => folder))].map((key) => [key, key === '' ? [] : key.split('/')])); // prettier-ignore
  const besides = maskFoldersBeside(folders, split);
  const world = worldOf(
    [...folders].map(([key, one]) => besides.get(key) ?? one),
    layout,
  );
  const rules = layout.rules.map((rule) => ({ rule, pattern: compile(rule.path, world.wordOf) }));
  const known = new Map<string, { place: FolderPlace; ruled: RuledFolder }>();
  for (const [key, one] of folders) {
    const beside = besides.get(key);
    const place = placeFolder(beside ?? one, world);
    known.set(key, { place: beside ? { ...place, folder: key } : place, ruled: matchFolder(rules, one) });
  }
  return paths.map((path, i) => {
    const [key, name] = split[i]!;
    const { place, ruled } = known.get(key)!;
    return withRules(path, name, place, ruled, used);
  });
}

const BESIDE = /^(.+?)[-_. ]?(masks?|gts?|ground[-_ ]?truths?|labels?|seg(mentation)?s?|anno(tation)?s?)$/i;

/**
 * `scratch_mask` beside `scratch`: read as `scratch/mask`. Only where its files are called as those beside it are.
 * @param files folder and name of each
 * @returns what such a folder is read as, by its path
 */
function maskFoldersBeside(
  folders: ReadonlyMap<string, readonly string[]>,
  files: readonly (readonly [string, string])[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const candidates = [...folders].filter(([, one]) => one.length > 0 && BESIDE.test(one.at(-1)!));
  if (candidates.length === 0) return found;
  const lower = new Map([...folders.keys()].map((key) => [key.toLowerCase(), key]));
  const stems = new Map<string, string[]>();
  for (const [folder, name] of files) {
    const list = stems.get(folder) ?? [];
    if (list.length === 0) stems.set(folder, list);
    list.push(withoutExtension(name).toLowerCase());
  }
  for (const [key, one] of candidates) {
    const [, bare, word] = BESIDE.exec(one.at(-1)!)!;
    const beside = lower.get([...one.slice(0, -1), bare!].join('/').toLowerCase());
    if (beside !== undefined && namesAgree(stems.get(key)!, stems.get(beside)!)) found.set(key, [...folders.get(beside)!, word!]); // prettier-ignore
  }
  return found;
}

/** Whether most files of a folder are called as those of another, with a word for masks or without. */
function namesAgree(own: readonly string[], others: readonly string[]): boolean {
  const names = new Set(others);
  const fits = own.filter((stem) => names.has(stem) || names.has(BESIDE.exec(stem)?.[1] ?? ''));
  return 2 * fits.length > own.length;
}

function worldOf(all: readonly string[][], layout: Layout): World {
  const read = wordReader(layout.words);
  // Beside "invalid", "valid" is a label and no split.
  const valid = all.some((folders) => folders.some((folder) => /^invalid$/i.test(folder)));
  const wordOf = (folder: string): Word =>
    valid && /^valid$/i.test(folder) ? { split: null, label: 0, truth: null, images: false } : read(folder);
  const folders = new Set<string>();
  const withGood = new Set<string>();
  const classesBelow = new Set<string>();
  for (const one of all) {
    let path = '';
    one.forEach((folder, i) => {
      const { label } = wordOf(folder);
      if (label === 0) withGood.add(path);
      if (label === 0 && i >= 2 && isClassBelow(one, i, wordOf)) classesBelow.add(classKey(one, i - 1));
      path = path === '' && i === 0 ? folder : `${path}/${folder}`;
      folders.add(path);
    });
  }
  return { wordOf, depth: Math.max(0, sharedFolders([...all])), folders, withGood, classesBelow };
}

/** `train/bottle/good`: the folder between split and label is a class. */
const isClassBelow = (folders: readonly string[], at: number, wordOf: World['wordOf']): boolean => {
  const word = wordOf(folders[at - 1]!);
  const plain = word.split === null && word.label === null && word.truth === null && !word.images;
  return plain && wordOf(folders[at - 2]!).split !== null;
};

const classKey = (folders: readonly string[], at: number): string =>
  [...folders.slice(0, at - 1), folders[at]!].join('/');

/** A folder below "bad" that only numbers samples (Real-IAD's S0001) names no type. */
const SAMPLE = /^[a-z]{0,2}[-_]?\d{3,}$/i;

function placeFolder(folders: string[], world: World): FolderPlace {
  const words = folders.map(world.wordOf);
  const split = words.findLastIndex((word) => word.split !== null);
  const truth = truthAt(folders, words, split, world);
  return split >= 0
    ? inSplit(folders, words, split, truth, world)
    : withoutSplit(folders, words, truth, world);
}

/** The folder that says that masks lie here; -1 for none. A product may be called "masks". */
function truthAt(folders: readonly string[], words: readonly Word[], split: number, world: World): number {
  const sure = words.findLastIndex(({ truth }) => truth === 'sure');
  if (sure >= 0) return sure;
  if (split < 0) return words.findIndex(({ truth }, i) => truth !== null && i >= world.depth);
  const below = words.findIndex(({ truth }, i) => truth !== null && i >= split);
  if (below >= 0) return below;
  return words.findLastIndex(({ truth }, i) => truth !== null && i < split && mirrors(folders, i, world));
}

/** Whether what lies below a folder lies beside it too, or below one that is called images: `masks/test`, `test`. */
function mirrors(folders: readonly string[], at: number, { folders: all, wordOf }: World): boolean {
  const above = folders.slice(0, at);
  const next = folders[at + 1]!;
  if (all.has([...above, next].join('/'))) return true;
  const beside = above.length === 0 ? '' : `${above.join('/')}/`;
  for (const images of ['images', 'image', 'imgs', 'img', 'rgb', 'data', 'Images', 'Image', 'Imgs', 'Img'])
    if (wordOf(images).images && all.has(`${beside}${images}/${next}`)) return true;
  return false;
}

function inSplit(
  folders: readonly string[],
  words: readonly Word[],
  at: number,
  truth: number,
  world: World,
): FolderPlace {
  let end = truth >= 0 ? Math.min(at, truth) : at;
  // A product may be called "masks".
  while (end > 0 && (words[end - 1]!.split !== null || words[end - 1]!.images) && words[end - 1]!.label === null) end -= 1; // prettier-ignore
  const category = folders.slice(0, end);
  const below = indices(folders).filter((i) => i > at && !isStructure(words[i]!));
  const classBelow = below[0] !== undefined && words[below[0]]!.label === null && world.classesBelow.has(classKey(folders, below[0])); // prettier-ignore
  if (classBelow && below[0] === at + 1) category.push(folders[below.shift()!]!);
  const found = labelInSplit(folders, words, at, below, world);
  // The label may lie above the split: good/train, good/test, bad/test.
  if (found && found.at < at) category.splice(found.at);
  const bare = [...category, ...below.map((i) => folders[i]!)];
  return {
    category,
    bare,
    split: words[at]!.split,
    label: found?.label ?? null,
    type: found?.type ?? UNKNOWN,
    mask: truth >= 0,
    folder: folders.slice(0, Math.max(at, truth, found?.at ?? 0) + 1).join('/'),
    beside: false,
  };
}

interface Labelled {
  label: 0 | 1;
  type: string;
  /** The folder that says it. */
  at: number;
}

/** What the split's own name says (`normal_test`), else the folders below, else one above. */
function labelInSplit(
  folders: readonly string[],
  words: readonly Word[],
  split: number,
  below: readonly number[],
  { depth }: World,
): Labelled | null {
  const found = labelOf(folders, words, below);
  const own = words[split]!.label;
  if (own === 0) return { label: 0, type: GOOD, at: split };
  if (own === 1) return { label: 1, type: found && found.label === 1 ? found.type : folders[split]!, at: found?.at ?? split }; // prettier-ignore
  if (found) return found;
  const above = words.findLastIndex(({ label }, i) => label !== null && i < split && i >= depth);
  if (above < 0) return null;
  const label = words[above]!.label!;
  return { label, type: label === 0 ? GOOD : folders[above]!, at: above };
}

/** What the folders at these places say: good, or a type. Below one that only says bad, the next names the type. */
function labelOf(
  folders: readonly string[],
  words: readonly Word[],
  below: readonly number[],
): Labelled | null {
  const [first, second] = below;
  if (first === undefined) return null;
  if (words[first]!.label === 0) return { label: 0, type: GOOD, at: first };
  const deeper = words[first]!.label === 1 && second !== undefined && !SAMPLE.test(folders[second]!);
  const at = deeper ? second : first;
  return { label: 1, type: folders[at]!, at };
}

function withoutSplit(
  folders: readonly string[],
  words: readonly Word[],
  truth: number,
  world: World,
): FolderPlace {
  // prettier-ignore
  const { depth, withGood } = world;
  const labelled = words.findLastIndex((word, i) => i >= depth && word.label !== null);
  const beside = labelled >= 0 ? -1 : indices(folders).findIndex((i) => i >= depth && i !== truth && !words[i]!.images && withGood.has(parentOf(folders, i, truth))); // prettier-ignore
  const at = labelled >= 0 ? labelled : beside;
  const below = indices(folders).filter((i) => i >= at && at >= 0 && !isStructure(words[i]!));
  const found = labelOf(folders, words, below);
  let end = at >= 0 ? at : indices(folders).findIndex((i) => i >= depth && isStructure(words[i]!));
  if (truth >= 0) end = end < 0 ? truth : Math.min(end, truth);
  end = Math.max(0, end);
  while (end > depth && isStructure(words[end - 1]!)) end -= 1;
  const category = folders.slice(0, end);
  const rest = indices(folders).filter((i) => i >= end && i !== truth && !(isStructure(words[i]!) && words[i]!.label === null)); // prettier-ignore
  const last = Math.max(truth, found?.at ?? -1);
  return {
    category,
    bare: [...category, ...rest.map((i) => folders[i]!)],
    split: null,
    label: found?.label ?? null,
    type: found?.type ?? UNKNOWN,
    mask: truth >= 0,
    folder: (last >= 0 ? folders.slice(0, last + 1) : folders).join('/'),
    beside: labelled < 0 && beside >= 0,
  };
}

/** The folder above, without the one of masks: `mask/crack` lies beside `good`. */
const parentOf = (folders: readonly string[], at: number, truth: number): string =>
  folders.slice(0, at).filter((_, i) => i !== truth).join('/'); // prettier-ignore

const isStructure = ({ split, truth, images }: Word): boolean => split !== null || truth !== null || images;

const indices = (list: readonly unknown[]): number[] => [...list.keys()];

type Ready = { rule: Rule; pattern: Pattern };

interface RuledFolder {
  folders: readonly string[];
  /** In the rules' order; those that look at names are tried on every file. */
  rules: (Ready & { captured: Captured | null })[];
}

const matchFolder = (rules: readonly Ready[], folders: readonly string[]): RuledFolder => ({
  folders,
  rules: rules.flatMap((ready) => {
    const captured = ready.pattern.foldersOnly ? ready.pattern.match(folders, '') : null;
    return ready.pattern.foldersOnly && !captured ? [] : [{ ...ready, captured }];
  }),
});

function withRules(
  path: string,
  name: string,
  place: FolderPlace,
  { folders, rules }: RuledFolder,
  used: Set<Rule>,
): Place {
  const stem = withoutExtension(name);
  // Field by field: a hundred thousand spreads take a second.
  const file: Place = {
    path,
    stem,
    extension: name.slice(stem.length + 1).toLowerCase(),
    category: place.category,
    bare: place.bare,
    split: place.split,
    label: place.label,
    type: place.type,
    mask: place.mask,
    folder: place.folder,
    beside: place.beside,
    ruled: false,
    placed: false,
    ignored: false,
    name: null,
  };
  if (rules.length === 0) return file;
  const said: Partial<Record<'as' | 'split' | 'label' | 'class' | 'type' | 'name', string>> = {};
  for (const { rule, pattern, captured } of rules) {
    const taken = captured ?? pattern.match(folders, name);
    if (!taken) continue;
    used.add(rule);
    for (const [key, value] of Object.entries({ ...taken, ...rule }))
      if (key !== 'path' && value !== undefined) said[key as keyof typeof said] ??= value;
  }
  return ruledPlace(file, said);
}

function ruledPlace(
  file: Place,
  said: Partial<Record<'as' | 'split' | 'label' | 'class' | 'type' | 'name', string>>,
): Place {
  // prettier-ignore
  if (Object.keys(said).length === 0) return file;
  const label = LABELS[said.label as keyof typeof LABELS] ?? file.label;
  const mask = said.as === undefined ? file.mask : said.as === 'mask';
  const ruledType = said.type ?? (said.label === undefined ? file.type : typeBy(label, file));
  return {
    ...file,
    split: (said.split as Split | undefined) ?? file.split,
    label,
    type: label === 0 ? GOOD : ruledType,
    category: said.class === undefined ? file.category : said.class.split('/').filter(Boolean),
    bare: file.bare,
    mask,
    ruled: said.as !== undefined,
    placed: said.as === 'image' || said.label !== undefined || said.split !== undefined,
    ignored: said.as === 'ignore',
    beside: file.beside && said.label === undefined,
    name: mask ? (said.name ?? null) : null,
  };
}

const LABELS = { normal: 0, anomalous: 1, unknown: 'unknown' } as const;

/** The folder's own type where it names one. */
function typeBy(label: Place['label'], { type, folder }: Place): string {
  if (label !== 1) return UNKNOWN;
  return type === GOOD || type === UNKNOWN ? folder.split('/').at(-1) || 'anomaly' : type;
}
