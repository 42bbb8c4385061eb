// How a trained model's map is read: what of its training images the reading needs, kept with the model. Measured by
// measureReading.ts. Light: numbers only.
import { NEAR } from '../../kernels/maps/distanceMap';

/** Of all cells of the training images; the deviation is unbiased and above 0. */
export interface Standard {
  mean: number;
  deviation: number;
}

export interface Reading {
  /** The refinement's k: mean squared error over channels up to which a cell is near; >= 0, squared units of phi. */
  near: number;
  /** Units in which the refined map and channel 0 are added; null until measured, and where they are not added. */
  sum: { map: Standard; score: Standard } | null;
}

/** The public code's, and a model's before it has been trained. */
export const UNMEASURED: Reading = { near: NEAR, sum: null };
