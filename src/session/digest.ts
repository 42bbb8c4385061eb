// SHA-256 as hexadecimal digits: how a session names images and weights, and notices changed bytes.
import { sha256Hex } from '../lib/formats/sha256';
import { NoSecureContext } from './errors';

/** @throws NoSecureContext where the browser offers no cryptography */
export async function sha256(bytes: BufferSource): Promise<string> {
  if (!(globalThis.crypto?.subtle as SubtleCrypto | undefined)) throw new NoSecureContext();
  return sha256Hex(bytes);
}
