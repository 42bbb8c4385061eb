// Woven cotton: an indigo warp (vertical) and an ecru weft (horizontal) in a 2/2 twill, yarn by yarn. A yarn
// is a flattened tube whose centre rises and dips at each crossing; the higher tube is what the eye sees.
import { clamp, Frame, mix, smoothstep } from './geometry.mjs';
import { fractal, lattice, noise, noise1 } from './noise.mjs';
import { Random } from './random.mjs';
import { SIZE, Surface } from './surface.mjs';

/** Distance between yarns, in pixels. */
const PITCH = 8;
export const WARP = [0.04, 0.075, 0.155];
export const WEFT = [0.62, 0.55, 0.43];
/** What shows through where there is no yarn. */
const BACKING = [0.012, 0.011, 0.012];

/** A 2/2 twill: is warp `i` above weft `j`? */
const twill = (i, j) => (((i + j) % 4) + 4) % 4 < 2;

/**
 * One piece of cloth. Yarn coordinates: u counts warps from the left, v wefts from the top.
 * Defects change the functions; drawing then needs to know nothing of them.
 */
export class Cloth {
  /** @param {import('./random.mjs').Random} random */
  constructor(random) {
    this.frame = new Frame(128, 128, random.normal(0, 0.006));
    this.pitch = PITCH * random.uniform(0.994, 1.006);
    // The camera is triggered by the loom: the pattern stands nearly still from shot to shot.
    this.offset = [random.uniform(-0.4, 0.4), random.uniform(-0.4, 0.4)];
    this.seed = random.seed();
    this.crossing = twill;
    /** Extra displacement of the cloth, in yarns: (u, v) => [du, dv]. */
    this.pull = () => [0, 0];
    /** Thickness factor of a yarn at a place; 0 where it is cut. */
    this.warpWidth = () => 1;
    this.weftWidth = () => 1;
    /** After drawing: stains, loose ends. */
    this.finish = () => {};
  }

  /** Image coordinates to yarn coordinates. */
  toYarns(x, y) {
    const [lx, ly] = this.frame.toLocal(x, y);
    const u = lx / this.pitch + this.offset[0];
    const v = ly / this.pitch + this.offset[1];
    const wave = (seed) => 0.11 * noise(u * 0.11, v * 0.11, seed) + 0.033 * noise(u * 0.4, v * 0.4, seed + 1);
    const [pullU, pullV] = this.pull(u, v);
    return [u + wave(this.seed) + pullU, v + wave(this.seed + 2) + pullV];
  }

  /** Yarn coordinates to image coordinates, without the small waves. */
  toImage(u, v) {
    return this.frame.toImage((u - this.offset[0]) * this.pitch, (v - this.offset[1]) * this.pitch);
  }
}

/** Height of a yarn's centre between its crossings, in [-1, 1]: a smooth wave through +1 above, -1 below. */
function undulation(along, above) {
  const j = Math.floor(along - 0.5);
  const t = smoothstep(0, 1, along - 0.5 - j);
  return mix(above(j) ? 1 : -1, above(j + 1) ? 1 : -1, t);
}

/** Amplitude of the wave and half thickness of a yarn, in yarns. */
const WAVE = 0.24;
const THICKNESS = 0.34;

/** The yarn whose axis runs `across` away: its height there, or null beside it. All in yarns. */
function yarn(across, along, lift, width, seed) {
  if (Math.abs(across) > 0.8 || width < 0.05) return null;
  const wander = 0.06 * noise1(along * 0.45, seed) + 0.02 * noise1(along * 1.7, seed + 1);
  const slub = 1 + 0.1 * noise1(along * 0.22, seed + 2) + 0.05 * noise1(along * 0.9, seed + 3);
  const d = (across - wander) / (width * slub * (0.47 + 0.07 * lift));
  if (Math.abs(d) >= 1) return null;
  const round = Math.sqrt(1 - d * d);
  return { height: WAVE * lift + THICKNESS * width * round, d, along, round, lift, seed };
}

