// Which file is the mask of which image: by the folder it lies in, by its name (`x_mask`, `x_GT`, `mask1` for `image1`,
// `x.png` beside `x.jpg`, `x/0.png` and `x/1.png`), and by what tells files of one name apart. Names alone; no file is opened.
import type { Place } from './places';
import type { MaskLook } from './report';

export interface Masked {
  /** The masks of each image, in order of their paths; several are united. */
  masks: Map<Place, Place[]>;
  /** Masks that are nobody's, with the reason. */
  strays: { place: Place; reason: string }[];
  /** Images; files that turned out to be masks are none. */
  images: Place[];
  /** Masks that only the pixels can tell from a copy of the image in another format. */
  doubtful: Set<Place>;
  /** Labels of a kind that is not read, by image. */
  unread?: Map<Place, Place[]>;
}

const WORDS = 'masks?|gts?|ground[-_ ]?truth|labels?|seg|segmentation|anno(?:tation)?s?|defectmask';
/** Most names have no such word: this is asked first. */
const ANY_WORD = /mask|gt|truth|label|seg|anno/i;
const ANY_IMAGE_WORD = /image|img|rgb|photo|pic|frame|input|orig/i;
const SUFFIX = new RegExp(`^(.+?)[-_. ](?:${WORDS})$`, 'i');
const LOOSE_SUFFIX = new RegExp(`^(.+?)[-_. ]?(?:${WORDS})$`, 'i');
/** `x_mask1`, `x_mask_2`: one of several. */
const NUMBERED = new RegExp(`^(.+?)[-_. ](?:${WORDS})[-_. ]?\\d+$`, 'i');
const PREFIX = new RegExp(`^(?:${WORDS})[-_. ]?(.+)$`, 'i');
const PART = /^(.+)[-_. ]\d+$/;
const IMAGE_WORD = '(?:image|img|rgb|photo|picture|pic|frame|input|orig|original)';
const IMAGE_PREFIX = new RegExp(`^${IMAGE_WORD}[-_. ]?(.+)$`, 'i');
const IMAGE_SUFFIX = new RegExp(`^(.+)[-_. ]${IMAGE_WORD}$`, 'i');

export const NO_IMAGE = 'a mask without its image';
export const SECOND = 'a second mask for the same image';
const SEVERAL_OWNERS = 'a mask that could be that of several images';

/** Labels of YOLO and Pascal VOC: that they are there is all that is known of them. */
export const isUnread = ({ extension }: Place): boolean => extension === 'txt' || extension === 'xml';

/**
 * @param files all that are images by their format, and annotations of other tools (`json`)
 * @param looks what was seen of files that may be masks
 */
export function matchMasks(
  files: readonly Place[],
  looks: ReadonlyMap<string, MaskLook> = new Map(),
): Masked {
  const doubtful = new Set<Place>();
  const named = masksByName(files, doubtful, looks);
  const isMask = (place: Place) =>
    !place.ignored && (place.mask || named.has(place) || place.extension === 'json' || isUnread(place));
  const images = files.filter((place) => !place.ignored && !isMask(place));
  const masks = files.filter(isMask);
  const index = new Index(masks.length > 0 ? images : []);
  const found: Masked = { masks: new Map(), strays: [], images, doubtful };
  const spelling = new Map<Place, string>();
  for (const mask of masks) {
    const owner = index.ownerOf(mask);
    if (owner === null || owner === 'several') {
      found.strays.push({ place: mask, reason: owner === null ? NO_IMAGE : SEVERAL_OWNERS });
      continue;
    }
    const others = found.masks.get(owner.image);
    if (!others) found.masks.set(owner.image, [mask]);
    // One of a numbered row, or another drawing of the same: the first of two spellings counts.
    else if (owner.several && spelling.get(owner.image) === 'several') others.push(mask);
    else {
      found.strays.push({ place: mask, reason: SECOND });
      continue;
    }
    if (!others) spelling.set(owner.image, owner.several ? 'several' : 'one');
  }
  return found;
}

