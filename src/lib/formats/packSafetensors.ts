// Writes stored tensors of any dtype back into a safetensors file, byte for byte: how a few tensors of a large file
// become a small file. For new float32 data use writeSafetensors.
import type { StoredTensor } from './safetensors';

const LENGTH_BYTES = 8;

/** A complete file: tensors in the order given, header padded with spaces to a multiple of eight bytes. */
export function packSafetensors(
  tensors: ReadonlyMap<string, Pick<StoredTensor, 'dtype' | 'shape' | 'bytes'>>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, (offset += bytes.byteLength)] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const dataStart = LENGTH_BYTES + Math.ceil(json.byteLength / LENGTH_BYTES) * LENGTH_BYTES;
  const file = new Uint8Array(dataStart + offset);
  file.fill(0x20, LENGTH_BYTES, dataStart);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true);
  file.set(json, LENGTH_BYTES);
  let at = dataStart;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, at);
    at += bytes.byteLength;
  }
  return file;
}
