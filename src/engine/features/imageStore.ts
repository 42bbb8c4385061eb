// The images the engine knows: where their encoded bytes can be read (a user's file stays on the disk), their labels,
// how they are cut into what the network looks at, and, while there is room, the pixels of that. What is dropped here is
// decoded again when needed. No GPU.
import { cutOf, layoutOf, partsOf, sameFraming, squashed, type Framing } from '../../lib/framing';
import type { Mask, RgbImage } from '../../lib/images/image';
import { RemedyError, toReport } from '../../lib/errors';
import { cutImage, cutMask, type InputImage } from '../../lib/images/cut';
import { defectRegions } from '../../lib/images/defectRegions';
import type { Saturation } from '../../lib/scoring/metrics/saturation';
import { decodeImage, decodeMask } from '../../lib/images/decode';
import type { Notice } from '../../lib/images/notices';
import type { Orientation } from '../../lib/images/orientation';
import type { PixelRange } from '../../lib/images/pixelRange';
import { prepareImage, prepareMask, type PreparedImage, type PreparedMask } from '../../lib/images/prepare';
import { toThumbnail } from '../../lib/images/thumbnail';
import { Random } from '../../lib/nn/random';
import { BUDGETS } from '../adapter/budgets';
import { ImageFileGone, UnknownImage } from '../api/errors';
import type { DefectMasks, Encoded, ImageFile, ImageId, Label, Split } from '../api/types';
import { findTwins, likenessOf, type Likeness, type Twins } from './likeness';
import { inSample, ownerOf, partIds, partOf, type ImageParts, type PartId } from './imageParts';
import { SetRange, type RangedImage } from './setRange';

export interface StoredImage {
  id: ImageId;
  name: string;
  split: Split;
  label: Label;
  type: string;
  /** As stored, orientation applied. */
  width: number;
  height: number;
  /** How the file's pixels were turned. */
  orientation: Orientation;
  /** Of samples of more than eight bits; null for eight. */
  extremes: PixelRange | null;
  likeness: Likeness;
  bytes: Encoded;
  mask: Encoded | null;
  regions: DefectMasks | null;
}

export class ImageStore {
  readonly #images = new Map<ImageId, StoredImage>();
  readonly #prepared = new Map<PartId, InputImage>();
  /** Those of them that were looked at: they give way first. */
  readonly #used = new Set<PartId>();
  /** The last one that was cut: its other tiles are asked for next. */
  readonly #whole = new Latest<RgbImage>();
  readonly #wholeMask = new Latest<Mask>();
  readonly #budget: number;
  readonly #range = new SetRange();
  #preparedBytes = 0;
  #framing: Framing;
  /** How masks are read unless something else is asked for: defects black on white. */
  invertMasks = false;

  /** @param size input size in pixels, until another framing is set. @param budget bytes of prepared pixels */
  constructor(size: number, budget = BUDGETS.preparedPixels) {
    this.#framing = squashed(size);
    this.#budget = budget;
  }

  /** How images become inputs; changing it drops the prepared pixels. */
  get framing(): Framing {
    return this.#framing;
  }

