// The two pictures every stage starts from: decoded images and ground-truth masks.

/** Eight-bit RGB, row-major, three bytes a pixel: orientation applied, alpha dropped. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A binary ground-truth mask, one byte a pixel, 0 or 1. */
export interface Mask {
  width: number;
  height: number;
  data: Uint8Array;
}
