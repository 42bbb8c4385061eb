// Metals and how tools leave them: turned or brushed; and the chamfer that every machined edge has.
import { length, smoothstep } from './geometry.mjs';
import { noise, noise1 } from './noise.mjs';

/** @type {Record<string, import('./surface.mjs').Material>} reflectances, linear RGB */
export const METALS = {
  steel: { color: [0.68, 0.675, 0.66], metal: 1, rough: 0.16 },
  zinc: { color: [0.6, 0.625, 0.64], metal: 1, rough: 0.3 },
  brass: { color: [0.83, 0.6, 0.27], metal: 1, rough: 0.16 },
  copper: { color: [0.85, 0.38, 0.2], metal: 1, rough: 0.25 },
};

/** Height profile of a machined edge: a 45 degree chamfer with slightly broken corners. */
export function chamfer(depth, top, width) {
  const fall = width - Math.min(depth, width);
  return top - fall + 0.15 * fall * (1 - fall / width);
}

/** Cuts grooves along a direction: sets the brush slope across it and varies the shine from streak to streak. */
export function brush(surface, i, alongX, alongY, along, across, seed, strength = 0.2) {
  const streak =
    0.6 * noise(along / 60, across * 1.6, seed) + 0.4 * noise(along / 22, across * 3.3, seed + 1);
  const slope = strength * (1 + 0.5 * streak);
  surface.brushX[i] = -alongY * slope;
  surface.brushY[i] = alongX * slope;
  surface.tint(i, 1 + 0.16 * streak);
}

/** Turned on a lathe: concentric grooves about the frame's origin. */
export function turn(surface, i, frame, x, y, seed, strength = 0.2) {
  const radius = length(x, y) || 1;
  const alongX = -y / radius;
  const alongY = x / radius;
  // Mirrored halves: no seam where the angle wraps around.
  const angle = Math.abs(Math.atan2(y, x));
  const groove = 0.5 * noise1(radius * 1.5, seed) + 0.5 * noise(radius * 3, angle * 1.5, seed + 1);
  const slope = strength * (1 + 0.3 * groove);
  const imageX = alongX * frame.cos - alongY * frame.sin;
  const imageY = alongX * frame.sin + alongY * frame.cos;
  surface.brushX[i] = -imageY * slope;
  surface.brushY[i] = imageX * slope;
  surface.tint(i, 1 + 0.13 * groove);
}

/** Dust, oil film and handling: a slow, weak variation of shine. */
export function handle(surface, i, x, y, seed) {
  const film = 0.5 + 0.5 * noise(x / 26, y / 26, seed);
  surface.rough[i] *= 1 + 0.35 * film;
  surface.tint(i, 1 - 0.05 * smoothstep(0.4, 1, film));
}
