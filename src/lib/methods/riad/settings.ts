// RIAD's settings (Zavrtanik, Kristan, Skocaj: "Reconstruction by inpainting for visual anomaly detection", Pattern
// Recognition 112, 2021), and what they become at another image size. No tensors here.

/** The paper's numbers, at 256 x 256 pixels. */
export const RIAD = {
  /** n: disjoint sets of regions; each is hidden once. */
  sets: 3,
  /** K: sides of the square regions, in pixels. */
  regions: [2, 4, 8, 16],
  /** Side of the mean filter over the anomaly map, in pixels. */
  meanFilter: 21,
  /** Scales of the gradient magnitude similarity, each half the one before. */
  scales: 4,
  learningRate: 1e-4,
  epochs: 300,
  /** A tenth of the learning rate after 250 epochs. */
  dropAfter: 250 / 300,
  /** Channels of the paper's U-Net after its first block. */
  width: 64,
} as const;

/** Channels after our first block: a quarter of the paper's, a sixteenth of the work, because it trains in a tab. */
export const WIDTH = 16;
/** Widths of the U-Net's levels as multiples of the first; each level has half the size. */
export const LEVELS = [1, 2, 4, 4] as const;

const PAPER_SIZE = 256;
/** Largest side of an image in pixels. */
export const LARGEST_SIZE = 1024;
/** Smallest region: a hidden single pixel is rebuilt from its neighbours alone, whatever the image shows. */
const SMALLEST_REGION = 2;
/**
 * Most pixels of a training step, times the three sets that pass the network at once: eight images of 128 x 128. The
 * network keeps about 1 KiB a pixel and set for the backward pass: 400 MiB.
 */
const MOST_PIXELS = 8 * 128 * 128;

/** Sides of the regions at this image size, in pixels: the paper's in proportion, at least 2, none twice. */
export function regionSides(size: number): number[] {
  const scaled = RIAD.regions.map((side) =>
    Math.max(SMALLEST_REGION, Math.round((side * size) / PAPER_SIZE)),
  );
  return [...new Set(scaled)];
}

/** How far the mean filter reaches to each side at this image size, in pixels. */
export function meanFilterReach(size: number): number {
  return Math.round((((RIAD.meanFilter - 1) / 2) * size) / PAPER_SIZE);
}

/** Images of a training step: as many as asked for, but no more than fit in memory. */
export function imagesPerStep(batch: number, size: number): number {
  return Math.max(1, Math.min(batch, Math.floor(MOST_PIXELS / size ** 2)));
}
