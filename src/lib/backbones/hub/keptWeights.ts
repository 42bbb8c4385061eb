// Kept weights that can be trusted. An entry is named by the SHA-256 of its tensors. Beside it lies, for each source (the
// Hub, a mirror), which digest was had from there: recorded at first use, and what a later download from there must
// have. So a mirror's file never passes for the Hub's, and the same bytes from both are kept once. A file whose digest
// the table knows is recorded under a source of its own, and is as good from anywhere. A damaged entry is as good as none.
import type { RemedyError } from '../../errors';
import { readSafetensors, writeSafetensors, type StoredTensor } from '../../formats/safetensors';
import { sha256OfTensors } from '../digest';
import type { WeightCache } from './cache';
import { CacheFull, WrongHash } from './errors';

export type Tensors = ReadonlyMap<string, StoredTensor>;

export interface Hashed {
  tensors: Tensors;
  /** Over the tensors' bytes in the plan's order; lower-case hexadecimal. */
  sha256: string;
  /** Whether the whole file had the digest that the table knows. */
  verified: boolean;
}

/** Where files come from whose digest is known: anywhere. */
export const PINNED = 'pinned';

/** `name#digest`, the name being that of weights up to some block. */
const entryKey = (name: string, sha256: string) => `${name}#${sha256}`;
const recordKey = (name: string, source: string) => `${name}!${source}`;

/** What a key of the cache stands for; null for what is neither. */
export function readKey(
  key: string,
): { name: string; sha256: string } | { name: string; source: string } | null {
  const [, name, mark, rest] = /^([^#!]+)([#!])(.+)$/.exec(key) ?? [];
  if (!name || !rest) return null;
  return mark === '#' ? { name, sha256: rest } : { name, source: rest };
}

/** What is kept under a name and was had from one of these sources, the first that has any; null without. */
export async function readKept(
  cache: WeightCache,
  name: string,
  sources: readonly string[],
): Promise<Hashed | null> {
  for (const source of sources) {
    const recorded = await recordedHash(cache, name, source);
    const bytes = recorded && (await cache.get(entryKey(name, recorded)));
    if (!recorded || !bytes) continue;
    const tensors = parse(bytes);
    if (tensors && recorded === (await hashOf(tensors)))
      return { tensors, sha256: recorded, verified: source === PINNED };
    // What was recorded stays, to check the next download.
    await cache.remove(entryKey(name, recorded));
  }
  return null;
}

/**
 * Checks fetched tensors against what was recorded for their source, and keeps them.
 * @returns their hash, and why they could not be kept, if so: they can be used all the same. @throws WrongHash.
 */
export async function keep(
  cache: WeightCache,
  name: string,
  source: string,
  { id, tensors }: { id: string; tensors: Tensors },
): Promise<{ sha256: string; notKept: RemedyError | null }> {
  const [recorded, sha256] = await Promise.all([recordedHash(cache, name, source), hashOf(tensors)]);
  if (recorded !== null && recorded !== sha256) throw new WrongHash(id, recorded, sha256);
  try {
    await cache.put(recordKey(name, source), new TextEncoder().encode(sha256));
    await cache.put(entryKey(name, sha256), new Uint8Array(writeSafetensors(tensors)));
    return { sha256, notKept: null };
  } catch (error) {
    if (error instanceof CacheFull) return { sha256, notKept: error };
    throw error;
  }
}

/** Removes weights and what is recorded of them, from wherever: they are no good, and others may come in their place. */
export async function forget(cache: WeightCache, name: string): Promise<void> {
  const keys = (await cache.list()).map(({ key }) => key);
  await Promise.all(keys.filter((key) => readKey(key)?.name === name).map((key) => cache.remove(key)));
}

const hashOf = (tensors: Tensors): Promise<string> => sha256OfTensors(tensors.values());

async function recordedHash(cache: WeightCache, name: string, source: string): Promise<string | null> {
  const bytes = await cache.get(recordKey(name, source));
  return bytes && new TextDecoder().decode(bytes);
}

function parse(bytes: Uint8Array): Tensors | null {
  try {
    return readSafetensors(bytes).tensors;
  } catch {
    return null;
  }
}
