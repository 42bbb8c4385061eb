// A small circuit board under a macro lens: solder mask over etched copper, tinned and gilded pads, silkscreen.
// Layout in boardLayout.mjs, components in boardParts.mjs. Each board is placed and soldered a little differently.
import { COMPONENTS, FIDUCIAL, HEADER, MOUNT, TRACES, TRACE_WIDTH, VIAS } from './boardLayout.mjs';
import { PARTS } from './boardParts.mjs';
import { boundsOf, box, circle, Frame, length, mix, segment, smoothstep } from './geometry.mjs';
import { letter, print } from './lettering.mjs';
import { fractal, noise } from './noise.mjs';
import { Surface } from './surface.mjs';

const LAMINATE = [0.002, 0.027, 0.014];
const COPPER_BELOW = [0.003, 0.082, 0.026];
const HOLE = { color: [0.004, 0.005, 0.005], rough: 0.8 };
const GOLD = { color: [0.9, 0.66, 0.3], metal: 1, rough: 0.22 };
const CLEARANCE = 3.2;

/** One assembled board: frames of all components and what is wrong with it. */
export class Board {
  /** @param {import('./random.mjs').Random} random */
  constructor(random) {
    this.seed = random.seed();
    this.frame = new Frame(random.normal(0, 0.5), random.normal(0, 0.5), random.normal(0, 0.002));
    this.ink = this.frame.child(random.normal(0, 0.5), random.normal(0, 0.5));
    this.placed = COMPONENTS.map((component) => ({ ...component, frame: this.place(component, random) }));
    this.solder = random.seed();
    /** Cuts in the copper: signed distance in image coordinates, negative where it is gone. */
    this.cut = () => Infinity;
    /** Changes the bare board, before components; and the assembled one. */
    this.scar = () => {};
    this.finish = () => {};
  }

  /** Where the placement machine put a component. */
  place({ x, y, angle = 0 }, random) {
    return this.frame.child(
      x + random.normal(0, 0.45),
      y + random.normal(0, 0.45),
      angle + random.normal(0, 0.012),
    );
  }
}

/** Distance to the edge of the nearest signal copper at every sub-pixel, up to a few pixels. */
function etch(surface, board) {
  const distance = new Float32Array(surface.height.length).fill(99);
  const keep = (i, d) => {
    if (d < distance[i]) distance[i] = d;
  };
  for (const trace of TRACES) {
    const points = trace.map(([x, y]) => board.frame.toImage(x, y));
    for (let k = 1; k < points.length; k++) {
      const run = [points[k - 1], points[k]];
      surface.paint(boundsOf(run, TRACE_WIDTH + CLEARANCE + 1), (x, y, i) =>
        keep(i, Math.max(segment(x, y, run[0], run[1]) - TRACE_WIDTH / 2, -board.cut(x, y))),
      );
    }
  }
  for (const [vx, vy] of VIAS) {
    const [cx, cy] = board.frame.toImage(vx, vy);
    surface.paint([cx - 10, cy - 10, cx + 10, cy + 10], (x, y, i) => keep(i, circle(x - cx, y - cy, 4.2)));
  }
  return distance;
}

/** Laminate, copper and the green lacquer that flows over both. */
function layBoard(surface, board) {
  const copper = etch(surface, board);
  surface.paintAll((x, y, i) => {
    const [u, v] = board.frame.toLocal(x, y);
    const signal = smoothstep(0.35, -0.35, copper[i]);
    const pour =
      smoothstep(CLEARANCE - 0.35, CLEARANCE + 0.35, copper[i]) * smoothstep(0.3, -0.3, -board.cut(x, y));
    const metal = Math.max(signal, pour);
    const fibre = 0.5 * noise(u * 0.32, v * 0.9, 5) + 0.5 * noise(u * 0.9, v * 0.32, 6);
    const lacquer = 1 + 0.07 * fractal(u / 45, v / 45, board.seed, 3) + 0.05 * fibre * (1 - metal);
    const color = LAMINATE.map(
      (dark, c) => mix(dark, COPPER_BELOW[c] * (0.86 + 0.22 * signal), metal) * lacquer,
    );
    surface.setMaterial(i, { color, rough: 0.3 });
    const step = smoothstep(1, -1, copper[i]) + smoothstep(CLEARANCE - 1, CLEARANCE + 1, copper[i]);
    surface.height[i] = 0.75 * step + 0.02 * noise(u * 0.7, v * 0.7, board.seed + 2);
  });
}

/** A plated hole: gilded ring, dark bore. `square` marks pin 1. */
function plate(surface, frame, x, y, ring, bore, square = false) {
  surface.lay({
    frame: frame.child(x, y),
    bounds: [-ring, -ring, ring, ring],
    distance: (u, v) => (square ? box(u, v, ring, ring, 1) : circle(u, v, ring)),
    height: (depth, u, v) =>
      length(u, v) < bore
        ? -7
        : 1 + 0.5 * smoothstep(0, 1.2, depth) - 0.5 * smoothstep(bore + 1.4, bore, length(u, v)),
    material: GOLD,
    finish: (i, u, v) => {
      if (length(u, v) < bore) surface.setMaterial(i, HOLE);
    },
  });
}

function layHoles(surface, board) {
  for (const [x, y] of VIAS) plate(surface, board.frame, x, y, 3.5, 1.5);
  HEADER.forEach(([x, y], k) => plate(surface, board.frame, x, y, 8.6, 4.6, k === 0));
  plate(surface, board.frame, MOUNT[0], MOUNT[1], 18, 11);
  plate(surface, board.frame, FIDUCIAL[0], FIDUCIAL[1], 5, 0);
}

/** Names and outlines of components, the connector's frame. */
function layInk(surface, board) {
  for (const { name, x, y, label } of COMPONENTS) {
    print(surface, letter(name, board.ink, x + label[0], y + label[1], 6), 0.95, board.seed);
  }
  const frameOf = (left, top, right, bottom) => [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ];
  const outlines = [frameOf(57, 217, 227, 243), frameOf(125, 72, 175, 164), frameOf(21, 27, 79, 85)];
  const lines = outlines.map((points) => points.map(([x, y]) => board.ink.toImage(x, y)));
  print(surface, lines, 0.9, board.seed);
  print(surface, letter('J1', board.ink, 46, 230, 6), 0.95, board.seed);
}

/** The whole assembly as a relief. @param {Board} board */
export function assemble(board) {
  const surface = new Surface();
  layBoard(surface, board);
  layHoles(surface, board);
  layInk(surface, board);
  board.scar(surface);
  for (const component of COMPONENTS) PARTS[component.kind].pads(surface, board, component);
  for (const component of board.placed) PARTS[component.kind].body(surface, board, component);
  board.finish(surface);
  return surface;
}
