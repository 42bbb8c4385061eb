// The backbone in use and the weights it came from: bundled and downloaded ones are read when first asked for, all are
// kept in main memory, so that a choice can be undone and a lost device be filled again.
import { sha256OfTensors } from '../../lib/backbones/digest';
import { BackboneNotHere } from '../../lib/backbones/errors';
import { parseBackboneId } from '../../lib/backbones/hubTable';
import { assertArchitecture, identifyArchitecture, type Identity } from '../../lib/backbones/identify';
import { holdsAll } from '../../lib/backbones/hub';
import { neededTensors } from '../../lib/backbones/plan';
import { createBackbone, type Backbone } from '../../lib/backbones/registry';
import { BACKBONE_IDS } from '../../lib/backbones/table';
import { planForTaps, possibleTaps, resolveTaps, tapsText } from '../../lib/backbones/taps';
import { readSafetensors, type StoredTensor } from '../../lib/formats/safetensors';
import { BundleUnreadable, NotOpen } from '../api/errors';

/** Backbones that ship with the program, and their files relative to its base. */
export const BUNDLED_WEIGHTS: Readonly<Record<string, string>> = {
  mini_resnet: 'weights/mini_resnet.safetensors',
};

/**
 * Reads a file that ships with the program from the page's own origin; the command line brings its own reader.
 * @param path relative to the program's base
 * @throws BundleUnreadable
 */
