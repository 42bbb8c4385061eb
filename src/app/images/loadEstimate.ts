// What loading a set will cost, said before it begins: memory, features and where they go, time. Rough on purpose; how
// each figure came about stands beside it. The budgets themselves: engine/budgets.ts.
import { BUDGETS } from '../../engine/adapter/budgets';

export interface LoadFacts {
  images: number;
  /** Of the encoded files. */
  bytes: number;
  /** Numbers in one image's feature map. */
  featureSize: number;
  /** Multiply-adds of the backbone for one image; 0 for a method that looks at the pixels. */
  macs: number;
  /** Of the adapter, as probed. */
  gflops: number;
}

export interface LoadEstimate {
  images: number;
  bytes: number;
  /** Main memory of page and engine, features in it included. */
  memory: number;
  features: { all: number; gpu: number; memory: number; disk: number };
  seconds: number;
}

/** Above this many images the visitor is asked first. */
export const ASK_ABOVE = 1000;
/** How many are taken when the visitor takes only some. */
export const ONLY_SOME = 1000;
/** More are not taken at once: listing and lists of a page grow slow. */
export const MOST_IMAGES = 20_000;

const FLOAT_BYTES = 4;
/** Bitmaps of 96 px while they are new, JPEGs afterwards (thumbnails.ts). */
const THUMBNAIL = { bitmaps: 1000, bitmapBytes: 36e3, jpegBytes: 3e3 };
/** Record, names and handles of an image in page and engine. */
const RECORD_BYTES = 3e3;
/** Unpacking and shrinking, per encoded byte: 30 ms for a photo of 300 kB on one core. */
const DECODE_SECONDS_PER_BYTE = 1e-7;

export function estimateLoad({ images, bytes, featureSize, macs, gflops }: LoadFacts): LoadEstimate {
  const all = images * featureSize * FLOAT_BYTES;
  const gpu = Math.min(all, BUDGETS.gpuFeatures);
  const memory = Math.min(all - gpu, BUDGETS.memoryFeatures);
  const bitmaps = Math.min(images, THUMBNAIL.bitmaps);
  const thumbnails = bitmaps * THUMBNAIL.bitmapBytes + (images - bitmaps) * THUMBNAIL.jpegBytes;
  // Backbones run about as fast, per operation, as the convolution that the adapter was probed with (docs/backbones.md).
  const computing = (2 * macs) / (gflops * 1e9);
  return {
    images,
    bytes,
    memory: thumbnails + images * RECORD_BYTES + BUDGETS.preparedPixels + memory,
    features: { all, gpu, memory, disk: all - gpu - memory },
    seconds: bytes * DECODE_SECONDS_PER_BYTE + images * computing,
  };
}
