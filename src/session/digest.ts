// SHA-256 as hexadecimal digits: how a session names images and weights, and notices changed bytes.
import { NoSecureContext } from './errors';

/** @throws NoSecureContext where the browser offers no cryptography */
export async function sha256(bytes: BufferSource): Promise<string> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) throw new NoSecureContext();
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
