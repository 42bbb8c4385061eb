// The images the engine knows: where their encoded bytes can be read (a user's file stays on the disk), their labels,
// and, while there is room, their pixels at the input size. What is dropped here is decoded again when needed. No GPU.
import type { Mask, RgbImage } from '../../lib/images/image';
import { RemedyError, toReport } from '../../lib/errors';
import { prepareImage, prepareMask, type PreparedImage } from '../../lib/images/prepare';
import { BUDGETS } from '../adapter/budgets';
import { ImageFileGone, UnknownImage } from '../api/errors';
import type { Encoded, ImageFile, ImageId, Label, Split } from '../api/types';

export interface StoredImage {
  id: ImageId;
  name: string;
  split: Split;
  label: Label;
  type: string;
  /** As stored, orientation applied. */
  width: number;
  height: number;
  bytes: Encoded;
  mask: Encoded | null;
}

export class ImageStore {
  readonly #images = new Map<ImageId, StoredImage>();
  readonly #prepared = new Map<ImageId, RgbImage>();
  /** Those of them that were looked at: they give way first. */
  readonly #used = new Set<ImageId>();
  readonly #budget: number;
  #preparedBytes = 0;
  #size: number;

  /** @param budget bytes of prepared pixels */
  constructor(size: number, budget = BUDGETS.preparedPixels) {
    this.#size = size;
    this.#budget = budget;
  }

  /** Input size S; changing it drops the prepared pixels. */
  get size(): number {
    return this.#size;
  }

  set size(size: number) {
    if (size === this.#size) return;
    this.#size = size;
    this.#prepared.clear();
    this.#used.clear();
    this.#preparedBytes = 0;
  }

  /**
   * Decodes and keeps a file; a mask that does not fit is left out with a notice. @throws the image decoder's errors;
   * nothing is kept then
   * @param wanted asked when the file is decoded; null is returned, and nothing kept, when it says no
   */
  async add(file: ImageFile, wanted: () => boolean): Promise<PreparedImage | null> {
    const { bytes } = file;
    const size = this.#size;
    const prepared = await prepareImage(await read(bytes, file.name), size);
    const { mask, notices } = await usableMask(file, size, prepared);
    if (!wanted()) return null;
    const { id, name, split, label, type } = file;
    const { width, height } = prepared;
    this.#images.set(id, { id, name, split, label, type, width, height, bytes, mask });
    // The input size may have changed meanwhile.
    if (size === this.#size) this.#keepPrepared(id, prepared.image);
    else this.#dropPrepared(id);
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
  async setMask(id: ImageId, mask: Encoded | null): Promise<string[]> {
    const before = this.#images.get(id);
    if (!before) throw new UnknownImage(id);
    const bytes = mask && (await read(mask, before.name));
    const notices = bytes ? (await prepareMask(bytes, this.#size, before)).notices : [];
    // It may have been relabelled or removed meanwhile.
    const image = this.#images.get(id);
    if (!image) throw new UnknownImage(id);
    this.#images.set(id, { ...image, mask });
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

  /** Pixels at the input size. @throws RangeError for an unknown image */
  async prepared(id: ImageId): Promise<RgbImage> {
    const kept = this.#prepared.get(id);
    if (kept) return kept;
    const image = this.#images.get(id);
    if (!image) throw new RangeError(`no image ${id}`);
    return (await prepareImage(await read(image.bytes, image.name), this.#size)).image;
  }

  /** Its features are there: its pixels may make room for others'. */
  used(id: ImageId): void {
    if (this.#prepared.has(id)) this.#used.add(id);
  }

  /** Ground truth at the input size; null for an image without one. */
  async mask(id: ImageId): Promise<Mask | null> {
    const image = this.#images.get(id);
    if (!image?.mask) return null;
    return (await prepareMask(await read(image.mask, image.name), this.#size, image)).mask;
  }

  #keepPrepared(id: ImageId, image: RgbImage): void {
    this.#dropPrepared(id);
    const fits = () => this.#preparedBytes + image.data.byteLength <= this.#budget;
    for (const old of this.#used) if (!fits()) this.#dropPrepared(old);
    if (!fits()) return;
    this.#preparedBytes += image.data.byteLength;
    this.#prepared.set(id, image);
  }

  #dropPrepared(id: ImageId): void {
    this.#preparedBytes -= this.#prepared.get(id)?.data.byteLength ?? 0;
    this.#prepared.delete(id);
    this.#used.delete(id);
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

/** A damaged mask, or one of another shape, costs its pixel figures, not the image. */
async function usableMask(
  { mask, name }: ImageFile,
  size: number,
  image: PreparedImage,
): Promise<{ mask: Encoded | null; notices: string[] }> {
  if (!mask) return { mask: null, notices: [] };
  try {
    return { mask, notices: (await prepareMask(await read(mask, name), size, image)).notices };
  } catch (error) {
    const { message, remedy } = toReport(error);
    return { mask: null, notices: [`Its mask is left out: ${message} ${remedy}`] };
  }
}
