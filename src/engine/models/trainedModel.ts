// The last trained (or loaded) model, with its file: what is handed out, and what is left when the device is lost.
import { NoModel } from '../api/errors';
import { readModelFile, writeModelFile } from './modelFile';
import type { ModelState } from './modelState';

export class TrainedModel {
  #state: ModelState | null = null;
  #file: ArrayBuffer | null = null;

  get state(): ModelState | null {
    return this.#state;
  }

  /** Takes the place of the one before. */
  async keep(next: ModelState): Promise<void> {
    this.#adopt(next, await writeModelFile(next));
  }

  /** @throws BadSafetensors, BadModelFile; the present one stays */
  async load(file: ArrayBuffer): Promise<void> {
    this.#adopt(await readModelFile(file), file);
  }

  /** @throws NoModel */
  file(): ArrayBuffer {
    if (!this.#file) throw new NoModel();
    // A copy: it may be handed over to another thread.
    return this.#file.slice(0);
  }

  /** Uploads the model to a new device; the tensors of the lost one are gone. */
  async refill(): Promise<void> {
    this.#state = this.#file && (await readModelFile(this.#file));
  }

  #adopt(next: ModelState, file: ArrayBuffer): void {
    this.#state?.model.dispose();
    this.#state = next;
    this.#file = file;
  }
}
