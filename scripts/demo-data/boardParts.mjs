// The components of the demo's circuit board. Each kind draws its solder pads on the bare board (they stay
// where the layout says) and its body where the placement machine put it.
import { PIN_ROWS, PIN_X } from './boardLayout.mjs';
import { box, circle, mix, smoothstep } from './geometry.mjs';
import { letter, print } from './lettering.mjs';
import { brush, chamfer, METALS, turn } from './metal.mjs';
import { noise } from './noise.mjs';

export const SOLDER = { color: [0.74, 0.74, 0.73], metal: 1, rough: 0.2 };
const EPOXY = { color: [0.014, 0.014, 0.015], rough: 0.5 };
const LASER = { color: [0.3, 0.31, 0.31], rough: 0.8 };
const TIN = { color: [0.7, 0.7, 0.69], metal: 1, rough: 0.26 };

/** A tinned pad: solder stands on it in a soft dome. */
function pad(surface, board, component, x, y, halfWidth, halfHeight, dome = 1.2) {
  const place = board.frame.child(component.x, component.y, component.angle ?? 0).child(x, y);
  const grain = board.solder + Math.round(7 * x + 13 * y);
  surface.lay({
    frame: place,
    bounds: [-halfWidth, -halfHeight, halfWidth, halfHeight],
    distance: (u, v) => box(u, v, halfWidth, halfHeight, 1.2),
    height: (depth, u, v) => 0.8 + dome * smoothstep(0, 2.6, depth) + 0.16 * noise(u / 3.4, v / 3.4, grain),
    material: SOLDER,
  });
}

/** A box on the board with chamfered edges. */
function block(surface, frame, half, top, material, { corner = 0.5, edge = 0.8, finish } = {}) {
  surface.lay({
    frame,
    bounds: [-half[0], -half[1], half[0], half[1]],
    distance: (x, y) => box(x, y, half[0], half[1], corner),
    height: (depth) => chamfer(depth, top, edge),
    material,
    finish,
  });
}

/** Moulded epoxy: matt with fine grain. */
const moulded = (surface, seed) => (i, x, y) => {
  surface.tint(i, 1 + 0.25 * noise(x * 1.6, y * 1.6, seed));
  surface.height[i] += 0.05 * noise(x * 1.4, y * 1.4, seed + 1);
};

/** A gull-wing lead: leaves the body high and comes down on its pad. */
function lead(surface, frame, x, y, side, length, half) {
  surface.lay({
    frame: frame.child(x, y),
    bounds: side === 'x' ? [-length, -half, length, half] : [-half, -length, half, length],
    distance: (u, v) => (side === 'x' ? box(u, v, length, half, 0.6) : box(u, v, half, length, 0.6)),
    height: (depth, u, v) => {
      const inward = side === 'x' ? -Math.sign(x) * u : -Math.sign(y) * v;
      return 2 + 4 * smoothstep(-0.2 * length, 0.75 * length, inward) + 0.6 * smoothstep(0, 1, depth);
    },
    material: TIN,
  });
}

const chip = {
  pads(surface, board, component) {
    for (const y of PIN_ROWS)
      for (const x of [-PIN_X - 2, PIN_X + 2]) pad(surface, board, component, x, y, 7, 3, 1);
  },
  body(surface, board, { frame, text }) {
    for (const y of PIN_ROWS)
      for (const x of [-PIN_X + 1, PIN_X - 1]) lead(surface, frame, x, y, 'x', 6.5, 2.1);
    block(surface, frame, [26, 43], 9, EPOXY, { edge: 2, finish: moulded(surface, board.seed + 20) });
    surface.lay({
      frame: frame.child(-18, -35),
      bounds: [-4, -4, 4, 4],
      distance: (x, y) => circle(x, y, 3.4),
      height: (depth, x, y, below) => below - smoothstep(0, 1.6, depth),
      material: { ...EPOXY, rough: 0.3 },
    });
    const across = frame.child(0, 0, -Math.PI / 2);
    print(surface, letter(text, across, 0, -5, 8), 1.2, board.seed, LASER);
    print(surface, letter('2504-61', across, 0, 8, 6), 1, board.seed, LASER);
  },
};

