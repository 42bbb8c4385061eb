// Perlin-noise paste as in DRAEM (Zavrtanik, Kristan, Skocaj: "DRAEM - A discriminatively trained reconstruction
// embedding for surface anomaly detection", ICCV 2021): a texture shines through blobs cut out of gradient noise.
// The paper takes textures from an external set (DTD); here the texture is another training image, augmented, since
// the program ships none and fetches none.
import type { RgbImage } from '../image';
import { augment } from './augment';
import { blankPaste, toByte, type Draws, type PastedImage } from './drawing';
import { perlinNoise, type Noise } from './noise';

/** The paper's settings: lattices of 1 to 32 cells a side, and what of the noise is anomalous. */
const SCALES = { least: 0, most: 5 } as const;
const THRESHOLD = 0.5;
/** Opacity of the texture (beta). */
const OPACITY = { least: 0.1, most: 1 } as const;
/** Draws of an outline before a lower threshold is taken: coarse noise often stays below. */
const TRIES = 10;

/**
 * A texture pasted over an image through a random outline.
 * @param texture another training image, of the same size
 */
export function perlinPaste(image: RgbImage, texture: RgbImage, draws: Draws): PastedImage {
  const pasted = blankPaste(image);
  pasted.mask.data.set(drawOutline(image.width, image.height, draws));
  const source = augment(texture, draws).data;
  const opacity = draws.between(OPACITY.least, OPACITY.most);
  const { data } = pasted.image;
  for (let i = 0; i < data.length; i++) {
    if (pasted.mask.data[Math.floor(i / 3)]) data[i] = toByte(data[i]! + opacity * (source[i]! - data[i]!));
  }
  return pasted;
}

/** Zeros and ones, some of each: where a turned field of noise is above the threshold. */
function drawOutline(width: number, height: number, draws: Draws): Uint8Array {
  let field = drawField(width, height, draws);
  for (let i = 1; i < TRIES && !hasBoth(field, THRESHOLD); i++) field = drawField(width, height, draws);
  const level = hasBoth(field, THRESHOLD) ? THRESHOLD : highest(field) / 2;
  return Uint8Array.from(field, (value) => (value > level ? 1 : 0));
}

/** Noise turned by up to 90 degrees about the centre; nothing (0) beyond its corners. */
function drawField(width: number, height: number, draws: Draws): Float64Array {
  const cells = () => 2 ** draws.int(SCALES.least, SCALES.most);
  const noise = perlinNoise(cells(), cells(), draws);
  const angle = draws.between(-Math.PI / 2, Math.PI / 2);
  return turnedField(noise, angle, width, height);
}

function turnedField(noise: Noise, angle: number, width: number, height: number): Float64Array {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return Float64Array.from({ length: width * height }, (_, at) => {
    const x = ((at % width) + 0.5) / width - 0.5;
    const y = (Math.floor(at / width) + 0.5) / height - 0.5;
    const [u, v] = [0.5 + cos * x + sin * y, 0.5 + cos * y - sin * x];
    return u >= 0 && u <= 1 && v >= 0 && v <= 1 ? noise(u, v) : 0;
  });
}

const hasBoth = (field: Float64Array, level: number): boolean =>
  field.some((value) => value > level) && field.some((value) => value <= level);

const highest = (field: Float64Array): number =>
  field.reduce((most, value) => Math.max(most, value), -Infinity);
