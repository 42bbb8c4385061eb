// The engine behind all layouts: places from folders and rules, masks to their images, labels that only masks know, and a
// fifth held back where nothing says what is for testing. Names, and what was seen of masks; no file is opened.
import { layoutOf, type KnownFacts } from './known';
import type { Layout, Rule } from './language';
import { isUnread, LOSSLESS, matchMasks, NO_IMAGE, type Masked } from './masks';
import { byCodeUnits, counted, few } from './names';
import { placesOf, type Place } from './places';
import {
  DEFECT,
  GOOD,
  masksOf,
  UNKNOWN,
  type FolderImage,
  type IgnoredFile,
  type MaskFile,
  type MaskLook,
  type Question,
  type Reading,
} from './report';
import type { PartTable } from './splitFiles';
import type { Outlined } from '../outlined';
import type { Split } from './words';

export interface EngineOptions {
  side: 'train' | 'test';
  layout: Layout;
  looks: ReadonlyMap<string, MaskLook>;
  /** Masks that one JSON holds for many images: by image, whether it has a defect there. */
  outlined: ReadonlyMap<string, Outlined>;
  /** A table that says something of images, not all. */
  table?: PartTable | null;
}

/** Of five normal images, one is held back for testing. */
const HOLD_BACK = 5;

/** A mask that shows no defect makes its image a normal one; it is not needed any more. */
export const BLACK_MASK = 'a mask without a defect: its image is normal';
export const NORMALS_MASK = 'the mask of a normal image';
const UNREAD = 'labels of a kind that is not read; COCO and labelme are';
const WITHOUT_MASK = 'training uses normal images, and anomalous ones with a mask of their own';
const OUTSIDE_SPLITS = 'outside train/good, test/<type> and ground_truth/<type>';
const OUTSIDE_LABELS = 'outside the folders of good and bad images';

interface Draft {
  place: Place;
  category: string;
  split: Split | null;
  label: 0 | 1 | null;
  type: string;
  masks: string[];
  /** No folder and no rule says the label. */
  flat: boolean;
}

/** Reads files by their names. @param paths of images, and of JSON that lies beside them; sorted, each once */
export function readByRules(paths: readonly string[], options: EngineOptions): Reading {
  const used = new Set<Rule>();
  const places = placesOf(paths, options.layout, used);
  if (options.table) tell(places, options.table);
  const masked = maskedOf(places, options.looks);
  if (options.table) giveMasks(masked, places, options.table);
  const reading = new Run(places, masked, options).read();
  if (options.table) tellOf(reading, options.table);
  const unused = options.layout.rules.filter((rule) => !used.has(rule)).map(({ path }) => path);
  if (unused.length > 0) reading.notices.push(`No file fits ${few(unused)}.`);
  return reading;
}

/** What a table says goes before what folders say. */
function tell(places: readonly Place[], table: PartTable): void {
  const masks = new Set([...table.images.values()].map(({ maskPath }) => maskPath));
  for (const place of places) {
    const told = table.images.get(place.path);
    if (masks.has(place.path)) Object.assign(place, { mask: true, ruled: true });
    if (!told) continue;
    Object.assign(place, { mask: false, ruled: true, placed: true, split: told.split ?? place.split });
    if (told.label !== null) Object.assign(place, { label: told.label, type: told.type });
    if (told.category !== '') place.category = told.category.split('/');
  }
}

/** The masks that a table names, in place of those that names would find; images that it had to name are left out. */
function giveMasks(masked: Masked, places: readonly Place[], { images, divides }: PartTable): void {
  const byPath = new Map(places.map((place) => [place.path, place]));
  const given = new Set<Place>();
  for (const [path, { maskPath }] of images) {
    const [image, mask] = [byPath.get(path), maskPath === null ? undefined : byPath.get(maskPath)];
    if (!image || !mask) continue;
    masked.masks.set(image, [mask]);
    given.add(mask);
  }
  masked.strays = masked.strays.filter(({ place }) => !given.has(place));
  if (divides) masked.images = masked.images.filter(({ path }) => images.has(path));
}

