// Small pictures made up for a test: what a visitor might drop.
import { encode } from 'fast-png';

export interface UploadFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Stripes of a brightness of their own. */
export function striped(name: string, seed: number, side = 40): UploadFile {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => 80 + 10 * seed + 60 * ((i >> 3) % 2));
  return asFile(name, side, data);
}

/** Noise, which no format makes smaller: three bytes a pixel. */
export function noisy(name: string, side: number): UploadFile {
  // Another picture under another name: the same one twice would be taken once.
  let state = [...name].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) | 0, 1);
  const data = Uint8Array.from({ length: side * side * 3 }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
  return asFile(name, side, data);
}

const asFile = (name: string, side: number, data: Uint8Array): UploadFile => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from(encode({ width: side, height: side, channels: 3, data })),
});
