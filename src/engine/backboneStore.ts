// The backbone in use and the weights it came from: bundled ones are read when first asked for, files are kept as
// bytes, so that a choice can be undone and a lost device be filled again.
import { BackboneNotHere } from '../backbones/errors';
import { parseBackboneId } from '../backbones/hubTable';
import { identifyArchitecture } from '../backbones/identify';
import { createBackbone, type Backbone } from '../backbones/registry';
import { readSafetensors } from '../formats/safetensors';
import { NotOpen } from './errors';

/** Backbones that ship with the program, and their files relative to its base. */
export const BUNDLED_WEIGHTS: Readonly<Record<string, string>> = {
  mini_resnet: 'weights/mini_resnet.safetensors',
};

export class BackboneStore {
  readonly #readBundled: (path: string) => Promise<ArrayBuffer>;
  readonly #files = new Map<string, Uint8Array>();
  #current: Backbone | null = null;

  constructor(readBundled: (path: string) => Promise<ArrayBuffer>) {
    this.#readBundled = readBundled;
  }

  get current(): Backbone {
    if (!this.#current) throw new NotOpen();
    return this.#current;
  }

  /**
   * Makes a backbone the current one. @returns whether it is another one than before
   * @throws BackboneNotHere for weights that are neither bundled nor loaded; the present one stays
   */
  async use(id: string): Promise<boolean> {
    if (this.#current && satisfies(this.#current.id, id)) return false;
    const { id: found, bytes } = await this.#weights(id);
    this.#replace(found, bytes);
    return true;
  }

  /**
   * Takes weights from a file and makes them current. @returns the backbone's id
   * @throws BadSafetensors, WrongArchitecture, MissingTensor, WrongShape, NanWeights; the present one stays
   */
  load(name: string, bytes: Uint8Array): string {
    const { id } = identifyArchitecture(readSafetensors(bytes), name);
    this.#replace(id, bytes);
    this.#files.set(id, bytes);
    return id;
  }

  /** Uploads the current weights to a new device; the tensors of the lost one are gone. */
  async refill(): Promise<void> {
    const id = this.#current?.id;
    this.#current = null;
    if (id) this.#replace(id, (await this.#weights(id)).bytes);
  }

  async #weights(id: string): Promise<{ id: string; bytes: Uint8Array }> {
    for (const [known, bytes] of this.#files) if (satisfies(known, id)) return { id: known, bytes };
    const path = BUNDLED_WEIGHTS[id];
    if (!path) throw new BackboneNotHere(id);
    const bytes = new Uint8Array(await this.#readBundled(path));
    this.#files.set(id, bytes);
    return { id, bytes };
  }

  #replace(id: string, bytes: Uint8Array): void {
    const next = createBackbone(id, readSafetensors(bytes).tensors);
    this.#current?.dispose();
    this.#current = next;
  }
}

/** Whether weights answer a wish: the same ones, or any of the architecture when the wish names no tag. */
function satisfies(weights: string, wish: string): boolean {
  return weights === wish || parseBackboneId(weights).architecture === wish;
}