/** The highest yarn at a place, or null in a hole. */
function topYarn(cloth, u, v) {
  let top = null;
  for (let k = -1; k <= 1; k++) {
    const i = Math.floor(u) + k;
    const lift = undulation(v, (j) => cloth.crossing(i, j));
    const warp = yarn(u - i - 0.5, v, lift, cloth.warpWidth(i, v), cloth.seed + 101 + i * 16);
    if (warp && !(top?.height > warp.height)) top = Object.assign(warp, { warp: true, index: i });
    const j = Math.floor(v) + k;
    const dip = undulation(u, (column) => !cloth.crossing(column, j));
    const weft = yarn(v - j - 0.5, u, dip, cloth.weftWidth(j, u), cloth.seed + 90001 + j * 16);
    if (weft && !(top?.height > weft.height)) top = Object.assign(weft, { warp: false, index: j });
  }
  return top;
}

/** Fibres lie twisted around the yarn: noise drawn out along the twist, in [-1, 1]. */
function fibre({ d, along, seed }) {
  const angle = Math.asin(d);
  const twist = angle * 0.9 + along * 1.5;
  const length = along * 0.9 - angle * 0.35;
  return (
    0.55 * noise(twist * 2.2, length * 0.8, seed + 4) + 0.45 * noise(twist * 5.5, length * 1.6, seed + 5)
  );
}

/** Colour of a yarn: its own dye lot, darker between fibres and where it dives under. */
function dye(top, strand, seed) {
  const lot = 1 + 0.1 * (2 * lattice(top.index, top.warp ? 1 : 2, seed) - 1);
  const shade =
    lot * (1 + 0.3 * strand) * mix(0.45, 1, top.round) * mix(0.62, 1, smoothstep(-0.6, 0.7, top.lift));
  const base = top.warp ? WARP : WEFT;
  // Worn crests of an indigo yarn show its white core.
  const wear = top.warp ? clamp(0.04 + 0.1 * strand) : 0;
  return base.map((value, c) => mix(value, WEFT[c], wear) * shade);
}

/** The cloth's relief and colours. @param {Cloth} cloth */
export function weave(cloth) {
  const surface = new Surface();
  surface.paintAll((x, y, i) => {
    const [u, v] = cloth.toYarns(x, y);
    const top = topYarn(cloth, u, v);
    const drape = 3 * fractal(x / 130, y / 130, cloth.seed + 9, 2);
    const strand = top ? fibre(top) : 0;
    surface.height[i] = drape + (top ? (top.height + 0.035 * strand) * cloth.pitch : -6);
    surface.setMaterial(i, { color: top ? dye(top, strand, cloth.seed) : BACKING, rough: 0.95 });
  });
  fuzz(surface, cloth);
  cloth.finish(surface);
  return surface;
}

/** A thread lying on the cloth: a raised round stroke through points, in image coordinates. */
export function layThread(surface, points, radius, color, lift) {
  surface.stroke(points, radius, (i, distance) => {
    const round = Math.sqrt(1 - (distance / radius) ** 2);
    surface.height[i] += lift + radius * round;
    surface.setMaterial(i, { color: color.map((v) => v * mix(0.5, 1, round)), rough: 0.95 });
  });
}

/** Short hairs of cotton that stand out of every yarn. */
function fuzz(surface, cloth) {
  const random = new Random(`fuzz ${cloth.seed}`);
  for (let hair = 0; hair < 420; hair++) {
    const points = wisp(random.uniform(0, SIZE), random.uniform(0, SIZE), 5, 1.7, 0.25, random);
    const light = random.uniform(0.25, 0.8);
    const color = WEFT.map((v) => v * light);
    surface.stroke(points, 0.3, (i) => {
      surface.height[i] += 0.25;
      surface.cover(i, 0.5, { color, rough: 1 });
    });
  }
}

/** A bent fibre from (x, y): `steps` steps of `stride` pixels, of random curvature. */
export function wisp(x, y, steps, stride, curvature, random, heading = random.uniform(0, 2 * Math.PI)) {
  const bend = random.normal(0, curvature);
  const points = [[x, y]];
  for (let k = 0; k < steps; k++) {
    x += stride * Math.cos(heading + k * bend);
    y += stride * Math.sin(heading + k * bend);
    points.push([x, y]);
  }
  return points;
}