function tellOf(reading: Reading, { name, layout, notices, splitFile, images }: PartTable): void {
  const spoken = new Set([...reading.images.flatMap((image) => [image.path, ...masksOf(image)]), ...reading.ignored.map(({ path }) => path)]); // prettier-ignore
  const unnamed = [...(reading.folders?.keys() ?? [])].filter((path) => !spoken.has(path) && !images.has(path)); // prettier-ignore
  reading.ignored.push(...unnamed.map((path) => ({ path, reason: `not named in ${name}` })));
  reading.notices.unshift(...notices);
  Object.assign(reading, { layout, splitFile });
}

/** A folder of masks alone, named so that a product might be called that, holds images after all. */
function maskedOf(all: Place[], looks: ReadonlyMap<string, MaskLook>): Masked {
  const unread = all.filter(isUnread);
  const places = unread.length > 0 ? all.filter((place) => !isUnread(place)) : all;
  const found = matchMasks(places, looks);
  const alone = found.images.length === 0 && !places.some(({ path, ignored, ruled }) => ignored || ruled || SURE.test(path)); // prettier-ignore
  const masked = alone ? matchMasks(places.map((place) => Object.assign(place, { mask: false })), looks) : found; // prettier-ignore
  if (unread.length > 0) masked.unread = matchMasks([...masked.images, ...unread], looks).masks;
  return masked;
}

const SURE = /(^|[\\/])ground[-_ ]?truth/i;

class Run {
  readonly #ignored: IgnoredFile[] = [];
  readonly #notices: string[] = [];
  readonly #questions: Question[] = [];
  readonly #toLook: MaskFile[] = [];
  readonly #hasSplits: boolean;
  readonly #hasLabels: boolean;
  readonly #trains: boolean;

  constructor(
    private readonly places: readonly Place[],
    private readonly masked: Masked,
    private readonly options: EngineOptions,
  ) {
    const { images } = masked;
    // What a rule says of some files says nothing of the others.
    this.#hasSplits = options.table?.divides === true || images.some(({ split, placed }) => split !== null && !placed); // prettier-ignore
    this.#hasLabels = images.some(({ label }) => label !== null);
    this.#trains = images.some(({ split, placed }) => split === 'train' && !placed);
  }

  read(): Reading {
    this.#leaveOut();
    const drafts = this.masked.images.flatMap((place) => this.#draft(place));
    this.#settle(drafts);
    this.#testByValidation(drafts);
    const images = this.#divide(drafts).flatMap((draft) => this.#image(draft));
    images.sort((a, b) => byCodeUnits(a.path, b.path));
    this.#askAboutFolders(drafts);
    return {
      layout: layoutOf(this.#facts(images)),
      images,
      ignored: this.#ignored,
      notices: [...this.#notices, ...this.#unmasked(images)],
      questions: this.#questions,
      toLook: this.#toLook,
      folders: new Map(this.places.map(({ path, folder }) => [path, folder])),
    };
  }

  #facts(images: readonly FolderImage[]): KnownFacts {
    const { places, masked } = this;
    return {
      places,
      images,
      hasSplits: this.#hasSplits,
      hasLabels: this.#hasLabels,
      masks: [...masked.masks.values()].flat().concat(masked.strays.map(({ place }) => place)),
      ruled: this.options.layout.rules.length > 0,
    };
  }

  #leaveOut(): void {
    for (const { path, ignored } of this.places) if (ignored) this.#leave(path, 'left out by a rule');
    for (const { place, reason } of this.masked.strays) this.#leave(place.path, reason);
    const several = this.masked.strays.filter(({ reason }) => reason.includes('several images'));
    if (several.length > 0)
      this.#ask('owner', several.map(({ place }) => place), (count, where) => `${counted(count, 'mask')} (${where}) could each be that of several images; none was taken. Which image is whose?`); // prettier-ignore
  }

  #leave(path: string, reason: string): void {
    this.#ignored.push({ path, reason });
  }

