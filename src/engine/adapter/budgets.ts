// How much room the engine and the page take at most, in one place, so that 5,000 images cost a stated amount and not
// five times that. docs/data.md explains the table. Plain numbers; who keeps to which is named beside each.

const MIB = 2 ** 20;

export interface Budgets {
  /** Feature maps on the GPU: about 900 of the balanced preset (featureCache.ts). */
  gpuFeatures: number;
  /** Feature maps in main memory, once the GPU's share is full. */
  memoryFeatures: number;
  /** Feature maps in the browser's private file, once that is full too; at most half of the room it grants. */
  diskFeatures: number;
  /** Features of copies with anomalies drawn on them, on the GPU (anomalyPool.ts). */
  gpuDrawn: number;
  /** Pixels at the input size, between decoding and features (imageStore.ts). */
  preparedPixels: number;
  /** Pixels of test images while figures are computed from them: 2,000 images at 256 px (pixelSample.ts). */
  testPixels: number;
}

export const BUDGETS: Budgets = {
  gpuFeatures: 512 * MIB,
  memoryFeatures: 256 * MIB,
  diskFeatures: 16 * 1024 * MIB,
  gpuDrawn: 256 * MIB,
  preparedPixels: 64 * MIB,
  testPixels: 256 * MIB,
};