export async function fetchBundled(path: string, baseUrl: string | undefined): Promise<ArrayBuffer> {
  const response = await fetch(new URL(path, baseUrl)).catch((error: unknown) => {
    throw new BundleUnreadable(path, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw new BundleUnreadable(path, `status ${response.status}`);
  return response.arrayBuffer();
}

type Tensors = ReadonlyMap<string, StoredTensor>;

export interface NamedWeights {
  id: string;
  tensors: Tensors;
}

export interface WeightsFile {
  name: string;
  bytes: Uint8Array;
  as?: string | undefined;
}

export interface LoadedFile {
  id: string;
  /** Other architectures that the file could as well belong to; empty when the file itself or the user says which. */
  alternatives: string[];
}

export interface WeightSources {
  readBundled(path: string): Promise<ArrayBuffer>;
  /** Weights of an earlier download that reach as far as these taps, without the network. */
  readKept(id: string, taps: string): Promise<NamedWeights | null>;
  /** Whether backbones run on the processor rather than on the GPU. */
  onProcessor(): boolean;
}

export class BackboneStore {
  readonly #sources: WeightSources;
  readonly #weights = new Map<string, Tensors>();
  #current: Backbone | null = null;
  #hashed: { of: Backbone; sha256: Promise<string> } | null = null;

  constructor(sources: WeightSources) {
    this.#sources = sources;
  }

  get current(): Backbone {
    if (!this.#current) throw new NotOpen();
    return this.#current;
  }

  /**
   * Makes a backbone with these taps the current one. @returns whether it is another one than before
   * @throws UnknownTap; BackboneNotHere for weights that are neither bundled nor loaded nor kept; the present one stays
   */
  async use(id: string, taps: string): Promise<boolean> {
    const { architecture } = parseBackboneId(id);
    if (!BACKBONE_IDS.includes(architecture)) throw new BackboneNotHere(id);
    const wish = tapsText(architecture, taps);
    if (this.#current && satisfies(this.#current.id, id) && this.#current.tapsText === wish) return false;
    this.#replace(this.#create(await this.#find(id, wish), wish));
    return true;
  }

  /**
   * Takes weights from a file and makes them current, with these taps if the architecture has them.
   * @param as architecture to take the file for, where its tensors fit more than one; they need reach no further than the taps
   * @param accept refuses a backbone that does not suit the input
   * @throws BadSafetensors, WrongArchitecture, MissingTensor, WrongShape, NanWeights, what `accept` throws; the present one stays
   */
  load(
    { name, bytes, as }: WeightsFile,
    taps: string,
    accept: (next: Backbone) => void = () => undefined,
  ): LoadedFile {
    const file = readSafetensors(bytes);
    const found = as === undefined ? identifyArchitecture(file, name) : assumed(as, file.tensors, taps);
    const { id } = found;
    const next = this.#create({ id, tensors: file.tensors }, possibleTaps(parseBackboneId(id).architecture, taps)); // prettier-ignore
    try {
      accept(next);
    } catch (error) {
      next.dispose();
      throw error;
    }
    this.#replace(next);
    this.#weights.set(id, file.tensors);
    const { architecture } = this.current;
    return {
      id,
      alternatives: found.certain ? [] : found.candidates.filter((other) => other !== architecture),
    };
  }

  /**
   * Takes downloaded weights and makes them current, once they have run on an image of `size` pixels per side.
   * @throws what createBackbone throws; the present one stays
   */
  async adopt(
    weights: NamedWeights,
    { size, taps }: { size: number; taps: string },
    onUploaded: () => void,
  ): Promise<string> {
    const next = this.#create(weights, taps);
    try {
      onUploaded();
      await next.warmUp(size);
    } catch (error) {
      next.dispose();
      throw error;
    }
    this.#replace(next);
    this.#weights.set(weights.id, weights.tensors);
    return weights.id;
  }

  /** SHA-256 of the weights in use, over the tensors that count; null without a backbone. */
  sha256(): Promise<string | null> {
    const of = this.#current;
    const weights = of && this.#weights.get(of.id);
    if (!of || !weights) return Promise.resolve(null);
    if (this.#hashed?.of !== of) {
      const plan = planForTaps(of.architecture, of.tapsText);
      const names = [...neededTensors(plan).keys(), 'projection'];
      const sha256 = sha256OfTensors(names.flatMap((name) => weights.get(name) ?? []));
      this.#hashed = { of, sha256 };
    }
    return this.#hashed!.sha256;
  }

  /** Whether a wish can be had without the cache or the network. */
  has(id: string, taps: string): boolean {
    return id in BUNDLED_WEIGHTS || this.#loaded(id, taps) !== null;
  }

  /** Uploads the current weights to a new device; the tensors of the lost one are gone. */
  async refill(): Promise<void> {
    const lost = this.#current;
    this.#current = null;
    if (!lost) return;
    this.#replace(this.#create(await this.#find(lost.id, lost.tapsText), lost.tapsText));
  }

  /** Weights that reach as far as these taps, whichever are in use. @throws BackboneNotHere */
  weights(id: string, taps: string): Promise<NamedWeights> {
    return this.#find(id, taps);
  }

  async #find(id: string, taps: string): Promise<NamedWeights> {
    const loaded = this.#loaded(id, taps);
    if (loaded) return loaded;
    const path = BUNDLED_WEIGHTS[id];
    const found = path ? await this.#readBundled(id, path) : await this.#sources.readKept(id, taps);
    if (!found) throw new BackboneNotHere(id);
    this.#weights.set(found.id, found.tensors);
    return found;
  }

  /** Weights in main memory that reach as far as these taps: a download for shallower ones ends before. */
  #loaded(id: string, taps: string): NamedWeights | null {
    for (const [known, tensors] of this.#weights) {
      const { architecture } = parseBackboneId(known);
      if (!satisfies(known, id)) continue;
      if (holdsAll(tensors, planForTaps(architecture, possibleTaps(architecture, taps))))
        return { id: known, tensors };
    }
    return null;
  }

  async #readBundled(id: string, path: string): Promise<NamedWeights> {
    return { id, tensors: readSafetensors(await this.#sources.readBundled(path)).tensors };
  }

  #create({ id, tensors }: NamedWeights, taps: string): Backbone {
    const onProcessor = this.#sources.onProcessor();
    return createBackbone(id, tensors, {
      taps: resolveTaps(parseBackboneId(id).architecture, taps),
      onProcessor,
    });
  }

  #replace(next: Backbone): void {
    this.#current?.dispose();
    this.#current = next;
  }
}

/** What somebody says a file is, held to that. @throws WrongArchitecture, MissingTensor, WrongShape */
function assumed(as: string, tensors: Tensors, taps: string): Identity {
  const { architecture } = parseBackboneId(as);
  assertArchitecture(architecture, tensors, planForTaps(architecture, possibleTaps(architecture, taps)));
  return { id: as, candidates: [architecture], certain: true };
}

/** Whether weights answer a wish: the same ones, or any of the architecture when the wish names no tag. */
function satisfies(weights: string, wish: string): boolean {
  return weights === wish || parseBackboneId(weights).architecture === wish;
}
