// WebP decoder: libwebp as WebAssembly, behind a check that the container is whole.
import libwebp from '@jsquash/webp/codec/dec/webp_dec.js';
import wasmUrl from '@jsquash/webp/codec/dec/webp_dec.wasm?url';
import type { ByteView } from '../byteView';
import { UnsupportedImage } from '../errors';
import { readOrientation } from '../exif';
import type { Orientation } from '../orientation';
import { decodeByPlatform, hasWebAssembly } from '../platformDecoder';
import { alphaOf, rgbaToRgb } from '../rgba';
import type { Purpose, StoredPicture } from '../storedPicture';
import { WasmCodec, type EmscriptenModule, type RgbaPicture } from '../wasmCodec';
import { readWebpHeader, webpChunks } from './header';

interface WebpModule extends EmscriptenModule {
  decode(bytes: Uint8Array): RgbaPicture | null;
}

const codec = new WasmCodec<WebpModule>(libwebp, wasmUrl, '@jsquash/webp/codec/dec/webp_dec.wasm');

/** Decodes a still WebP. @throws UnsupportedImage for an animated one, Truncated or Damaged */
export async function decodeWebp(view: ByteView, purpose: Purpose = 'image'): Promise<StoredPicture> {
  const { animated, hasAlpha } = readWebpHeader(view);
  let orientation: Orientation = 1;
  const exif: Uint8Array[] = [];
  let lossy = false;
  for (const { type, data } of webpChunks(view)) {
    if (type === 'EXIF') {
      orientation = readOrientation(data);
      exif.push(data);
    }
    if (type === 'VP8 ') lossy = true;
  }
  if (animated)
    throw new UnsupportedImage('An animated WebP', 'Save the frame you need as PNG and load that.');
  const result = hasWebAssembly()
    ? (await codec.run((module) => module.decode(view.bytes))).result
    : await decodeByPlatform(view.bytes, 'image/webp', exif);
  const alpha = purpose === 'mask' && hasAlpha && { alpha: alphaOf(result) };
  return { image: rgbaToRgb(result), orientation, animated, hasAlpha, lossy, ...alpha, notices: [] };
}