  #ask(
    kind: Question['kind'],
    places: readonly Place[],
    text: (count: number, where: string) => string,
  ): void {
    const folders = [...new Set(places.map(({ folder }) => folder))];
    this.#questions.push({ kind, folders, text: text(places.length, few(folders.map((folder) => folder || '(the root)'))) }); // prettier-ignore
  }

  /** What names and rules say of one image; nothing for one that lies outside of what they speak of. */
  #draft(place: Place): Draft[] {
    const { path, category, split, label, type } = place;
    const outside = this.#whyOutside(place);
    if (outside) {
      this.#leave(path, outside);
      for (const mask of this.masked.masks.get(place) ?? []) this.#leave(mask.path, NO_IMAGE);
      return [];
    }
    const own = this.#masksOf(place);
    return [{
      place, category: category.join('/'), split, type, masks: own,
      label: label === 'unknown' ? null : label, flat: label === null,
    }]; // prettier-ignore
  }

  #whyOutside({ split, label, placed }: Place): string | null {
    if (split !== null || placed) return null;
    // Labels alone divide into training and test where no folder is for training.
    if (this.#hasSplits && (label === null || this.#trains)) return OUTSIDE_SPLITS;
    return !this.#hasSplits && this.#hasLabels && label === null ? OUTSIDE_LABELS : null;
  }

  /** A mask that turns out to be the image in another format is none. */
  #masksOf(place: Place): string[] {
    const paths = (this.masked.masks.get(place) ?? []).filter((mask) => {
      const look = this.options.looks.get(mask.path);
      if (!this.masked.doubtful.has(mask) || look?.masklike !== false) return true;
      this.#leave(mask.path, 'a copy of the image beside it in another format');
      return false;
    });
    const outlined = this.options.outlined.get(place.path);
    return paths.length > 0 ? paths.map(({ path }) => path) : outlined && (outlined.drawn || !outlined.defect) ? [outlined.path] : []; // prettier-ignore
  }

  /** Labels that only masks know, and labels that masks contradict. */
  #settle(drafts: Draft[]): void {
    const contradicted: Draft[] = [];
    this.#settleBoxed(drafts);
    const black = new Set<string>();
    for (const draft of drafts) {
      const { place, masks, label } = draft;
      if (masks.length === 0) continue;
      const doubtful = masks.some((path) => this.#isDoubtful(place, path));
      if (label === 1 && !doubtful) continue;
      this.#toLook.push(...masks.map((path) => ({ path, image: place.path, doubtful })));
      // Both of a pair keep every value: either may be the mask.
      if (doubtful && LOSSLESS.test(place.extension)) this.#toLook.push({ path: place.path, image: masks[0]!, doubtful }); // prettier-ignore
      if (label === 1) continue;
      const defect = this.#hasDefect(draft);
      if (defect === false) {
        if (draft.flat) black.add(groupOf(draft));
        this.#unmask(draft, BLACK_MASK);
        if (draft.flat) Object.assign(draft, { label: 0, type: GOOD });
      } else if (draft.flat) Object.assign(draft, { label: 1, type: DEFECT });
      else if (defect === null) this.#unmask(draft, NORMALS_MASK);
      else contradicted.push(draft);
    }
    this.#contradict(contradicted);
    this.#settleUnread(drafts);
    this.#settleUnmasked(drafts, black);
  }

  /** Boxes say that there is a defect, and give no mask. */
  #settleBoxed(drafts: readonly Draft[]): void {
    const boxed = drafts.filter(({ place, masks }) => masks.length === 0 && this.options.outlined.get(place.path)?.defect === true); // prettier-ignore
    for (const draft of boxed) {
      if (draft.flat) Object.assign(draft, { label: 1, type: DEFECT });
      else if (draft.label === 0) Object.assign(draft, draft.split === 'test' ? { label: null, type: UNKNOWN } : { label: 1, type: DEFECT }); // prettier-ignore
    }
    if (boxed.length > 0) this.#notices.push(`${counted(boxed.length, 'image')} with boxes alone, without outlines, ${boxed.length === 1 ? 'has' : 'have'} no mask: pixel figures leave them out.`); // prettier-ignore
  }

  /** An image that only a file of another kind speaks of may show a defect: it is not taken as normal. */
  #settleUnread(drafts: readonly Draft[]): void {
    const { unread } = this.masked;
    if (!unread) return;
    const matched = new Set([...unread.values()].flat());
    for (const place of this.places)
      if (isUnread(place) && !place.ignored) this.#leave(place.path, matched.has(place) ? UNREAD : 'not an image'); // prettier-ignore
    const open = drafts.filter(({ place, flat, label, masks }) => flat && label === null && masks.length === 0 && unread.has(place)); // prettier-ignore
    for (const draft of open) Object.assign(draft, { flat: false, type: UNKNOWN });
    if (open.length > 0)
      this.#ask('unread', open.map(({ place }) => unread.get(place)![0]!), (count, where) => `${counted(count, 'image')} ${count === 1 ? 'has its' : 'have their'} labels in files of ${where} that are not read, such as those of YOLO or Pascal VOC; ${count === 1 ? 'it is' : 'they are'} not taken as normal. Which are? COCO and labelme are read.`); // prettier-ignore
  }

  #isDoubtful = (place: Place, path: string): boolean =>
    (this.masked.masks.get(place) ?? []).some((mask) => mask.path === path && this.masked.doubtful.has(mask));

  /** Null where nobody has looked. */
  #hasDefect({ place, masks }: Draft): boolean | null {
    const outlined = this.options.outlined.get(place.path);
    const seen = masks.map((path) => path === outlined?.path ? outlined.defect : (this.options.looks.get(path)?.defect ?? null)); // prettier-ignore
    if (seen.some((defect) => defect === true || (typeof defect === 'number' && defect > 0))) return true;
    return seen.includes(null) ? null : false;
  }

  #unmask(draft: Draft, reason: string): void {
    const shared = this.options.outlined.get(draft.place.path)?.path;
    for (const path of draft.masks) if (path !== shared) this.#leave(path, reason);
    draft.masks = [];
  }

  /** The folder says normal, the mask says defect: neither trained on as normal nor counted as anything. */
  #contradict(drafts: readonly Draft[]): void {
    if (drafts.length === 0) return;
    for (const draft of drafts) {
      if (draft.split === 'train' || (draft.split === null && !this.#hasSplits)) Object.assign(draft, { label: 1, type: DEFECT });
      else Object.assign(draft, { label: null, type: UNKNOWN }); // prettier-ignore
    }
    this.#ask(
      'mask-says-defect',
      drafts.map(({ place }) => place),
      (count, where) =>
        // prettier-ignore
        `${counted(count, 'image')} in ${where} ${count === 1 ? 'lies' : 'lie'} among normal ones, but ${count === 1 ? 'its mask shows' : 'their masks show'} a defect; ${count === 1 ? 'it is' : 'they are'} not taken as normal. Is the folder wrong, or the mask?`,
    );
  }

  /** Images that no folder labels and that have no mask, where others of their kind have one. */
  #settleUnmasked(drafts: readonly Draft[], black: ReadonlySet<string>): void {
    const groups = new Map<string, boolean>();
    for (const draft of drafts)
      if (draft.flat) groups.set(groupOf(draft), groups.get(groupOf(draft)) === true || draft.label !== null);
    const taken: Draft[] = [];
    for (const draft of drafts) {
      if (!draft.flat || draft.label !== null) continue;
      const masksAbout = groups.get(groupOf(draft))!;
      const unknown = this.options.layout.unmasked === 'unknown' || (black.has(groupOf(draft)) && this.options.layout.unmasked !== 'normal');
      if (masksAbout && !unknown) taken.push(draft);
      else if (!masksAbout && draft.split !== null && draft.split !== 'test') Object.assign(draft, { label: 0, type: GOOD });
    } // prettier-ignore
    for (const draft of taken) Object.assign(draft, { label: 0, type: GOOD });
    if (taken.length > 0)
      this.#notices.push(`${counted(taken.length, 'image')} without a mask ${taken.length === 1 ? 'is' : 'are'} taken as normal: the others have one.`); // prettier-ignore
  }

  /** Of a set that has no test images, the validation images are these where some of them are anomalous. */
  #testByValidation(drafts: readonly Draft[]): void {
    const held = drafts.filter(({ split }) => split === 'validation');
    if (drafts.some(({ split }) => split === 'test') || !held.some(({ label }) => label === 1)) return;
    for (const draft of held) draft.split = 'test';
    this.#notices.push(`There is no test folder: the ${counted(held.length, 'image')} of the validation folder are tested, as some of them are anomalous.`); // prettier-ignore
  }

  /** Gives every image a side. Where nothing does, normal images train, but for every fifth of a class that has anomalous ones. */
  #divide(drafts: readonly Draft[]): Draft[] {
    const { side } = this.options;
    const known = drafts.some(({ label }) => label !== null);
    const withBad = new Set(drafts.filter(({ label }) => label === 1).map(({ category }) => category));
    const tested = new Set(drafts.filter(({ label, split }) => label === 0 && split === 'test').map(({ category }) => category)); // prettier-ignore
    const seen = new Map<string, number>();
    let held = 0;
    for (const draft of drafts) {
      if (draft.split !== null) continue;
      if (!known && draft.flat)
        Object.assign(draft, side === 'train' ? { split: side, label: 0, type: GOOD } : { split: side });
      else if (side === 'test' || draft.label !== 0) draft.split = 'test';
      else {
        const count = (seen.get(draft.category) ?? 0) + 1;
        seen.set(draft.category, count);
        const holds = withBad.has(draft.category) && !tested.has(draft.category) && count % HOLD_BACK === 0;
        draft.split = holds ? 'test' : 'train';
        held += Number(holds);
      }
    }
    if (held > 0)
      this.#notices.push(`${counted(held, 'normal image')}, every fifth, ${held === 1 ? 'is' : 'are'} held back for testing; move any image to the other side by hand.`); // prettier-ignore
    return [...drafts];
  }

  #image({ place, category, split, label, type, masks }: Draft): FolderImage[] {
    const { path } = place;
    if (split === 'train' && label !== 0 && masks.length === 0) {
      this.#leave(path, label === 1 ? WITHOUT_MASK : 'neither a folder nor a mask says whether it is normal');
      return [];
    }
    const [maskPath = null, ...moreMasks] = masks;
    return [
      { path, category, split: split!, label, type, maskPath, ...(moreMasks.length > 0 && { moreMasks }) },
    ];
  }

  #unmasked(images: readonly FolderImage[]): string[] {
    if (!this.#hasSplits || this.masked.masks.size + this.masked.strays.length === 0) return [];
    const unmasked = images.filter(({ label, maskPath }) => label === 1 && maskPath === null);
    if (unmasked.length === 0) return [];
    const what = `${unmasked.length.toLocaleString('en')} defect image${unmasked.length === 1 ? '' : 's'}`;
    return [`${what} (${few(unmasked.map(({ path }) => path), 1)}) without a mask: pixel figures leave them out.`]; // prettier-ignore
  }

  #askAboutFolders(drafts: readonly Draft[]): void {
    const beside = drafts
      .filter(({ place, masks }) => place.beside && masks.length === 0)
      .map(({ place }) => place);
    if (beside.length > 0)
      this.#ask('beside-good', beside, (count, where) => `${counted(count, 'image')} in ${where} ${count === 1 ? 'is' : 'are'} taken as anomalous, as the folder lies beside one of normal images. Is it a type of defect?`); // prettier-ignore
    const positive = drafts.filter(({ place, masks }) => masks.length === 0 && place.label === 1 && /(^|[^a-z])positives?([^a-z]|$)/i.test(place.folder)).map(({ place }) => place); // prettier-ignore
    if (positive.length > 0)
      this.#ask('positive', positive, (count, where) => `${counted(count, 'image')} in ${where} ${count === 1 ? 'is' : 'are'} taken as anomalous: "positive" means that a defect was found. Does it mean good here?`); // prettier-ignore
    this.#askAboutHeaps(drafts);
  }

  /** Images in several folders, none of which says anything. */
  #askAboutHeaps(drafts: readonly Draft[]): void {
    if (this.#hasSplits || drafts.some(({ flat, masks }) => !flat || masks.length > 0)) return;
    const places = drafts.map(({ place }) => place);
    if (new Set(places.map(({ folder }) => folder)).size < 2) return;
    const what = this.options.side === 'train' ? 'normal images to train on' : 'images to test';
    this.#ask('folders', places, (count, where) => `Nothing says what the folders ${where} hold; all ${counted(count, 'image')} are taken as ${what}. Are they?`); // prettier-ignore
  }
}

/** Images that are labelled alike: those of one folder of a split, or of one class. */
const groupOf = ({ category, split, place }: Draft): string =>
  split === null ? `class ${category}` : `folder ${place.folder}`;
