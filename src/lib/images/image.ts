// The pictures every stage starts from: decoded images and ground-truth masks.

/** Eight-bit RGB, row-major, three bytes a pixel: orientation applied, alpha dropped. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** More than eight bits a sample: values as stored, row-major, one (grey) or three (RGB) a pixel. */
export interface DeepImage {
  width: number;
  height: number;
  channels: 1 | 3;
  data: Uint16Array | Float32Array;
}

export const isDeep = (image: RgbImage | DeepImage): image is DeepImage => 'channels' in image;

/** A binary ground-truth mask, one byte a pixel, 0 or 1. */
export interface Mask {
  width: number;
  height: number;
  data: Uint8Array;
}
