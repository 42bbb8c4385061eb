// Two commands may work in one folder at once: what the other has made of a run since this one began.
import { readRun } from './folder';
import { isFailed, type RunDocument, type RunIdentity } from './runDocument';

interface AnyTask {
  path: string;
  identity: RunIdentity;
}

export class Meanwhile {
  readonly #folder: string;
  /** Fingerprints of finished runs when this command began. */
  readonly #before: ReadonlyMap<string, string | null>;

  static async since(folder: string, tasks: readonly AnyTask[]): Promise<Meanwhile> {
    const before = tasks.map(async ({ path }) => [path, fingerprintOf(await readRun(folder, path))] as const);
    return new Meanwhile(folder, new Map(await Promise.all(before)));
  }

  constructor(folder: string, before: ReadonlyMap<string, string | null>) {
    this.#folder = folder;
    this.#before = before;
  }

  /** `same`: another command has done it; `other`: with another configuration, which is not to be written over. */
  async of({ path, identity }: AnyTask): Promise<'nothing' | 'same' | 'other'> {
    const now = fingerprintOf(await readRun(this.#folder, path));
    if (now === null || now === this.#before.get(path)) return 'nothing';
    return now === identity.fingerprint ? 'same' : 'other';
  }
}

const fingerprintOf = (run: RunDocument | null): string | null =>
  run && !isFailed(run) ? run.run.fingerprint : null;
