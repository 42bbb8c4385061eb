// What goes wrong at a loom and after it. Each defect changes a cloth before it is woven and answers with its
// ground truth: the region of the image it occupies, from the very geometry that draws it.
import { length, smoothstep } from './geometry.mjs';
import { lattice, fractal } from './noise.mjs';
import { layThread, WARP, WEFT, wisp } from './cloth.mjs';

/** A place well inside the image, in yarn coordinates. */
function middle(cloth, random) {
  return cloth.toYarns(random.uniform(80, 176), random.uniform(80, 176));
}

/** A weft is missing over part of its way: warps float where it should bind them. */
function brokenPick(cloth, random) {
  const [u, v] = middle(cloth, random);
  const pick = Math.floor(v);
  const picks = 2;
  const half = random.uniform(6, 9);
  const missing = (j) => j >= pick && j < pick + picks;
  cloth.weftWidth = (j, along) => (missing(j) ? smoothstep(half - 0.5, half + 0.3, Math.abs(along - u)) : 1);
  return (x, y) => {
    const [pu, pv] = cloth.toYarns(x, y);
    return Math.abs(pu - u) < half && pv > pick - 0.3 && pv < pick + picks + 0.3;
  };
}

/** Yarns torn away around a point, each at its own length, with a few loose ends. */
function hole(cloth, random) {
  const [u, v] = middle(cloth, random);
  const radius = random.uniform(2.1, 3.2);
  const seed = random.seed();
  const torn = (du, dv, yarn) =>
    smoothstep(-0.15, 0.35, length(du, dv) - radius - 0.9 * (lattice(yarn, 3, seed) - 0.5));
  cloth.warpWidth = (i, along) => torn(i + 0.5 - u, along - v, i);
  cloth.weftWidth = (j, along) => torn(along - u, j + 0.5 - v, j + 5000);
  const ends = random.fork('ends');
  cloth.finish = (surface) => {
    for (let k = 0; k < 9; k++) frayedEnd(surface, cloth, u, v, radius, ends);
  };
  return (x, y) => {
    const [pu, pv] = cloth.toYarns(x, y);
    return length(pu - u, pv - v) < radius + 0.45;
  };
}

/** One loose end that reaches from the rim of a hole into it. */
function frayedEnd(surface, cloth, u, v, radius, random) {
  const angle = random.uniform(0, 2 * Math.PI);
  const rim = radius + 0.3;
  const [x, y] = cloth.toImage(u + rim * Math.cos(angle), v + rim * Math.sin(angle));
  const inwards = angle + Math.PI + random.normal(0, 0.5);
  const points = wisp(x, y, random.integer(3, 6), 2.2, 0.3, random, inwards);
  layThread(surface, points, random.uniform(0.35, 0.8), random.uniform() < 0.5 ? WEFT : WARP, 2);
}

/** Warps left on top for too long in one place: the pattern breaks into floats. */
function misweave(cloth, random) {
  const [u, v] = middle(cloth, random).map(Math.floor);
  const [halfU, halfV] = [random.integer(2, 3), random.integer(3, 4)];
  const regular = cloth.crossing;
  cloth.crossing = (i, j) =>
    Math.abs(i - u) <= halfU && Math.abs(j - v) <= halfV ? (i - u) % 3 !== 0 : regular(i, j);
  return (x, y) => {
    const [pu, pv] = cloth.toYarns(x, y);
    return Math.abs(pu - u - 0.5) < halfU + 0.6 && Math.abs(pv - v - 0.5) < halfV + 0.6;
  };
}

/** A snag: one weft drawn out into a loop; its neighbours pucker towards it. */
function pulledThread(cloth, random) {
  const [u, v] = middle(cloth, random);
  const pick = Math.floor(v);
  const reach = random.uniform(2.6, 3.4);
  cloth.pull = (pu, pv) => {
    const du = (pu - u) / (2.2 * reach);
    const dv = (pv - pick - 0.5) / reach;
    const strength = 0.9 * Math.exp(-du * du - dv * dv);
    return [0.25 * strength * (pu - u), 0.55 * strength * (pv - pick - 0.5)];
  };
  cloth.weftWidth = (j, along) => (j === pick ? 0.6 + 0.4 * smoothstep(6, 12, Math.abs(along - u)) : 1);
  const loop = loopThrough(cloth, u, pick + 0.5, random);
  cloth.finish = (surface) => layThread(surface, loop, 0.36 * cloth.pitch, WEFT, 4);
  return (x, y) => {
    const [pu, pv] = cloth.toYarns(x, y);
    const pucker = length((pu - u) / (1.6 * reach), (pv - pick - 0.5) / reach) < 0.8;
    const taut = Math.abs(pu - u) < 7 && Math.abs(pv - pick - 0.5) < 0.6;
    return pucker || taut || loop.some(([lx, ly]) => length(x - lx, y - ly) < 0.45 * cloth.pitch);
  };
}

/** The drawn-out loop, as points of the image. */
function loopThrough(cloth, u, v, random) {
  const lean = random.normal(0, 0.4);
  const points = [];
  for (let k = 0; k <= 24; k++) {
    const t = Math.PI * (k / 24);
    const open = 1.5 * Math.sin(t) ** 0.8;
    points.push(cloth.toImage(u - 0.9 * Math.cos(t) * (0.6 + 0.6 * Math.sin(t)) + lean * open, v - 2 * open));
  }
  return points;
}

/** Something spilt: soaks in unevenly and dries with a darker rim. */
function stain(cloth, random) {
  const [cx, cy] = [random.uniform(80, 176), random.uniform(80, 176)];
  const radius = random.uniform(28, 38);
  const seed = random.seed();
  const strength = random.uniform(0.88, 1);
  /** Signed distance to the stain's edge, in pixels, negative inside. */
  const edge = (x, y) =>
    length(x - cx, (y - cy) * 1.15) - radius * (1 + 0.7 * fractal((x - cx) / 24, (y - cy) / 22, seed, 3));
  cloth.finish = (surface) =>
    surface.paintAll((x, y, i) => {
      const d = edge(x, y);
      const soaked = strength * smoothstep(2.5, -2.5, d) * (0.72 + 0.28 * smoothstep(-9, -1, d));
      surface.tint(i, 1 - 0.68 * soaked, 1 - 0.84 * soaked, 1 - 0.94 * soaked);
    });
  return (x, y) => edge(x, y) < 1;
}

/** @type {Record<string, (cloth: import('./cloth.mjs').Cloth, random: import('./random.mjs').Random) => (x: number, y: number) => boolean>} */
export const DEFECTS = {
  broken_pick: brokenPick,
  hole,
  misweave,
  pulled_thread: pulledThread,
  stain,
};