/** Masks beside their images, told by their names; a name that says mask counts only where its image lies beside it. */
function masksByName(
  files: readonly Place[],
  doubtful: Set<Place>,
  looks: ReadonlyMap<string, MaskLook>,
): Set<Place> {
  const masks = new Set<Place>();
  const folders = new Map<string, Place[]>();
  for (const file of files) {
    if (file.mask || file.ruled || file.ignored) continue;
    const folder = folderOf(file);
    const list = folders.get(folder);
    if (list) list.push(file);
    else folders.set(folder, [file]);
  }
  for (const list of folders.values()) {
    if (list.some(({ stem }) => ANY_WORD.test(stem))) markAffixes(list, masks);
    markPairs(list.filter((file) => !masks.has(file)), masks, doubtful, looks); // prettier-ignore
  }
  return masks;
}

const folderOf = ({ path }: Place): string =>
  path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

function markAffixes(list: readonly Place[], masks: Set<Place>): void {
  const plain = new Set<string>();
  const candidates: [Place, string][] = [];
  for (const file of list) {
    const bare = affixed(file.stem);
    if (bare === null) namesOf(file.stem).forEach((name) => plain.add(name));
    else candidates.push([file, bare]);
  }
  const partnered = candidates.filter(([, bare]) => plain.has(bare));
  // Nearly all files may be called "part_label": then that is how images are called here.
  if (partnered.length * 2 < candidates.length) return;
  candidates.forEach(([file]) => masks.add(file));
}

/** What is left of a mask's name without the word that says so; null when no word does. */
const affixed = (stem: string): string | null =>
  !ANY_WORD.test(stem)
    ? null
    : ((NUMBERED.exec(stem) ?? SUFFIX.exec(stem) ?? PREFIX.exec(stem))?.[1]?.toLowerCase() ?? null);

/** Names that an image goes by: its own, and that without "image". */
function namesOf(stem: string): string[] {
  const name = stem.toLowerCase();
  if (!ANY_IMAGE_WORD.test(name)) return [name];
  const bare = (IMAGE_PREFIX.exec(name) ?? IMAGE_SUFFIX.exec(name))?.[1];
  return bare === undefined ? [name] : [name, bare];
}

const LOSSY = /^(jpe?g|webp)$/;
export const LOSSLESS = /^(png|bmp|tiff?)$/;

/**
 * `x.png` beside `x.jpg`: photographs are stored with loss, masks without; of `x.png` beside `x.bmp` or `x.tif` the pixels
 * tell, and until then it is the PNG. `x.json` outlines what is in `x.png`.
 */
function markPairs(
  list: readonly Place[],
  masks: Set<Place>,
  doubtful: Set<Place>,
  looks: ReadonlyMap<string, MaskLook>,
): void {
  if (new Set(list.map(({ extension }) => extension)).size < 2) return;
  const byStem = new Map<string, Place[]>();
  for (const file of list) {
    const stem = file.stem.toLowerCase();
    const same = byStem.get(stem);
    if (same) same.push(file);
    else byStem.set(stem, [file]);
  }
  for (const same of byStem.values()) {
    const photos = same.filter(({ extension }) => LOSSY.test(extension));
    const drawings = same.filter(({ extension }) => LOSSLESS.test(extension));
    for (const file of same) if (file.extension === 'json') masks.add(file);
    const mask = photos.length === 1 && drawings.length === 1 ? drawings[0]! : photos.length === 0 && drawings.length === 2 ? maskOfPair(drawings, looks) : null; // prettier-ignore
    if (!mask) continue;
    masks.add(mask);
    doubtful.add(mask);
  }
}

/** Of two files of one name that keep every value, the one that looks like a mask where the other does not; else by format. */
function maskOfPair(pair: readonly Place[], looks: ReadonlyMap<string, MaskLook>): Place {
  const [likely, other] = [...pair].sort((a, b) => FORMATS.indexOf(a.extension) - FORMATS.indexOf(b.extension)) as [Place, Place]; // prettier-ignore
  const swapped = looks.get(likely.path)?.masklike === false && looks.get(other.path)?.masklike === true;
  return swapped ? other : likely;
}

/** The likeliest for a mask first. */
const FORMATS = ['png', 'bmp', 'tif', 'tiff'];

