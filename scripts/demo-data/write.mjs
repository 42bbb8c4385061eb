// Encoders and the disk: photographs as JPEG (mozjpeg compiled to WebAssembly), masks as one-channel PNG.
// Both are bit-deterministic, so a set drawn twice is the same byte for byte.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import encodeJpeg, { init } from '@jsquash/jpeg/encode.js';
import { SIZE } from './surface.mjs';

const ENCODER = import.meta.resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
let ready = null;

/** Loads the JPEG encoder once; in Node its WebAssembly is read from disk. */
function loadEncoder() {
  ready ??= readFile(new URL(ENCODER)).then(async (bytes) =>
    init(await globalThis.WebAssembly.compile(bytes)),
  );
  return ready;
}

/** RGB bytes [SIZE, SIZE, 3] to a JPEG file. */
export async function jpeg(rgb, quality) {
  await loadEncoder();
  const data = new Uint8ClampedArray(SIZE * SIZE * 4).fill(255);
  for (let i = 0; i < SIZE * SIZE; i++) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  const file = await encodeJpeg({ data, width: SIZE, height: SIZE }, { quality });
  return new Uint8Array(file);
}

/** A mask, 0 or 1 a pixel, to a PNG file with 0 and 255. */
export function maskPng(mask) {
  return encodePng({ width: SIZE, height: SIZE, channels: 1, depth: 8, data: mask.map((v) => v * 255) });
}

/** Writes a file and the folders above it. */
export async function write(root, path, bytes) {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
