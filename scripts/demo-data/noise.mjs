// Smooth pseudo-random fields over the plane: what turns clean geometry into material. Pure functions of
// position and seed; integer hashes, so no dependence on how a machine rounds a sine.

/** Hash of a lattice point, in [0, 1). */
export function lattice(x, y, seed) {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
}

/** Quintic fade: second derivatives stay continuous, so that shaded noise shows no creases. */
const fade = (t) => t * t * t * (t * (t * 6 - 15) + 10);

/** Smooth noise with a period of about one unit, in [-1, 1]. */
export function noise(x, y, seed) {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const u = fade(x - x0);
  const v = fade(y - y0);
  const top = lattice(x0, y0, seed) * (1 - u) + lattice(x0 + 1, y0, seed) * u;
  const bottom = lattice(x0, y0 + 1, seed) * (1 - u) + lattice(x0 + 1, y0 + 1, seed) * u;
  return 2 * (top * (1 - v) + bottom * v) - 1;
}

/** The same along a line. */
export function noise1(x, seed) {
  const x0 = Math.floor(x);
  const u = fade(x - x0);
  return 2 * (lattice(x0, 0, seed) * (1 - u) + lattice(x0 + 1, 0, seed) * u) - 1;
}

/** Sum of octaves, each twice as fine and half as strong; about [-1, 1]. */
export function fractal(x, y, seed, octaves = 4) {
  let sum = 0;
  let weight = 0;
  for (let octave = 0, gain = 1; octave < octaves; octave++, gain *= 0.5) {
    sum += gain * noise(x, y, seed + octave * 7919);
    weight += gain;
    x = x * 2 + 17.3;
    y = y * 2 + 9.1;
  }
  return sum / weight;
}
