// The blocks that stand in for defects when a model is tried out: the detectability chart and the threshold from synthetic
// anomalies, on the page and on the command line, so that both draw the same line. No images here.

/** Half widths B in cells and intensities I in sigma: from a single cell to half the map, from barely there to strong. */
export const TRIAL_BLOCKS = {
  sizes: [0, 1, 2, 4, 7],
  intensities: [0.5, 1, 2, 4, 8, 16],
  /** Of each size and intensity. */
  trials: 12,
};

/** Intensity times width from which a block tests a model. A fainter one moves the scores of hardly any method. */
const VISIBLE = 2;

/** Whether a block of half width `size` and `intensity` in sigma is one that a model may be expected to see. */
export const isVisible = ({ size, intensity }: { size: number; intensity: number }) =>
  intensity * (2 * size + 1) >= VISIBLE;
