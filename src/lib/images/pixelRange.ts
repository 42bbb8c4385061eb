// From samples of more than eight bits to eight: a range of values spread over 0 to 255. The range belongs to a set, never
// to one image: what is brighter than elsewhere must stay brighter.
import type { DeepImage, RgbImage } from './image';

/** Values that become 0 and 255; those outside become the nearer of both. */
export type PixelRange = readonly [low: number, high: number];

/** Eight-bit RGB. @param range default: the upper byte of sixteen bits; 0 to 1 for floating-point samples */
export function spreadRange(
  { width, height, channels, data }: DeepImage,
  range: PixelRange | null = null,
): RgbImage {
  const count = width * height;
  const out = new Uint8ClampedArray(3 * count);
  const apart = channels === 3 ? 1 : 0;
  const upperByte = range === null && data instanceof Uint16Array;
  const [low, high] = range ?? [0, 1];
  const scale = 255 / (high - low);
  for (let i = 0, to = 0; i < count; i++) {
    for (let c = 0; c < 3; c++, to++) {
      const value = data[channels * i + apart * c]!;
      // The clamped array rounds, and makes 0 of what is no number.
      out[to] = upperByte ? value >> 8 : (value - low) * scale;
    }
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** Share of an image's samples below and above the range: single hot or dead pixels do not set it. */
const TAIL = 0.001;
/** Samples that are looked at: enough for the tails of any image. */
const LOOKED_AT = 2 ** 18;

/** Lowest and highest sample but for the tails; null when there is no finite one. */
export function extremesOf({ data }: DeepImage): PixelRange | null {
  const step = Math.max(1, Math.floor(data.length / LOOKED_AT));
  const picked = new Float32Array(Math.ceil(data.length / step));
  let count = 0;
  for (let i = 0; i < data.length; i += step) if (Number.isFinite(data[i]!)) picked[count++] = data[i]!;
  if (count === 0) return null;
  const sorted = picked.subarray(0, count).sort();
  const skipped = Math.floor(TAIL * count);
  return [sorted[skipped]!, sorted[count - 1 - skipped]!];
}

/** Room on both sides, in parts of the width: a defect may be brighter or darker than anything normal. */
const MARGIN = 1 / 16;
/** Steps that a range's ends lie on, in parts of its width: so that one more image seldom moves it. */
const STEPS = 32;

/**
 * The range of a set: from the lowest to the highest of its images' extremes, with a margin, rounded outwards.
 * @returns null without images
 */
export function rangeOfSet(extremes: readonly PixelRange[]): PixelRange | null {
  if (extremes.length === 0) return null;
  let low = Infinity;
  let high = -Infinity;
  for (const [lowest, highest] of extremes) {
    low = Math.min(low, lowest);
    high = Math.max(high, highest);
  }
  const width = high - low || Math.abs(high) || 1;
  const step = 2 ** Math.floor(Math.log2(width / STEPS));
  const start = Math.floor((low - MARGIN * width) / step) * step;
  // Most sensors know nothing below 0.
  return [low >= 0 ? Math.max(0, start) : start, Math.ceil((high + MARGIN * width) / step) * step];
}

/** `120:4000`, as settings and links write it. */
export const describeRange = ([low, high]: PixelRange): string => `${low}:${high}`;

/** A range as written; null for anything else. */
export function parseRange(text: string): PixelRange | null {
  const [, low, high] = /^(-?[\d.]+(?:e[-+]?\d+)?):(-?[\d.]+(?:e[-+]?\d+)?)$/i.exec(text.trim()) ?? [];
  const range = [Number(low), Number(high)] as const;
  return Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1] ? range : null;
}
