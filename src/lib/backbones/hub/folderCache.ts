// Kept weights in a folder, for Node. A file appears under its name only when it has been written whole: it is
// written beside and renamed, which the file system does in one step.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byKey, CACHE_VERSION, type KeptEntry, type WeightCache } from './cache';
import { CacheFull } from './errors';

const FOLDER = `weights-v${CACHE_VERSION}`;
const UNFINISHED = '.part';

export class FolderCache implements WeightCache {
  readonly #folder: string;

  /** @param parent made when first needed; its versioned subfolder is this store. */
  constructor(parent: string) {
    this.#folder = join(parent, FOLDER);
  }

  async get(key: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const unfinished = `${this.#path(key)}.${process.pid}.${Date.now()}${UNFINISHED}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(unfinished, bytes);
      await rename(unfinished, this.#path(key));
    } catch (cause) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw new CacheFull(bytes.byteLength, { cause });
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async list(): Promise<KeptEntry[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const finished = names.filter((name) => !name.endsWith(UNFINISHED));
    const entries = finished.map(async (name): Promise<KeptEntry> => {
      const { size } = await stat(join(this.#folder, name));
      return { key: decodeURIComponent(name), bytes: size };
    });
    return (await Promise.all(entries)).sort(byKey);
  }

  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  #path(key: string): string {
    return join(this.#folder, encodeURIComponent(key));
  }
}

const isMissing = (error: unknown) =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
