// Images coming in, leaving and being relabelled: keeps the store of images and the store of features in step, and
// lets someone wait for an image that is still on its way.
import { toReport } from '../../lib/errors';
import type { tf } from '../../lib/gpu/tf';
import type { RgbImage } from '../../lib/images/image';
import type { Notice } from '../../lib/images/notices';
import { UnknownImage } from '../api/errors';
import type { FeatureStore } from './featureStore';
import { ownerOf, type ImageParts, type PartId } from './imageParts';
import type { ImageStore } from './imageStore';
import type { AddReport, Calls, EngineEvent, ImageFile, ImageId } from '../api/types';

export interface ImageIntakeOptions {
  images: ImageStore;
  features: FeatureStore;
  emit(event: EngineEvent): void;
  /** The training images are others than before. */
  onChanged(): void;
  /** The range of a set's pixel values moved: its images look different. */
  onRange(): void;
}

export class ImageIntake {
  readonly #options: ImageIntakeOptions;
  readonly #pending = new PendingImages();

  constructor(options: ImageIntakeOptions) {
    this.#options = options;
  }

  async add(files: ImageFile[]): Promise<AddReport> {
    const report: AddReport = { added: [], refused: [] };
    const arrivals = files.map(({ id }) => this.#pending.announce(id));
    for (const [i, file] of files.entries()) await this.#addOne(file, arrivals[i]!, report);
    if (report.added.length > 0) this.#changed();
    return report;
  }

  remove(ids: ImageId[]): void {
    this.#pending.withdraw(ids);
    const { images, features } = this.#options;
    const parts = ids.flatMap((id) => [id, ...(images.get(id) ? images.parts(id).ids : [])]);
    ids.forEach((id) => images.remove(id));
    features.remove(parts);
    this.#changed();
  }

  label({ ids, label, type }: Calls['labelImages']['in']): void {
    ids.forEach((id) => this.#options.images.relabel(id, label, type));
    this.#changed();
  }

  /** Waits for an image that is still on its way. */
  async setMask({ id, mask, label, type }: Calls['setMask']['in']): Promise<Notice[]> {
    await this.#pending.of(id);
    const notices = await this.#options.images.setMask(id, mask);
    this.label({ ids: [id], label, type });
    return notices;
  }

  /** phi [1, H, W, C] of a part of an image that is here or on its way; the caller disposes it. @throws UnknownImage */
  async arrived(part: PartId): Promise<tf.Tensor4D> {
    const id = ownerOf(part);
    await this.#pending.of(id);
    if (!this.#options.images.get(id)) throw new UnknownImage(id);
    return this.#options.features.get(part);
  }

  /** The parts of an image that is here or on its way. @throws UnknownImage */
  async parts(id: ImageId): Promise<ImageParts> {
    await this.#pending.of(id);
    return this.#options.images.parts(id);
  }

  #changed(): void {
    if (this.#options.images.followRange()) this.#options.onRange();
    this.#options.onChanged();
  }

  async #addOne(file: ImageFile, arrival: Arrival, report: AddReport): Promise<void> {
    const { images, features, emit } = this.#options;
    try {
      const prepared = await images.add(file, arrival.wanted);
      if (!prepared) return;
      const { width, height, orientation, thumbnail, showable, notices } = prepared;
      report.added.push(file.id);
      features.add(images.parts(file.id).ids);
      emit({
        kind: 'decoded',
        id: file.id,
        width,
        height,
        orientation,
        thumbnail: await toBitmap(thumbnail),
        showable,
        notices,
      });
    } catch (error) {
      report.refused.push({ id: file.id, name: file.name, error: toReport(error) });
    } finally {
      arrival.end();
    }
  }
}

interface Arrival {
  /** False when the image was withdrawn, or handed over anew. */
  wanted(): boolean;
  /** To be called when the image is here or was refused. */
  end(): void;
}

/**
 * Images that were handed over and are still being decoded: whoever asks for one waits instead of being refused, and
 * whoever takes one back meanwhile keeps it from coming in.
 */
class PendingImages {
  readonly #pending = new Map<ImageId, Promise<void>>();

  /** Says that an image is on its way. */
  announce(id: ImageId): Arrival {
    let arrived = () => {};
    const pending = new Promise<void>((resolve) => (arrived = resolve));
    this.#pending.set(id, pending);
    const wanted = () => this.#pending.get(id) === pending;
    return {
      wanted,
      end: () => {
        if (wanted()) this.#pending.delete(id);
        arrived();
      },
    };
  }

  /** Takes images back that are still on their way. */
  withdraw(ids: readonly ImageId[]): void {
    ids.forEach((id) => this.#pending.delete(id));
  }

  /** Resolves when nothing is known to be on its way under this id any more. */
  async of(id: ImageId): Promise<void> {
    await this.#pending.get(id);
  }
}

/** A thumbnail as something that crosses to the page without a copy; null where there are no bitmaps (Node). */
async function toBitmap({ width, height, data }: RgbImage): Promise<ImageBitmap | null> {
  if (typeof createImageBitmap === 'undefined') return null;
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0, from = 0; i < pixels.length; i += 4, from += 3) {
    pixels[i] = data[from]!;
    pixels[i + 1] = data[from + 1]!;
    pixels[i + 2] = data[from + 2]!;
  }
  return createImageBitmap(new ImageData(pixels, width, height));
}
