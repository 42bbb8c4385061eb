// Images coming in, leaving and being relabelled: keeps the store of images and the store of features in step, and
// lets someone wait for an image that is still on its way.
import { toReport } from '../../lib/errors';
import type { tf } from '../../lib/gpu/tf';
import { Arrivals, type Arrival } from './pendingImages';
import { UnknownImage } from '../api/errors';
import type { FeatureStore } from './featureStore';
import type { ImageStore } from './imageStore';
import { toBitmap } from './thumbnails';
import type { AddReport, Calls, EngineEvent, ImageFile, ImageId } from '../api/types';

export interface IntakeOptions {
  images: ImageStore;
  features: FeatureStore;
  emit(event: EngineEvent): void;
  /** The training images are others than before. */
  onChanged(): void;
}

export class Intake {
  readonly #options: IntakeOptions;
  readonly #arrivals = new Arrivals();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async add(files: ImageFile[]): Promise<AddReport> {
    const report: AddReport = { added: [], refused: [] };
    const arrivals = files.map(({ id }) => this.#arrivals.announce(id));
    for (const [i, file] of files.entries()) await this.#addOne(file, arrivals[i]!, report);
    if (report.added.length > 0) this.#options.onChanged();
    return report;
  }

  remove(ids: ImageId[]): void {
    this.#arrivals.withdraw(ids);
    ids.forEach((id) => this.#options.images.remove(id));
    this.#options.features.remove(ids);
    this.#options.onChanged();
  }

  label({ ids, label, type }: Calls['labelImages']['in']): void {
    ids.forEach((id) => this.#options.images.relabel(id, label, type));
    this.#options.onChanged();
  }

  /** Waits for an image that is still on its way. */
  async setMask({ id, mask, label, type }: Calls['setMask']['in']): Promise<string[]> {
    await this.#arrivals.of(id);
    const notices = await this.#options.images.setMask(id, mask);
    this.label({ ids: [id], label, type });
    return notices;
  }

  /** phi [1, H, W, C] of an image that is here or on its way; the caller disposes it. @throws UnknownImage */
  async arrived(id: ImageId): Promise<tf.Tensor4D> {
    await this.#arrivals.of(id);
    if (!this.#options.images.get(id)) throw new UnknownImage(id);
    return this.#options.features.get(id);
  }

  async #addOne(file: ImageFile, arrival: Arrival, report: AddReport): Promise<void> {
    const { images, features, emit } = this.#options;
    try {
      const prepared = await images.add(file, arrival.wanted);
      if (!prepared) return;
      const { width, height, thumbnail, notices } = prepared;
      report.added.push(file.id);
      features.add([file.id]);
      emit({
        kind: 'decoded',
        id: file.id,
        width,
        height,
        thumbnail: await toBitmap(thumbnail),
        notices,
      });
    } catch (error) {
      report.refused.push({ id: file.id, name: file.name, error: toReport(error) });
    } finally {
      arrival.end();
    }
  }
}
