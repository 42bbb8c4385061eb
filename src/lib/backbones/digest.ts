// Names for the weights in use. A short one, had at once, tells two files of one architecture apart, so that a model is
// never asked about features it does not know: it guards against mistakes, not against forgery. And SHA-256, for what is
// kept and compared.
import type { StoredTensor } from '../formats/safetensors';
import { sha256Hex } from '../formats/sha256';
import { neededTensors, type Plan } from './plan';

const PRIME = 0x01000193;
const OFFSET = 0x811c9dc5;
/** Mixed into the second of the two sums, so that they do not agree by chance. */
const OTHER = 0x9e3779b9;

/**
 * Two 32-bit sums in the manner of Fowler, Noll and Vo over the bytes that a plan needs, as 16 hex digits.
 */
export function digestOf(plan: Plan, weights: ReadonlyMap<string, StoredTensor>): string {
  return sumsOf([...neededTensors(plan).keys()].map((name) => weights.get(name)!));
}

/** The same of a tensor beside the network: a file's projection. */
export const digestOfTensor = (tensor: Pick<StoredTensor, 'bytes'>): string => sumsOf([tensor]);

function sumsOf(tensors: readonly Pick<StoredTensor, 'bytes'>[]): string {
  const sums: [number, number] = [OFFSET, OFFSET ^ OTHER];
  for (const { bytes } of tensors) addBytes(sums, bytes);
  return sums.map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('');
}

/** SHA-256 over all tensors' bytes in the order given, lower-case hexadecimal. */
export async function sha256OfTensors(tensors: Iterable<Pick<StoredTensor, 'bytes'>>): Promise<string> {
  const list = [...tensors];
  const all = new Uint8Array(list.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
  let at = 0;
  for (const { bytes } of list) {
    all.set(bytes, at);
    at += bytes.byteLength;
  }
  return sha256Hex(all);
}

/** Four bytes at a time, the rest one by one. */
function addBytes(sums: [number, number], { buffer, byteOffset, byteLength }: Uint8Array): void {
  const view = new DataView(buffer, byteOffset, byteLength);
  let [first, second] = sums;
  let at = 0;
  for (; at + 4 <= byteLength; at += 4) {
    const word = view.getUint32(at, true);
    first = Math.imul(first ^ word, PRIME);
    // A product only carries upwards: shifting brings high bits of the word down.
    second = Math.imul(second ^ (word >>> 15) ^ (word << 17), PRIME) + word;
  }
  for (; at < byteLength; at++) first = Math.imul(first ^ view.getUint8(at), PRIME);
  // The length too: two tensors must not run into each other.
  sums[0] = Math.imul(first ^ byteLength, PRIME);
  sums[1] = Math.imul(second ^ byteLength, PRIME);
}
