// The backbone in use and the weights it came from: bundled and downloaded ones are read when first asked for, all are
// kept in main memory, so that a choice can be undone and a lost device be filled again.
import { BackboneNotHere } from '../backbones/errors';
import { parseBackboneId } from '../backbones/hubTable';
import { identifyArchitecture } from '../backbones/identify';
import { createBackbone, type Backbone } from '../backbones/registry';
import { readSafetensors, type StoredTensor } from '../formats/safetensors';
import { NotOpen } from './errors';

/** Backbones that ship with the program, and their files relative to its base. */
export const BUNDLED_WEIGHTS: Readonly<Record<string, string>> = {
  mini_resnet: 'weights/mini_resnet.safetensors',
};

type Tensors = ReadonlyMap<string, StoredTensor>;

export interface NamedWeights {
  id: string;
  tensors: Tensors;
}

export interface WeightSources {
  readBundled(path: string): Promise<ArrayBuffer>;
  /** Weights of an earlier download, without the network. */
  readKept(id: string): Promise<NamedWeights | null>;
}

export class BackboneStore {
  readonly #sources: WeightSources;
  readonly #weights = new Map<string, Tensors>();
  #current: Backbone | null = null;

  constructor(sources: WeightSources) {
    this.#sources = sources;
  }

  get current(): Backbone {
    if (!this.#current) throw new NotOpen();
    return this.#current;
  }

  /**
   * Makes a backbone the current one. @returns whether it is another one than before
   * @throws BackboneNotHere for weights that are neither bundled nor loaded nor kept; the present one stays
   */
  async use(id: string): Promise<boolean> {
    if (this.#current && satisfies(this.#current.id, id)) return false;
    const { id: found, tensors } = await this.#find(id);
    this.#replace(createBackbone(found, tensors));
    return true;
  }

  /**
   * Takes weights from a file and makes them current. @returns the backbone's id
   * @throws BadSafetensors, WrongArchitecture, MissingTensor, WrongShape, NanWeights; the present one stays
   */
  load(name: string, bytes: Uint8Array): string {
    const file = readSafetensors(bytes);
    const { id } = identifyArchitecture(file, name);
    this.#replace(createBackbone(id, file.tensors));
    this.#weights.set(id, file.tensors);
    return id;
  }

  /**
   * Takes downloaded weights and makes them current, once they have run on an image of `size` pixels per side.
   * @throws what createBackbone throws; the present one stays
   */
  async adopt({ id, tensors }: NamedWeights, size: number, onUploaded: () => void): Promise<string> {
    const next = createBackbone(id, tensors);
    try {
      onUploaded();
      await next.warmUp(size);
    } catch (error) {
      next.dispose();
      throw error;
    }
    this.#replace(next);
    this.#weights.set(id, tensors);
    return id;
  }

  /** Whether a wish can be had without the cache or the network. */
  has(id: string): boolean {
    return id in BUNDLED_WEIGHTS || [...this.#weights.keys()].some((known) => satisfies(known, id));
  }

  /** Uploads the current weights to a new device; the tensors of the lost one are gone. */
  async refill(): Promise<void> {
    const id = this.#current?.id;
    this.#current = null;
    if (id) this.#replace(createBackbone(id, (await this.#find(id)).tensors));
  }

  async #find(id: string): Promise<NamedWeights> {
    for (const [known, tensors] of this.#weights) if (satisfies(known, id)) return { id: known, tensors };
    const path = BUNDLED_WEIGHTS[id];
    const found = path ? await this.#readBundled(id, path) : await this.#sources.readKept(id);
    if (!found) throw new BackboneNotHere(id);
    this.#weights.set(found.id, found.tensors);
    return found;
  }

  async #readBundled(id: string, path: string): Promise<NamedWeights> {
    return { id, tensors: readSafetensors(await this.#sources.readBundled(path)).tensors };
  }

  #replace(next: Backbone): void {
    this.#current?.dispose();
    this.#current = next;
  }
}

/** Whether weights answer a wish: the same ones, or any of the architecture when the wish names no tag. */
function satisfies(weights: string, wish: string): boolean {
  return weights === wish || parseBackboneId(weights).architecture === wish;
}
