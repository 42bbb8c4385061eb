// The last trained (or loaded) model, with its file: what is handed out, and what is left when the device is lost.
import { NoModel } from '../api/errors';
import { readModelFile, writeModelFile } from './modelFile';
import type { ModelState } from './modelState';

export class TrainedModel {
  #state: ModelState | null = null;
  #file: ArrayBuffer | null = null;
  /** Models come in the order in which they were asked for, however long the reading of one takes. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #read: typeof readModelFile;

  constructor(read = readModelFile) {
    this.#read = read;
  }

  get state(): ModelState | null {
    return this.#state;
  }

  /** Takes the place of the one before. */
  keep(next: ModelState): Promise<void> {
    return this.#inTurn(async () => this.#adopt(next, await writeModelFile(next)));
  }

  /** @throws BadSafetensors, BadModelFile; the present one stays */
  load(file: ArrayBuffer): Promise<void> {
    return this.#inTurn(async () => this.#adopt(await this.#read(file), file));
  }

  /** @throws NoModel */
  file(): ArrayBuffer {
    if (!this.#file) throw new NoModel();
    // A copy: it may be handed over to another thread.
    return this.#file.slice(0);
  }

  /** Uploads the model to a new device; the tensors of the lost one are gone. */
  async refill(): Promise<void> {
    this.#state = this.#file && (await this.#read(this.#file));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #adopt(next: ModelState, file: ArrayBuffer): void {
    this.#state?.model.dispose();
    this.#state = next;
    this.#file = file;
  }
}
