// Whether a .safetensors file is a session of the first version rather than a backbone's weights, from its header alone.
const LENGTH_BYTES = 8;
/** The description comes first in the header; weights of a backbone may have a long one. */
const LOOK_AT_BYTES = 64 * 1024;

export async function isFirstSession(file: Blob): Promise<boolean> {
  const head = await file.slice(LENGTH_BYTES, LENGTH_BYTES + LOOK_AT_BYTES).text();
  return head.includes('"grad.session"');
}