/** A two-terminal chip: tinned end caps and a body between. */
function twoTerminal(half, top, cap, material, decorate) {
  return {
    pads(surface, board, component) {
      for (const x of [-half[0], half[0]]) pad(surface, board, component, x, 0, 5.4, half[1] + 1, 1.5);
    },
    body(surface, board, component) {
      const { frame } = component;
      block(surface, frame, half, top, TIN, { edge: 1.1, corner: 1 });
      block(surface, frame, [half[0] - cap, half[1] - 0.2], top + 0.3, material, {
        edge: 0.7,
        finish: moulded(surface, board.seed + 30 + Math.round(component.y)),
      });
      decorate?.(surface, board, component);
    },
  };
}

const resistor = twoTerminal([11, 6.2], 4, 3.2, EPOXY, (surface, board, { frame, text }) =>
  print(surface, letter(text, frame, 0, 0, 6), 1, board.seed, { color: [0.62, 0.63, 0.6], rough: 0.6 }),
);

const capacitor = twoTerminal([11, 6.4], 6, 3.4, { color: [0.36, 0.22, 0.11], rough: 0.4 });

/** A yellow lens between its terminals, with a green cathode mark. */
const diode = twoTerminal(
  [11, 6.2],
  4,
  3,
  { color: [0.62, 0.6, 0.52], rough: 0.35 },
  (surface, board, { frame }) => {
    surface.lay({
      frame,
      bounds: [-6, -5, 6, 5],
      distance: (x, y) => box(x, y, 5.4, 4.4, 2),
      height: (depth) => 4.5 + 1.6 * smoothstep(0, 4, depth),
      material: { color: [0.8, 0.52, 0.05], rough: 0.12 },
    });
  },
);

const transistor = {
  pads(surface, board, component) {
    pad(surface, board, component, 0, -12, 4.4, 5);
    for (const x of [-8, 8]) pad(surface, board, component, x, 12, 4.4, 5);
  },
  body(surface, board, { frame }) {
    lead(surface, frame, 0, -10, 'y', 4.5, 2.2);
    for (const x of [-8, 8]) lead(surface, frame, x, 10, 'y', 4.5, 2.2);
    block(surface, frame, [14, 7.2], 6.5, EPOXY, { edge: 1.4, finish: moulded(surface, board.seed + 40) });
    print(surface, letter('2A', frame, 0, 0, 6), 1, board.seed, LASER);
  },
};

/** An electrolytic capacitor from above: plastic base, aluminium can with its black mark and vent. */
const can = {
  pads(surface, board, component) {
    for (const y of [-29, 29]) pad(surface, board, component, 8, y, 4, 5);
  },
  body(surface, board, { frame, text }) {
    block(surface, frame, [27, 27], 4, { color: [0.02, 0.02, 0.022], rough: 0.45 }, { corner: 5, edge: 1.4 });
    surface.lay({
      frame,
      bounds: [-25, -25, 25, 25],
      distance: (x, y) => circle(x, y, 24.5),
      height: (depth) => 14 - 3 * (1 - smoothstep(0, 4, depth)) ** 2,
      material: METALS.zinc,
      finish: (i, x, y, depth) => {
        turn(surface, i, frame, x, y, 61, 0.12);
        const mark = smoothstep(-11.4, -12, x) * smoothstep(1.8, 2.2, depth);
        surface.cover(i, mark, { color: [0.015, 0.015, 0.018], rough: 0.4 });
      },
    });
    print(surface, letter(text, frame, 4, -4, 8), 1.3, board.seed, {
      color: [0.03, 0.03, 0.035],
      rough: 0.5,
    });
    print(surface, letter('16', frame, 4, 8, 8), 1.3, board.seed, { color: [0.03, 0.03, 0.035], rough: 0.5 });
  },
};

const crystal = {
  pads(surface, board, component) {
    for (const x of [-18, 18]) pad(surface, board, component, x, 0, 6, 5);
  },
  body(surface, board, { frame }) {
    surface.lay({
      frame,
      bounds: [-29, -13, 29, 13],
      distance: (x, y) => box(x, y, 28, 12, 12),
      height: (depth) => mix(2, 9, smoothstep(1.8, 3, depth)) + 1.2 * smoothstep(3, 5, depth),
      material: TIN,
      finish: (i, x, y) => brush(surface, i, frame.cos, frame.sin, x, y, 71, 0.08),
    });
    print(surface, letter('16-000', frame, 0, 0, 6), 0.9, board.seed, {
      color: [0.12, 0.12, 0.13],
      rough: 0.6,
    });
  },
};

/** Drawing of each kind of component: its pads on the board, its body in its own frame. */
export const PARTS = { chip, can, crystal, resistor, capacitor, transistor, diode };
