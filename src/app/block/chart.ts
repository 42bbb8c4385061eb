// Where the block on screen lies among those that were tried: sizes across, intensities down, both as their steps stand.
// Pure.

/** A place as shares of the chart's width and height, from the left and the top. */
export interface ChartPlace {
  x: number;
  y: number;
}

/**
 * @param sizes half widths of the columns, ascending @param intensities of the rows, descending, in sigma
 * @param block the half width and the intensity of either sign; what lies beyond the chart is put at its edge
 */
export function placeOnChart(
  sizes: readonly number[],
  intensities: readonly number[],
  block: { size: number; intensity: number },
): ChartPlace {
  const column = between(sizes, block.size);
  // Rows fall by factors, so that what lies between two is told by logarithms.
  const row = between(
    intensities.map((intensity) => -Math.log(intensity)),
    -Math.log(Math.max(1e-6, Math.abs(block.intensity))),
  );
  return { x: (column + 0.5) / Math.max(1, sizes.length), y: (row + 0.5) / Math.max(1, intensities.length) };
}

/** The index of a value among ascending ones, with what lies between two as a fraction. */
function between(steps: readonly number[], value: number): number {
  const above = steps.findIndex((step) => step >= value);
  if (above === 0) return 0;
  if (above < 0) return Math.max(0, steps.length - 1);
  const [low, high] = [steps[above - 1]!, steps[above]!];
  return above - 1 + (value - low) / (high - low);
}
