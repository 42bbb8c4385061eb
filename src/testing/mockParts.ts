// Small parts of the fake engine: time, its adapter, its idea of a distance.
import type { AdapterReport } from '../engine/api/types';
import type { Cells } from './mockFeatures';

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const mockAdapter = (): AdapterReport => ({
  vendor: 'mock',
  architecture: 'pretend',
  description: 'Pretend adapter',
  software: false,
  featuresOnProcessor: false,
  gflops: 412,
  suggestedPreset: 'demo',
  reason: 'Training with the demo preset takes a few seconds here.',
});

/** Distance of each cell from the same cell's mean over the training images, in standard deviations. */
export function mockScores(cells: Cells, training: readonly Cells[]): Float32Array {
  const count = Math.max(1, training.length);
  const distances = new Float32Array(cells.length / 4);
  for (let cell = 0; cell < distances.length; cell++) {
    for (let channel = 0; channel < 4; channel++) {
      const at = 4 * cell + channel;
      const mean = training.reduce((sum, other) => sum + other[at]!, 0) / count;
      const spread =
        Math.sqrt(training.reduce((sum, other) => sum + (other[at]! - mean) ** 2, 0) / count) + 0.03;
      distances[cell]! += ((cells[at]! - mean) / spread) ** 2 / 4;
    }
    distances[cell] = Math.sqrt(distances[cell]!) * 0.6;
  }
  return distances;
}