interface Owner {
  image: Place;
  /** Its name is one of a numbered row. */
  several: boolean;
}

/** More images of one name than this are not searched through, only looked up exactly. */
const MOST_NAMESAKES = 3000;
const BY_SPLIT = { test: 0, validation: 1, train: 2 };

class Index {
  readonly #byName = new Map<string, Place[]>();
  readonly #exact = new Map<string, Place[]>();
  /** Of folders, which files share, as they begin their exact keys. */
  readonly #folders = new Map<readonly string[], string>();

  constructor(images: readonly Place[]) {
    for (const image of images)
      for (const name of namesOf(image.stem)) {
        push(this.#byName, name, image);
        push(this.#exact, this.#exactKey(image.bare, name), image);
      }
  }

  /** @param name in lower case */
  #exactKey(bare: readonly string[], name: string): string {
    let folder = this.#folders.get(bare);
    if (folder === undefined) this.#folders.set(bare, (folder = `${bare.join('/').toLowerCase()}/`));
    return folder + name;
  }

  /** The image of a mask; null for none. Names from the surest to the vaguest, folders likewise. */
  ownerOf(mask: Place): Owner | 'several' | null {
    const tries = this.#triesOf(mask);
    for (const fit of ['exact', 'within', 'around'] as const)
      for (const { name, bare, several } of tries) {
        const image = this.#pick(mask, name, bare, fit);
        if (image === 'several') return 'several';
        if (image) return { image, several };
      }
    return null;
  }

  #triesOf({ stem, bare, name, mask }: Place): { name: string; bare: readonly string[]; several: boolean }[] {
    if (name !== null) return [{ name: name.toLowerCase(), bare, several: true }];
    const own = stem.toLowerCase();
    const names = [own, (mask ? LOOSE_SUFFIX : SUFFIX).exec(own)?.[1], PREFIX.exec(own)?.[1]];
    const tries = names
      .filter((one) => one !== undefined && one !== '')
      .map((one) => ({ name: one!, bare, several: false }));
    for (const part of [NUMBERED.exec(own)?.[1], mask ? PART.exec(own)?.[1] : undefined])
      if (part !== undefined) tries.push({ name: part, bare, several: true });
    // A folder per image, which holds a mask per defect.
    const folder = mask ? bare.at(-1) : undefined;
    if (folder !== undefined)
      tries.push({ name: folder.toLowerCase(), bare: bare.slice(0, -1), several: true });
    return tries;
  }

  #pick(
    mask: Place,
    name: string,
    bare: readonly string[],
    fit: 'exact' | 'within' | 'around',
  ): Place | 'several' | null {
    // prettier-ignore
    if (fit === 'exact') return best(mask, this.#exact.get(this.#exactKey(bare, name)) ?? []);
    const namesakes = this.#byName.get(name) ?? [];
    if (namesakes.length === 0 || namesakes.length > MOST_NAMESAKES) return null;
    // The masks' folders may name types where the images' do not.
    const fits = (image: Place) => fit === 'within' ? isWithin(bare, image.bare) : image.label === null && isWithin(image.bare, bare); // prettier-ignore
    return best(mask, namesakes.filter(fits)); // prettier-ignore
  }
}

/** Of several images of the same type and name: the mask's own split, else the test side, as published; then anomalous ones. */
function best(mask: Place, images: readonly Place[]): Place | 'several' | null {
  if (images.length <= 1) return images[0] ?? null;
  const rank = ({ split, label }: Place): number => {
    const side = mask.split !== null ? Number(split !== mask.split) : split === null ? 0 : BY_SPLIT[split];
    return 2 * side + Number(label === 0);
  };
  const least = Math.min(...images.map(rank));
  const first = images.filter((image) => rank(image) === least);
  return first.length === 1 ? first[0]! : 'several';
}

/** Whether some folders are others with some left out. */
function isWithin(few: readonly string[], many: readonly string[]): boolean {
  let at = 0;
  for (const folder of many) if (at < few.length && sameName(few[at]!, folder)) at += 1;
  return at === few.length;
}

const sameName = (a: string, b: string): boolean => a === b || a.toLowerCase() === b.toLowerCase();

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
