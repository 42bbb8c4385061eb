// SHA-256 of bytes as lower-case hexadecimal digits, the same in browsers and in Node.

/** @throws TypeError where the browser offers no cryptography: pages that came over an insecure connection */
export async function sha256Hex(bytes: BufferSource): Promise<string> {
  if (import.meta.env.SSR) {
    // Node's WebCrypto copies what it digests: of a model of half a gigabyte another half.
    const { createHash } = process.getBuiltinModule('node:crypto');
    return createHash('sha256').update(viewOf(bytes)).digest('hex');
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const viewOf = (bytes: BufferSource): Uint8Array =>
  ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
