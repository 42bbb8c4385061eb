// Machined parts in a moulded tray: a turned flange with six bolt holes, a brass nut, a zinc washer and a
// brushed plate. Every part lies in its own pocket and may shift and turn a little, as when a person sets it down.
import { box, circle, Frame, hexagon, length, smoothstep } from './geometry.mjs';
import { brush, chamfer, handle, METALS, turn } from './metal.mjs';
import { fractal, noise } from './noise.mjs';
import { Surface } from './surface.mjs';

const PLASTIC = { color: [0.115, 0.152, 0.19], rough: 0.62 };
const FLOOR = -7;

/** Where each part's pocket lies in the tray, and its outline there (negative inside). */
const POCKETS = {
  flange: { x: 95, y: 97, outline: (x, y) => circle(x, y, 79) },
  nut: { x: 211, y: 57, outline: (x, y) => circle(x, y, 35) },
  washer: { x: 211, y: 138, outline: (x, y) => circle(x, y, 33) },
  plate: { x: 128, y: 216, outline: (x, y) => box(x, y, 112, 29, 14) },
};

/** Angles of the flange's bolt holes and their radius from its centre. */
export const BOLTS = [0, 1, 2, 3, 4, 5].map((k) => (k * Math.PI) / 3);
export const BOLT_CIRCLE = 52;
export const BOLT_RADIUS = 8.5;

/**
 * @typedef {object} Tray a tray with its parts set down, and what is wrong with them
 * @property {number} seed
 * @property {Frame} frame
 * @property {Record<string, Frame>} parts where each part lies
 * @property {number[]} bolts angles of the bolt holes that were drilled
 * @property {(surface: Surface) => void} finish changes the relief before light falls on it: dents, scratches, dirt
 */

/** How far a part may be turned in its pocket: standard deviation, radians. */
const TURN = { flange: 0.015, nut: 0.04, washer: 0.15, plate: 0.006 };

/** Sets the parts down, each a little off. @param {import('./random.mjs').Random} random @returns {Tray} */
export function setDown(random) {
  const frame = new Frame(random.normal(0, 0.5), random.normal(0, 0.5), random.normal(0, 0.002));
  /** @type {Record<string, Frame>} */
  const parts = {};
  for (const [name, { x, y }] of Object.entries(POCKETS)) {
    const [dx, dy] = [random.normal(0, 0.6), random.normal(0, 0.6)];
    parts[name] = frame.child(x + dx, y + dy, random.normal(0, TURN[name]));
  }
  return { seed: random.seed(), frame, parts, bolts: [...BOLTS], finish: () => {} };
}

/** The moulded plastic with its pockets. */
function layTray(surface, tray) {
  surface.paintAll((x, y, i) => {
    const [u, v] = tray.frame.toLocal(x, y);
    let depth = -Infinity;
    for (const pocket of Object.values(POCKETS))
      depth = Math.max(depth, -pocket.outline(u - pocket.x, v - pocket.y));
    const grain = 0.09 * noise(u * 0.9, v * 0.9, 11) + 0.05 * noise(u * 2.1, v * 2.1, 12);
    surface.height[i] = FLOOR * smoothstep(-2.2, 1.6, depth) + grain;
    surface.setMaterial(i, PLASTIC);
    const dust =
      1 + 0.12 * fractal(u / 40, v / 40, tray.seed, 3) + 0.1 * noise(u * 1.3, v * 1.3, tray.seed + 5);
    surface.tint(i, dust);
  });
}

/** A hole through a part: its chamfer, its dark wall, the tray below. */
function drill(surface, frame, x, y, radius, bevel) {
  const place = frame.child(x, y);
  const reach = radius + bevel;
  surface.lay({
    frame: place,
    bounds: [-reach, -reach, reach, reach],
    distance: (u, v) => circle(u, v, reach),
    height: (depth, u, v, below) => (depth < bevel ? below - depth : FLOOR + 0.5),
    material: METALS.steel,
    finish: (i, u, v, depth) => {
      if (depth < bevel) turn(surface, i, place, u, v, 5, 0.1);
      else surface.setMaterial(i, { color: [0.02, 0.022, 0.025], rough: 0.7 });
    },
  });
}

