// Kept weights that can be trusted: each entry has its SHA-256 beside it, recorded at first use. An entry that is
// damaged, cut short or without its hash is as good as none; a new download must have the recorded hash.
import type { RemedyError } from '../../errors';
import { readSafetensors, writeSafetensors, type StoredTensor } from '../../formats/safetensors';
import { sha256OfTensors } from '../digest';
import type { WeightCache } from './cache';
import { CacheFull, WrongHash } from './errors';

const HASH = '.sha256';

export type Tensors = ReadonlyMap<string, StoredTensor>;

export interface Hashed {
  tensors: Tensors;
  /** Lower-case hex. */
  sha256: string;
}

/** What is kept under a key, or null. A damaged entry is removed; its hash stays, to check the next download. */
export async function readKept(cache: WeightCache, key: string): Promise<Hashed | null> {
  const [bytes, recorded] = await Promise.all([cache.get(key), recordedHash(cache, key)]);
  if (!bytes) return null;
  const tensors = parse(bytes);
  if (tensors && recorded === (await hashOf(tensors))) return { tensors, sha256: recorded };
  await cache.remove(key);
  return null;
}

/**
 * Checks fetched tensors against the recorded hash and keeps them.
 * @returns their hash, and why they could not be kept, if so: they can be used all the same. @throws WrongHash.
 */
export async function keep(
  cache: WeightCache,
  key: string,
  id: string,
  tensors: Tensors,
): Promise<{ sha256: string; notKept: RemedyError | null }> {
  const [recorded, sha256] = await Promise.all([recordedHash(cache, key), hashOf(tensors)]);
  if (recorded !== null && recorded !== sha256) throw new WrongHash(id, recorded, sha256);
  try {
    await cache.put(key + HASH, new TextEncoder().encode(sha256));
    await cache.put(key, new Uint8Array(writeSafetensors(tensors)));
    return { sha256, notKept: null };
  } catch (error) {
    if (error instanceof CacheFull) return { sha256, notKept: error };
    throw error;
  }
}

/** Removes weights and their hash: they are no good, and others may come in their place. */
export async function forget(cache: WeightCache, key: string): Promise<void> {
  await Promise.all([cache.remove(key), cache.remove(key + HASH)]);
}

const hashOf = (tensors: Tensors): Promise<string> => sha256OfTensors(tensors.values());

/** Keys of weights, without their hashes. */
export const isWeightsKey = (key: string): boolean => !key.endsWith(HASH);

async function recordedHash(cache: WeightCache, key: string): Promise<string | null> {
  const bytes = await cache.get(key + HASH);
  return bytes && new TextDecoder().decode(bytes);
}

function parse(bytes: Uint8Array): Tensors | null {
  try {
    return readSafetensors(bytes).tensors;
  } catch {
    return null;
  }
}
