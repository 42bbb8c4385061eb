// Which of the files that come are on screen already: the same bytes on the same side, whatever they are called. Only files of
// equal size are read and compared. An image on both sides is the engine's to name.
import { sha256Hex } from '../../lib/formats/sha256';
import type { Split } from '../../engine/api/types';
import { getState } from '../shell/store';
import { isPacked, type OwnFile } from './ownFiles';
import { bytesOf, hasMask, sizeOf } from './pictures';

export interface Candidate {
  path: string;
  split: Split;
  /** Whether it comes with a mask. */
  mask: boolean;
}

/** @returns names on screen by the path of the file that is the same; one that brings a missing mask is none */
export async function twinsOf(
  candidates: readonly Candidate[],
  files: ReadonlyMap<string, OwnFile>,
): Promise<Map<string, string>> {
  const twins = new Map<string, string>();
  // No digests without a secure context, and no names for twins.
  if (!(globalThis.crypto?.subtle as SubtleCrypto | undefined)) return twins;
  const bySize = new Map<string, Map<string, string>>();
  for (const { path, split, mask } of candidates) {
    const file = files.get(path)!;
    const key = `${split} ${file.size}`;
    const here = bySize.get(key) ?? (await digestsOf(split, file.size));
    bySize.set(key, here);
    if (here.size === 0) continue;
    const id = here.get(await digestOf(file));
    if (id !== undefined && !(mask && !hasMask(id))) twins.set(path, getState().data.images[id]!.name);
  }
  return twins;
}

/** Images on screen of that side and size in bytes, by the digest of their contents. */
async function digestsOf(split: Split, size: number): Promise<Map<string, string>> {
  const { order, images } = getState().data;
  const digests = new Map<string, string>();
  for (const id of order.filter((one) => images[one]!.split === split && sizeOf(one) === size)) {
    const bytes = await bytesOf(id).then((read) => read.bytes).catch(() => null); // prettier-ignore
    if (bytes) digests.set(await sha256Hex(bytes), id);
  }
  return digests;
}

/** Empty, like nothing that is on screen, for a file that cannot be read: that is said when it is sent. */
async function digestOf(file: OwnFile): Promise<string> {
  try {
    return await sha256Hex(await (isPacked(file) ? await file.unpack() : file).arrayBuffer());
  } catch {
    return '';
  }
}
