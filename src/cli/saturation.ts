// The flag --saturation: from when on saturated PRO takes a region for found whole.
import type { Saturation } from '../lib/scoring/metrics/saturation';
import { BadFlag } from './errors';

export const SATURATION_HELP =
  'Add saturated PRO (sPRO) to the JSON: a defect counts as found whole from this share of its area (0.5), or this many pixels where figures are taken (40px). (default: as the set’s defects_config.json says, else no sPRO)';

/** @throws BadFlag */
export function readSaturation(raw: string): Saturation {
  const pixels = /^(\d+)px$/.exec(raw)?.[1];
  if (pixels !== undefined && Number(pixels) >= 1) return { pixels: Number(pixels) };
  const share = raw.trim() === '' ? NaN : Number(raw);
  if (share > 0 && share <= 1) return { share };
  throw new BadFlag('saturation', raw, 'is no share and no number of pixels', 'Give 0.5, or 40px.');
}
