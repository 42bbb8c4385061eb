// The overlay, painted on the CPU: what shaders/maps/overlay.wgsl draws, in plain arithmetic. It is the reference the
// GPU renderer is tested against, and it paints the stored demo result where there is no WebGPU. No tfjs, no DOM.
import { COLORMAP_ENTRIES } from './colormaps';

/** How an overlay looks; the GPU renderer takes the same options. */
export interface OverlayLook {
  /** Map values at the two ends of the colour table. */
  range: [number, number];
  /** 256 x 4 bytes RGBA, low to high (colormaps.ts). */
  lut: Uint8Array;
  /** 0 to 1; the contour stays fully opaque, so opacity 0 shows the contour alone. */
  opacity: number;
  /** Contour level in map units, null for none. */
  threshold: number | null;
  /** 0 to 1: how much more transparent low values are than high ones. Default 0. */
  fade?: number;
  /** Width of the contour in output pixels. Default 1.5. */
  lineWidth?: number;
}

/** A map in row-major order and the size to paint it at. */
export interface OverlayRequest extends OverlayLook {
  map: Float32Array;
  width: number;
  height: number;
  outWidth: number;
  outHeight: number;
}

export const DEFAULT_LINE_WIDTH = 1.5;
/** The white contour lies on a dark, translucent line that is a pixel wider on either side: it reads on any colour. */
export const CASING_WIDTH = 1;
export const CASING_OPACITY = 0.6;

/**
 * Paints a map: bilinear upsampling (align_corners=true), colours by range, anti-aliased contour at the threshold.
 * @returns outHeight * outWidth RGBA pixels, not premultiplied.
 */
export function paintOverlay(request: OverlayRequest): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, outWidth, outHeight } = request;
  const columns = cells(width, outWidth);
  const rows = cells(height, outHeight);
  const pixels = new Uint8ClampedArray(4 * outWidth * outHeight);
  rows.forEach((row, y) => {
    columns.forEach((column, x) => {
      const { value, slope } = sample(request, row, column);
      paintPixel(pixels, 4 * (y * outWidth + x), request, value, slope);
    });
  });
  return pixels;
}

/** Where an output pixel falls between two samples of the map, along one axis. */
interface Cell {
  low: number;
  high: number;
  fraction: number;
  /** Map samples per output pixel. */
  scale: number;
}

function cells(samples: number, outputs: number): Cell[] {
  const scale = outputs > 1 ? (samples - 1) / (outputs - 1) : 0;
  return Array.from({ length: outputs }, (_, output) => {
    const position = output * scale;
    const low = Math.min(Math.floor(position), Math.max(samples - 2, 0));
    return { low, high: Math.min(low + 1, samples - 1), fraction: position - low, scale };
  });
}

/** The upsampled value, and how fast it changes: map units per output pixel, the length of the exact gradient. */
function sample({ map, width }: OverlayRequest, row: Cell, column: Cell): { value: number; slope: number } {
  const topLeft = map[row.low * width + column.low]!;
  const topRight = map[row.low * width + column.high]!;
  const bottomLeft = map[row.high * width + column.low]!;
  const bottomRight = map[row.high * width + column.high]!;
  const top = mix(topLeft, topRight, column.fraction);
  const bottom = mix(bottomLeft, bottomRight, column.fraction);
  const acrossX = mix(topRight - topLeft, bottomRight - bottomLeft, row.fraction) * column.scale;
  const acrossY = (bottom - top) * row.scale;
  return { value: mix(top, bottom, row.fraction), slope: Math.hypot(acrossX, acrossY) };
}

function paintPixel(
  pixels: Uint8ClampedArray,
  offset: number,
  look: OverlayLook,
  value: number,
  slope: number,
): void {
  const { opacity, fade = 0, lineWidth = DEFAULT_LINE_WIDTH } = look;
  const level = normalise(value, look.range);
  const distance = contourDistance(value, slope, look.threshold);
  const casing = CASING_OPACITY * lineCoverage(distance, lineWidth + 2 * CASING_WIDTH);
  const line = lineCoverage(distance, lineWidth);
  const tint = opacity * (1 - fade * (1 - level));
  // Three layers, each over the one before: the map's colour, the casing, the line.
  const uncovered = (1 - casing) * (1 - line);
  const alpha = 1 - (1 - tint) * uncovered;
  for (let channel = 0; channel < 3; channel++) {
    // Casing is black and adds nothing; the line is white.
    const premultiplied = tint * uncovered * tableColour(look.lut, level, channel) + 255 * line;
    pixels[offset + channel] = alpha > 0 ? premultiplied / alpha : 0;
  }
  pixels[offset + 3] = 255 * alpha;
}

/** 0 at the range's low end, 1 at its high end; an empty range is a step at that value. */
function normalise(value: number, [low, high]: [number, number]): number {
  if (high > low) return Math.min(Math.max((value - low) / (high - low), 0), 1);
  return value > high ? 1 : 0;
}

/** Distance to the contour in output pixels, to first order. A plateau has no contour, not even at its own level. */
function contourDistance(value: number, slope: number, threshold: number | null): number {
  return threshold === null || slope === 0 ? Infinity : Math.abs(value - threshold) / slope;
}

/** How much of a pixel a line of this width covers, its centre line being `distance` away. */
function lineCoverage(distance: number, width: number): number {
  return Math.min(Math.max(0.5 + width / 2 - distance, 0), 1);
}

/** A colour channel, 0 to 255, linear between the table's entries. */
function tableColour(lut: Uint8Array, level: number, channel: number): number {
  const position = level * (COLORMAP_ENTRIES - 1);
  const low = Math.min(Math.floor(position), COLORMAP_ENTRIES - 2);
  return mix(lut[4 * low + channel]!, lut[4 * (low + 1) + channel]!, position - low);
}

function mix(a: number, b: number, fraction: number): number {
  return a + (b - a) * fraction;
}
