// From radiance to a photograph: sub-pixels averaged, a lens that blurs and darkens its corners, a sensor
// that counts photons, a tone curve. Everything that differs from shot to shot is drawn from a stream.
import { clamp } from './geometry.mjs';
import { SAMPLES, SIZE } from './surface.mjs';

/**
 * @typedef {object} Camera
 * @property {number} exposure
 * @property {number[]} balance gain per colour
 * @property {number} blur lens blur, sigma in pixels
 * @property {number} vignette light lost in the corners, 0 to 1
 * @property {number} noise standard deviation at mid grey, as a fraction of full scale
 */

/** Averages SAMPLES x SAMPLES sub-pixels: [SIZE, SIZE, 3]. */
function average(radiance) {
  const out = new Float32Array(SIZE * SIZE * 3);
  const row = SIZE * SAMPLES;
  for (let i = 0; i < radiance.length / 3; i++) {
    const x = Math.floor((i % row) / SAMPLES);
    const y = Math.floor(Math.floor(i / row) / SAMPLES);
    for (let c = 0; c < 3; c++) out[3 * (y * SIZE + x) + c] += radiance[3 * i + c] / (SAMPLES * SAMPLES);
  }
  return out;
}

/** Three-tap blur along one axis; `stride` is 3 for rows and 3 * SIZE for columns. */
function blurAxis(image, sigma, stride, coordinate) {
  const side = Math.exp(-0.5 / (sigma * sigma));
  const out = new Float32Array(image.length);
  for (let i = 0; i < image.length; i++) {
    const at = coordinate(i);
    const before = at > 0 ? image[i - stride] : image[i];
    const after = at < SIZE - 1 ? image[i + stride] : image[i];
    out[i] = (image[i] + side * (before + after)) / (1 + 2 * side);
  }
  return out;
}

function lensBlur(image, sigma) {
  const rows = blurAxis(image, sigma, 3, (i) => Math.floor(i / 3) % SIZE);
  return blurAxis(rows, sigma, 3 * SIZE, (i) => Math.floor(i / 3 / SIZE));
}

/** Soft shoulder, so that highlights roll off as on film instead of clipping. */
const tone = (v) => (v < 0.6 ? v : 0.6 + 0.4 * (1 - Math.exp(-(v - 0.6) / 0.4)));

/** Linear to sRGB. */
const encode = (v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);

/** Light left at a place after the lens's fall-off. */
function fallOff(pixel, vignette) {
  const x = ((pixel % SIZE) + 0.5) / SIZE - 0.5;
  const y = (Math.floor(pixel / SIZE) + 0.5) / SIZE - 0.5;
  return 1 - vignette * (x * x + y * y) * 2;
}

/**
 * The photograph: SIZE x SIZE, RGB, eight bits.
 * @param {Float32Array} radiance
 * @param {Camera} camera
 * @param {import('./random.mjs').Random} random
 */
export function photograph(radiance, camera, random) {
  const image = lensBlur(average(radiance), camera.blur);
  const out = new Uint8Array(image.length);
  for (let i = 0; i < image.length; i++) {
    const c = i % 3;
    const light = image[i] * camera.exposure * camera.balance[c] * fallOff((i - c) / 3, camera.vignette);
    const sigma = camera.noise * Math.sqrt(0.05 + Math.max(0, light) / 0.2);
    const counted = Math.max(0, light + random.normal(0, 0.2 * sigma));
    out[i] = Math.round(255 * clamp(encode(tone(counted))));
  }
  return out;
}
