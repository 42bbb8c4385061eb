// From eight-bit pixels to the network's input. Decoding and resizing come before (src/lib/images); here only
// (value / 255 - mean) / std.
import { tf } from '../gpu/tf';
import type { Normalisation } from './hubTable';

/** Eight-bit RGB, row-major, three bytes a pixel. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

const LEVELS = 256;

/**
 * A batch of equally large images as the network's input.
 * @returns [B, H, W, 3] float32, normalised.
 * @throws RangeError when the list is empty or sizes differ.
 */
export function normalisePixels(images: readonly Pixels[], normalisation: Normalisation): tf.Tensor4D {
  const [first] = images;
  if (!first) throw new RangeError('a batch needs at least one image');
  const { width, height } = first;
  const values = new Float32Array(images.length * width * height * 3);
  const [red, green, blue] = levelTables(normalisation);
  let at = 0;
  for (const { data, ...size } of images) {
    if (size.width !== width || size.height !== height || data.length !== width * height * 3) {
      throw new RangeError(`images of one batch must all be ${width} x ${height}`);
    }
    for (let i = 0; i < data.length; i += 3, at += 3) {
      values[at] = red[data[i]!]!;
      values[at + 1] = green[data[i + 1]!]!;
      values[at + 2] = blue[data[i + 2]!]!;
    }
  }
  return tf.tensor4d(values, [images.length, height, width, 3]);
}

/**
 * What each of the 256 levels becomes, per channel. With tables this costs no more than the conversion to float
 * itself; folding it into the first convolution would be inexact, because zero padding must stay zero after it.
 */
function levelTables({ mean, std }: Normalisation): [Float32Array, Float32Array, Float32Array] {
  const table = (channel: 0 | 1 | 2) =>
    Float32Array.from({ length: LEVELS }, (_, level) => (level / 255 - mean[channel]) / std[channel]);
  return [table(0), table(1), table(2)];
}
