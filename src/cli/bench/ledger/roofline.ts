// How long a phase would take on a GPU that does nothing but what has to be done, with dispatches one after the other: per
// dispatch the longest of computing, moving bytes, and being launched at all. Assumptions: docs/performance.md.
import type { Cost } from './costs';

export interface Roof {
  name: string;
  /** Vendor's peak in float32, without matrix units, FLOP/s. */
  peak: number;
  /** Vendor's memory bandwidth, bytes/s. */
  bandwidth: number;
}

export const ROOFS: readonly Roof[] = [
  { name: 'H200', peak: 67e12, bandwidth: 4.8e12 },
  { name: 'RTX 4090', peak: 82.6e12, bandwidth: 1.008e12 },
  { name: 'Apple M2', peak: 3.6e12, bandwidth: 100e9 },
  { name: 'Iris Xe', peak: 2.07e12, bandwidth: 68e9 },
];

/** Shares of the peaks that good kernels reach by way of WebGPU. */
const OF_PEAK = 0.45;
const OF_BANDWIDTH = 0.7;
/** Seconds between the starts of two dispatches that depend on each other. */
const LAUNCH = 4e-6;

/** Seconds for all dispatches. */
export const secondsOn = ({ peak, bandwidth }: Roof, costs: readonly Cost[]): number =>
  costs.reduce(
    (sum, { flops, bytes }) =>
      sum + Math.max(flops / (OF_PEAK * peak), bytes / (OF_BANDWIDTH * bandwidth), LAUNCH),
    0,
  );
