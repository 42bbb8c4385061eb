// The operators along one axis that lead from a small map to the one that is scored: enlarging, and what follows it.
// Pure arithmetic, no tensors: kernels apply them (smoothMap.ts), and graphs that are taken away hold their matrices.
import type { MapAxis } from '../../framing';
import { bilinearBand, boxBand, compose, gaussianBand, layoutBand, type Band } from './operators1d';

/** Gaussian of METHOD section 6: sigma 4 at 256 px. */
export const SIGMA_PER_PIXEL = 4 / 256;
/** CRAD's evaluation: the pool for pixel figures, and the pool before the maximum. */
export const CRAD_PIXEL_POOL = { width: 21, padding: 10 };
export const CRAD_IMAGE_POOL = { width: 32, padding: 16 };

/** `crad-public`: as its public code, whose second pool stays inside the map. */
export type Smoothing = 'none' | 'gauss' | 'crad' | 'crad-public';

/** CRAD has two maps: one for pixels, one that is pooled once more for the image. */
export type ScoringStep = 'none' | 'gauss' | 'cradPixels' | 'cradImage' | 'cradPublicImage';

/** What follows upsampling. @param span pixels of the map that one input has */
const STEPS: Record<ScoringStep, (upsampling: Band, span: number) => Band> = {
  none: (upsampling) => upsampling,
  gauss: (upsampling, span) => compose(gaussianBand(upsampling.outputs, span * SIGMA_PER_PIXEL), upsampling),
  cradPixels: pooledForPixels,
  cradImage: pooledForImage,
  cradPublicImage: pooledInside,
};

/** Steps for pixels and for the image's score. */
export const STEPS_OF: Record<Smoothing, { pixels: ScoringStep; image: ScoringStep }> = {
  none: { pixels: 'none', image: 'none' },
  gauss: { pixels: 'gauss', image: 'gauss' },
  crad: { pixels: 'cradPixels', image: 'cradImage' },
  'crad-public': { pixels: 'cradPixels', image: 'cradPublicImage' },
};

/** From `samples` to `size` (bilinear, align_corners = true) and what follows; of CRAD's image map, size + 1, without its padding size - 31. */
export const scoringBand = (samples: number, size: number, step: ScoringStep): Band =>
  STEPS[step](bilinearBand(samples, size), size);

/** The same from maps of one or several inputs, of `samples` each, to an axis on which they lie as it says. */
export const layoutScoringBand = (samples: number, axis: MapAxis, step: ScoringStep): Band =>
  STEPS[step](layoutBand(samples, axis), axis.span);

export function pooledForPixels(before: Band): Band {
  return pooled(before, CRAD_PIXEL_POOL);
}

export function pooledForImage(before: Band): Band {
  return pooled(pooledForPixels(before), CRAD_IMAGE_POOL);
}

/** Without padding; on a map narrower than the pool, over all of it. */
export function pooledInside(before: Band): Band {
  const width = Math.min(CRAD_IMAGE_POOL.width, before.outputs);
  return pooled(pooledForPixels(before), { width, padding: 0 });
}

function pooled(before: Band, { width, padding }: typeof CRAD_PIXEL_POOL): Band {
  return compose(boxBand(before.outputs, width, padding), before);
}
