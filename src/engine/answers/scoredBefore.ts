// What scoring found of each image, for the next table: after a mask was edited, a label corrected, an image added, only what
// that changes is computed. An answer belongs to one model, one way of scoring and the bytes of one image; the pixels that
// figures are made of also to its mask.
import type { ImagePixels } from '../../lib/scoring/metrics/imagePixels';
import type { SaturatedRegions } from '../../lib/scoring/metrics/saturation';
import type { Encoded } from '../api/types';
import type { StoredImage } from '../features/imageStore';
import type { ModelState } from '../models/modelState';

export type MapName = 'fused' | 'normal' | 'abnormal';
/** Smallest and largest value. */
export type Range = [number, number];

/** What figures need of a map. */
export interface PixelsKept {
  image: ImagePixels;
  /** Its defects as the set tells them apart; null where it does not, or nobody asked. */
  regions: SaturatedRegions | null;
}

/** What scoring gives of one image: its score, its pixels where they count, and the extremes of its maps. */
export interface ImageResult {
  score: number;
  pixels: PixelsKept | null;
  extremes: Partial<Record<MapName, Range>>;
}

interface Remembered extends Omit<ImageResult, 'pixels'> {
  /** Null when nobody asked for them. */
  pixels: { label: StoredImage['label']; mask: Encoded | null; kept: PixelsKept | null } | null;
}

/** Pixels are remembered while they take no more than this, at two bytes each; scores always. */
const MOST_BYTES = 64 * 2 ** 20;

export class ScoredBefore {
  #state: ModelState | null = null;
  #how = '';
  #byBytes = new WeakMap<Encoded, Remembered>();
  #bytes = 0;

  /** @param how everything besides the model that decides scores and pixels, in words. Others forget what there is. */
  begin(state: ModelState, how: string): void {
    if (state === this.#state && how === this.#how) return;
    this.#state = state;
    this.#how = how;
    this.#byBytes = new WeakMap();
    this.#bytes = 0;
  }

  /** @param wantsMap whether its pixels are needed @returns null when it has to be scored */
  find({ bytes, label, mask }: StoredImage, wantsMap: boolean): ImageResult | null {
    const known = this.#byBytes.get(bytes);
    if (!known) return null;
    const { score, extremes, pixels } = known;
    if (!wantsMap) return { score, extremes, pixels: null };
    const same = pixels !== null && pixels.label === label && pixels.mask === mask;
    return same ? { score, extremes, pixels: pixels.kept } : null;
  }

  /** @param area pixels of its map */
  keep({ bytes, label, mask }: StoredImage, wantsMap: boolean, result: ImageResult, area: number): void {
    const { score, extremes, pixels: kept } = result;
    const roomy = kept === null || (this.#bytes += 2 * area) <= MOST_BYTES;
    this.#byBytes.set(bytes, { score, extremes, pixels: wantsMap && roomy ? { label, mask, kept } : null });
  }
}