  /** @throws TooManyTiles when an image would fall into too many */
  mayFrame(framing: Framing): void {
    for (const image of this.#images.values()) cutOf(image, framing);
  }

  set framing(framing: Framing) {
    if (sameFraming(framing, this.#framing)) return;
    this.#framing = framing;
    this.#prepared.clear();
    this.#used.clear();
    this.#preparedBytes = 0;
    this.#whole.forget();
    this.#wholeMask.forget();
  }

  /** What the network looks at of an image, and how the maps of that lie on the image's. @throws UnknownImage */
  parts(id: ImageId): ImageParts {
    const image = this.#images.get(id);
    if (!image) throw new UnknownImage(id);
    const cut = cutOf(image, this.#framing);
    return { ids: partIds(id, partsOf(cut)), layout: layoutOf(cut) };
  }

  /** Parts of all images that there are. */
  allParts(): PartId[] {
    return this.partsOf([...this.#images.values()]);
  }

  partsOf(images: readonly Pick<StoredImage, 'id'>[]): PartId[] {
    return images.flatMap(({ id }) => this.parts(id).ids);
  }

  /** How many of the training images are learned from, 0: all, and the seed that draws them. */
  shots: { count: number; seed: number } = { count: 0, seed: 0 };

  /** The training images that are learned from, in their order. */
  drawn(): StoredImage[] {
    const all = this.training();
    const { count, seed } = this.shots;
    if (count === 0 || count >= all.length) return all;
    const taken = new Set(Random.stream(seed, 'shots').permutation(all.length).slice(0, count));
    return all.filter((_, i) => taken.has(i));
  }

  /** Parts of the training images that are learned from; of very many tiles a sample, always the same. */
  trainingParts(): PartId[] {
    return inSample(this.partsOf(this.drawn()));
  }

  /** For the reader of figures: sizes of maps, tiles of an image at most, and how many of the training tiles are learned from. */
  shapes(): { maps: string[]; parts: number; learned: number; training: number } {
    const all = [...this.#images.keys()].map((id) => this.parts(id));
    const maps = all.map(({ layout: { columns, rows } }) => `${columns.size} x ${rows.size}`);
    return {
      maps: [...new Set(maps)],
      parts: all.reduce((most, { ids }) => Math.max(most, ids.length), 1),
      learned: this.trainingParts().length,
      training: this.partsOf(this.drawn()).length,
    };
  }

  /** The range of samples of more than eight bits; null while there are none. */
  get range(): PixelRange | null {
    return this.#range.current;
  }

  /** @param text `auto`, or `low:high` @returns whether images look different now @throws BadPixelRange */
  setRange(text: string): boolean {
    return this.#changingRange((range) => range.set(text));
  }

  /** A training begins. @returns whether images look different now */
  settleRange(): boolean {
    return this.#changingRange((range) => range.settle(this.#ranged()));
  }

  /** A model was loaded that knows this range. @returns whether images look different now */
  adoptRange(range: PixelRange | null): boolean {
    return this.#changingRange((own) => own.adopt(range));
  }

  /** Images came or left. @returns whether the others look different now */
  followRange(): boolean {
    return this.#changingRange((range) => range.follow(this.#ranged()));
  }

  /**
   * Decodes and keeps a file; a mask that does not fit is left out with a notice. @throws the image decoder's errors;
   * nothing is kept then
   * @param wanted asked when the file is decoded; null is returned, and nothing kept, when it says no
   */
  async add(file: ImageFile, wanted: () => boolean): Promise<PreparedImage | null> {
    const { bytes } = file;
    const framing = this.#framing;
    const prepared = await prepareImage(await read(bytes, file.name), framing, (own) =>
      this.#range.forNew(own),
    );
    const { mask, notices } = await this.#usableMask(file, prepared);
    if (!wanted()) return null;
    const { id, name, split, label, type, regions = null } = file;
    const { width, height, orientation, extremes, image } = prepared;
    const known = { id, name, split, label, type, width, height, orientation, extremes };
    this.#images.set(id, { ...known, likeness: likenessOf(image), bytes, mask, regions });
    this.#dropPrepared(id);
    // The input size may have changed meanwhile.
    if (framing === this.#framing) this.#keepParts(id, prepared);
    return { ...prepared, notices: [...prepared.notices, ...notices] };
  }

  remove(id: ImageId): void {
    this.#images.delete(id);
    this.#dropPrepared(id);
  }

  relabel(id: ImageId, label: Label, type: string): void {
    const image = this.#images.get(id);
    if (image) this.#images.set(id, { ...image, label, type });
  }

  /**
   * Another mask for an image, or none. @returns notices about how it was read
   * @throws UnknownImage, the decoder's errors, MaskSizeMismatch; the mask it had stays
   */
  async setMask(id: ImageId, mask: Encoded | null): Promise<Notice[]> {
    const before = this.#images.get(id);
    if (!before) throw new UnknownImage(id);
    const bytes = mask && (await read(mask, before.name));
    const notices = bytes ? (await this.#prepareMask(bytes, before)).notices : [];
    // It may have been relabelled or removed meanwhile.
    const image = this.#images.get(id);
    if (!image) throw new UnknownImage(id);
    this.#images.set(id, { ...image, mask, regions: null });
    this.#wholeMask.forget();
    return notices;
  }

  get(id: ImageId): StoredImage | undefined {
    return this.#images.get(id);
  }

  /** The image as the user knows it; its id when it has left. */
  nameOf(id: ImageId): string {
    return this.#images.get(id)?.name ?? id;
  }

  /** All images of a split, sorted by name (code units), so that the order of loading never matters. */
  of(split: Split): StoredImage[] {
    return [...this.#images.values()]
      .filter((image) => image.split === split)
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  }

  /** What both stages learn from: training images that nobody called anomalous. */
  training(): StoredImage[] {
    return this.of('train').filter(({ label }) => label !== 1);
  }

  /** Real anomalies to learn from in the supervised variant: anomalous training images with a mask. */
  realAnomalies(): StoredImage[] {
    return this.of('train').filter(({ label, mask }) => label === 1 && mask !== null);
  }

  /** Pixels of a part at the input size. @throws RangeError for an unknown image */
  async prepared(part: PartId): Promise<InputImage> {
    const kept = this.#prepared.get(part);
    if (kept) return kept;
    const id = ownerOf(part);
    const image = this.#images.get(id);
    if (!image) throw new RangeError(`no image ${id}`);
    const framing = this.#framing;
    const cut = cutOf(image, framing);
    const decoded = async () =>
      (await decodeImage(await read(image.bytes, image.name), this.#range.forNew(image.extremes))).image;
    const whole = partsOf(cut) === 1 ? decoded() : this.#whole.of(id, decoded);
    return cutImage(await whole, cut, framing, partOf(part));
  }

  /** The whole image as it is read, its longest side at most `side` pixels. @throws UnknownImage, the decoder's errors */
  async picture(id: ImageId, side: number): Promise<RgbImage> {
    const image = this.#images.get(id);
    if (!image) throw new UnknownImage(id);
    const bytes = await read(image.bytes, image.name);
    return toThumbnail((await decodeImage(bytes, this.range)).image, side);
  }

  /** Its features are there: its pixels may make room for others'. */
  used(part: PartId): void {
    if (this.#prepared.has(part)) this.#used.add(part);
  }

  /** Ground truth at the size of its map; null for an image without one. */
  async mask(id: ImageId, inverted = this.invertMasks): Promise<Mask | null> {
    return (await this.preparedMask(id, { inverted }))?.mask ?? null;
  }

  /** Ground truth on one part, at the input size; null for an image without one. */
  async partMask(part: PartId): Promise<Mask | null> {
    const id = ownerOf(part);
    const image = this.#images.get(id);
    if (!image?.mask) return null;
    const framing = this.#framing;
    if (framing.fit === 'squash') return this.mask(id);
    const { mask: bytes, name } = image;
    const inverted = this.invertMasks;
    const whole = await this.#wholeMask.of(`${id} ${inverted}`, async () => {
      return (await decodeMask(await read(bytes, name), { inverted, image })).mask;
    });
    return cutMask(whole, image, cutOf(image, framing), framing, partOf(part));
  }

  /** The same with what is left of its marks; `whole`: at its own size. */
  async preparedMask(
    id: ImageId,
    { inverted = this.invertMasks, whole = false }: { inverted?: boolean | undefined; whole?: boolean } = {},
  ): Promise<PreparedMask | null> {
    const image = this.#images.get(id);
    if (!image?.mask) return null;
    const bytes = await read(image.mask, image.name);
    return whole ? prepareMask(bytes, null, image, { inverted }) : this.#prepareMask(bytes, image, inverted);
  }

  /** Its defects as the set tells them apart, with the saturation of each; null where it says nothing, or cannot be read. */
  async regions(id: ImageId, whole: boolean): Promise<{ mask: Mask; saturation: Saturation }[] | null> {
    const image = this.#images.get(id);
    if (!image?.regions || !image.mask) return null;
    const saturations = new Map(image.regions.saturations);
    try {
      const masks = await Promise.all(image.regions.masks.map((mask) => read(mask, image.name)));
      const { columns, rows } = layoutOf(cutOf(image, this.#framing));
      const size = { width: columns.size, height: rows.size };
      const found = await defectRegions(masks, whole ? null : size, image);
      return found.map(({ mask, value, scale }) => {
        const saturation = saturations.get(value) ?? { share: 1 };
        return {
          mask,
          saturation: 'share' in saturation ? saturation : { pixels: saturation.pixels / scale },
        };
      });
    } catch {
      // The mask they make together was judged already.
      return null;
    }
  }

  /** Test images that are training images too. */
  twins(): Twins {
    return findTwins(this.of('test'), this.training());
  }

  #prepareMask(
    bytes: Uint8Array,
    image: Pick<StoredImage, 'width' | 'height' | 'orientation'>,
    inverted = this.invertMasks,
  ): Promise<PreparedMask> {
    return prepareMask(bytes, this.#framing, image, { inverted });
  }

  /** A damaged mask, or one of another shape, costs its pixel figures, not the image. */
  async #usableMask(
    { mask, name, label }: ImageFile,
    image: PreparedImage,
  ): Promise<{ mask: Encoded | null; notices: Notice[] }> {
    if (!mask) return { mask: null, notices: [] };
    try {
      const { notices, marks } = await this.#prepareMask(await read(mask, name), image);
      return { mask, notices: label === 1 ? [...notices, ...noMarks(marks)] : notices };
    } catch (error) {
      const { message, remedy } = toReport(error);
      const text = `Its mask is left out: ${message} ${remedy}`;
      return { mask: null, notices: [{ kind: 'mask-left-out', text }] };
    }
  }

  #ranged(): RangedImage[] {
    return [...this.#images.values()].map(({ extremes, split, label }) => {
      return { extremes, trains: split === 'train' && label !== 1 };
    });
  }

  #changingRange(change: (range: SetRange) => void): boolean {
    const before = this.#range.current;
    change(this.#range);
    const now = this.#range.current;
    if (before?.[0] === now?.[0] && before?.[1] === now?.[1]) return false;
    const deep = [...this.#images.values()].filter(({ extremes }) => extremes !== null);
    deep.forEach(({ id }) => this.#dropPrepared(id));
    return deep.length > 0;
  }

  /** Tiles are cut one by one, as long as there is room for them. */
  #keepParts(id: ImageId, { whole, image }: PreparedImage): void {
    const cut = cutOf(whole, this.#framing);
    const ids = partIds(id, partsOf(cut));
    if (ids.length === 1) return void this.#keepPrepared(id, image);
    ids.every((part, i) => this.#keepPrepared(part, cutImage(whole, cut, this.#framing, i)));
  }

  /** @returns whether there was room for it */
  #keepPrepared(part: PartId, image: InputImage): boolean {
    const fits = () => this.#preparedBytes + image.data.byteLength <= this.#budget;
    for (const old of this.#used) if (!fits()) this.#dropPart(old);
    if (!fits()) return false;
    this.#preparedBytes += image.data.byteLength;
    this.#prepared.set(part, image);
    return true;
  }

  #dropPrepared(id: ImageId): void {
    this.#dropPart(id);
    if (this.#framing.fit !== 'tile') return;
    for (const part of [...this.#prepared.keys()]) if (ownerOf(part) === id) this.#dropPart(part);
    this.#whole.forget();
    this.#wholeMask.forget();
  }

  #dropPart(part: PartId): void {
    this.#preparedBytes -= this.#prepared.get(part)?.data.byteLength ?? 0;
    this.#prepared.delete(part);
    this.#used.delete(part);
  }
}

/** The last thing that was made, for whoever asks for the same again; several who ask at once share the making. */
class Latest<T> {
  #key: string | null = null;
  #made: Promise<T> | null = null;

  of(key: string, make: () => Promise<T>): Promise<T> {
    if (key === this.#key && this.#made) return this.#made;
    const made = make();
    [this.#key, this.#made] = [key, made];
    // A failure is not kept.
    made.catch(() => made === this.#made && this.forget());
    return made;
  }

  forget(): void {
    [this.#key, this.#made] = [null, null];
  }
}

/** @throws ImageFileGone when a file on the disk cannot be read (any more) */
async function read(source: Encoded, name: string): Promise<Uint8Array> {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  try {
    return new Uint8Array(await source.arrayBuffer());
  } catch (cause) {
    // What the file's owner has to say is more than that it is gone.
    throw cause instanceof RemedyError ? cause : new ImageFileGone(name, { cause });
  }
}

/** An anomalous image whose mask marks nothing says less than it seems to. */
function noMarks(marks: PreparedMask['marks']): Notice[] {
  if (marks === 'some') return [];
  const why =
    marks === 'nothing'
      ? 'Its mask marks nothing, although the image counts as anomalous'
      : 'Nothing is left of its mask at the input size: its defects are too small';
  const text = `${why}. Its pixels count for no pixel figure${marks === 'nothing' ? ', unless empty masks are to count (--empty-masks)' : ''}.`;
  return [{ kind: 'mask-empty', text }];
}