function layFlange(surface, tray) {
  const frame = tray.parts.flange;
  surface.lay({
    frame,
    bounds: [-74, -74, 74, 74],
    distance: (x, y) => Math.max(circle(x, y, 72), 16 - length(x, y)),
    height: (depth, x, y) => {
      const radius = length(x, y);
      const hub = 4 * smoothstep(33.5, 31, radius);
      const groove = -1.2 * smoothstep(1.6, 0.8, Math.abs(radius - 64));
      return chamfer(depth, 4 + hub + groove, 2);
    },
    material: METALS.steel,
    finish: (i, x, y) => {
      turn(surface, i, frame, x, y, 21, 0.2);
      handle(surface, i, x, y, tray.seed + 1);
    },
  });
  for (const angle of tray.bolts) {
    drill(
      surface,
      frame,
      BOLT_CIRCLE * Math.cos(angle),
      BOLT_CIRCLE * Math.sin(angle),
      BOLT_RADIUS - 1.6,
      1.6,
    );
  }
}

/** The wall of a tapped hole: bright and dark turns of thread towards the bottom. */
function tap(surface, frame, radius) {
  surface.lay({
    frame,
    bounds: [-radius, -radius, radius, radius],
    distance: (x, y) => circle(x, y, radius),
    height: (depth, x, y, below) => (depth < 5 ? below - depth * 1.2 + 0.4 * Math.sin(depth * 3.1) : FLOOR),
    material: { ...METALS.brass, rough: 0.35 },
    finish: (i, x, y, depth) => {
      if (depth > 5) surface.setMaterial(i, { color: [0.02, 0.022, 0.025], rough: 0.7 });
      else surface.tint(i, 0.9 - 0.12 * depth);
    },
  });
}

function layNut(surface, tray) {
  const frame = tray.parts.nut;
  surface.lay({
    frame,
    bounds: [-32, -32, 32, 32],
    distance: (x, y) => hexagon(x, y, 25),
    height: (depth, x, y) => {
      const cone = Math.max(0, length(x, y) - 23.5) * 0.55;
      return chamfer(depth, 8 - cone, 0.7);
    },
    material: METALS.brass,
    finish: (i, x, y) => {
      turn(surface, i, frame, x, y, 31, 0.12);
      handle(surface, i, x, y, tray.seed + 2);
    },
  });
  tap(surface, frame, 14);
}

function layWasher(surface, tray) {
  const frame = tray.parts.washer;
  const seed = 41;
  surface.lay({
    frame,
    bounds: [-28, -28, 28, 28],
    distance: (x, y) => Math.max(circle(x, y, 27), 12.5 - length(x, y)),
    height: (depth) => chamfer(depth, -2, 1.3),
    material: METALS.zinc,
    finish: (i, x, y) => {
      brush(surface, i, frame.cos, frame.sin, x, y, seed, 0.12);
      handle(surface, i, x, y, tray.seed + 3);
    },
  });
}

function layPlate(surface, tray) {
  const frame = tray.parts.plate;
  surface.lay({
    frame,
    bounds: [-108, -25, 108, 25],
    distance: (x, y) => Math.max(box(x, y, 106, 23, 9), -box(x, y, 34, 6, 6)),
    height: (depth) => chamfer(depth, 1, 1.5),
    material: METALS.steel,
    finish: (i, x, y) => {
      brush(surface, i, frame.cos, frame.sin, x, y, 51 + (tray.seed % 7), 0.16);
      handle(surface, i, x, y, tray.seed + 4);
    },
  });
  for (const x of [-82, 82]) drill(surface, frame, x, 0, 6, 3.2);
  for (const side of [-1, 1]) drill(surface, frame, side * 97, side * 14, 2.4, 0.8);
}

/** The laid-out tray as a relief. @param {Tray} tray */
export function assemble(tray) {
  const surface = new Surface();
  layTray(surface, tray);
  layFlange(surface, tray);
  layNut(surface, tray);
  layWasher(surface, tray);
  layPlate(surface, tray);
  tray.finish(surface);
  return surface;
}
