// Models that were compared, set aside under names: each as its file in main memory, the latest used also on the GPU.
// Both within budgets: the longest unused leaves the GPU first, the oldest file is given up last. The model in use is
// trainedModel.ts.
import { readModelFile } from './modelFile';
import type { ModelState } from './modelState';

export interface ModelCacheBudgets {
  /** Bytes of files whose models are on the GPU, and of files altogether. */
  gpu: number;
  files: number;
}

const BUDGETS: ModelCacheBudgets = { gpu: 256 * 2 ** 20, files: 1024 * 2 ** 20 };

export class ModelCache {
  /** Oldest first. */
  readonly #files = new Map<string, ArrayBuffer>();
  /** Longest unused first. */
  readonly #onGpu = new Map<string, ModelState>();
  readonly #budgets: ModelCacheBudgets;
  readonly #read: typeof readModelFile;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(budgets = BUDGETS, read = readModelFile) {
    this.#budgets = budgets;
    this.#read = read;
  }

  /** Names in the order in which they were set aside. */
  get names(): string[] {
    return [...this.#files.keys()];
  }

  /** Keeps a model's file under a name, in place of what was there. The oldest go when there is no room. */
  put(name: string, file: ArrayBuffer): void {
    this.drop([name]);
    this.#files.set(name, file);
    for (const oldest of this.names) {
      if (oldest !== name && this.#bytesOf(this.#files.keys()) > this.#budgets.files) this.drop([oldest]);
    }
  }

  drop(names: readonly string[]): void {
    for (const name of names) {
      this.#files.delete(name);
      this.#leaveGpu(name);
    }
  }

  /**
   * Lets `work` use a model, which is uploaded again where it has left the GPU. The work is synchronous, so that no model
   * leaves while it is used. @returns null when the model is not kept any more @throws what reading its file throws
   */
  use<T>(name: string, work: (state: ModelState) => T): Promise<T | null> {
    const done = this.#turn.then(async () => {
      const file = this.#files.get(name);
      if (!file) return null;
      const state = this.#onGpu.get(name) ?? (await this.#read(file));
      return this.#keep(name, file, state) ? work(state) : null;
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** The device is lost and what was on it: models are uploaded again when they are used. */
  abandon(): void {
    this.#onGpu.clear();
  }

  /** Makes it the latest used; others leave the GPU until the budget holds. False when it was given up meanwhile. */
  #keep(name: string, file: ArrayBuffer, state: ModelState): boolean {
    if (this.#files.get(name) !== file) {
      state.model.dispose();
      return false;
    }
    this.#onGpu.delete(name);
    this.#onGpu.set(name, state);
    for (const other of [...this.#onGpu.keys()]) {
      if (other !== name && this.#bytesOf(this.#onGpu.keys()) > this.#budgets.gpu) this.#leaveGpu(other);
    }
    return true;
  }

  #leaveGpu(name: string): void {
    this.#onGpu.get(name)?.model.dispose();
    this.#onGpu.delete(name);
  }

  #bytesOf(names: Iterable<string>): number {
    let bytes = 0;
    for (const name of names) bytes += this.#files.get(name)?.byteLength ?? 0;
    return bytes;
  }
}
