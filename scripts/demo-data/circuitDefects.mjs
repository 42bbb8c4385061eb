// What goes wrong on an assembly line. Each defect changes a board before it is drawn and answers with its
// ground truth: the region of the image it occupies, from the very geometry that draws it.
import { PIN_PITCH, PIN_ROWS, PIN_X, TRACES } from './boardLayout.mjs';
import { SOLDER } from './boardParts.mjs';
import { box, circle, Frame, polyline, segment, smoothstep } from './geometry.mjs';
import { fractal, noise } from './noise.mjs';

/** Traces (by index) with a long run free of components, and the run's first point. */
const OPEN_RUNS = [
  [7, 2],
  [12, 2],
  [22, 1],
  [16, 0],
  [28, 2],
];

/** A track burnt through: copper gone over a few pixels, lacquer charred and laminate bare around. */
function brokenTrace(board, random) {
  const [trace, from] = OPEN_RUNS[random.integer(0, OPEN_RUNS.length - 1)];
  const [a, b] = [TRACES[trace][from], TRACES[trace][from + 1]];
  const t = random.uniform(0.4, 0.6);
  const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
  const place = board.frame.child(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), angle);
  const half = random.uniform(4.5, 6.5);
  const seed = random.seed();
  const gap = (x, y) => {
    const [u, v] = place.toLocal(x, y);
    return box(u + 0.8 * noise(v / 1.5, 3, seed), v, half, 5.2, 1);
  };
  const burn = (x, y) => circle(x - place.x, y - place.y, half + 2.5) + 3 * fractal(x / 6, y / 6, seed, 3);
  board.cut = gap;
  board.scar = (surface) =>
    surface.paint([place.x - 18, place.y - 18, place.x + 18, place.y + 18], (x, y, i) => {
      const d = burn(x, y);
      const weave = 0.5 + 0.5 * noise(x * 0.9, y * 0.9, seed + 1);
      surface.cover(i, 0.75 * smoothstep(3, -1, d), { color: [0.03, 0.022, 0.012], rough: 0.8 });
      surface.cover(i, smoothstep(-1, -3, d), {
        color: [0.2 + 0.1 * weave, 0.15 + 0.08 * weave, 0.07],
        rough: 0.8,
      });
    });
  return (x, y) => Math.min(gap(x, y), burn(x, y) - 1) < 0;
}

/** Too much solder: two or three neighbouring pins joined. */
function solderBridge(board, random) {
  const side = random.uniform() < 0.5 ? -1 : 1;
  const first = random.integer(0, PIN_ROWS.length - 3);
  const span = random.integer(1, 2);
  const { x, y } = board.placed[0];
  const end = (row) => board.frame.toImage(x + side * (PIN_X + random.uniform(2, 5)), y + PIN_ROWS[row]);
  const [from, to] = [end(first), end(first + span)];
  const radius = random.uniform(5, 6);
  const seed = random.seed();
  const blob = (px, py) => segment(px, py, from, to) - radius + 0.9 * noise(px / 3.5, py / 3.5, seed);
  board.finish = (surface) =>
    surface.paint([from[0] - 12, from[1] - 12, to[0] + 12, to[1] + 12], (px, py, i) => {
      const depth = -blob(px, py);
      if (depth <= 0) return;
      surface.height[i] = Math.max(surface.height[i], 1.5 + 3.4 * Math.sqrt(Math.min(1, depth / radius)));
      surface.setMaterial(i, SOLDER);
    });
  return (px, py) => blob(px, py) < 0.5;
}

/** The placement machine skipped a component: bare, tinned pads. */
function missingComponent(board, random) {
  const kinds = ['resistor', 'capacitor', 'diode', 'transistor'];
  const kind = kinds[random.integer(0, kinds.length - 1)];
  const candidates = board.placed.filter((component) => component.kind === kind);
  const gone = candidates[random.integer(0, candidates.length - 1)];
  board.placed = board.placed.filter((component) => component !== gone);
  const [halfWidth, halfHeight] = gone.kind === 'transistor' ? [15, 15] : [12, 7];
  return (x, y) => box(...gone.frame.toLocal(x, y), halfWidth, halfHeight, 1) < 0;
}

/** The chip slid and turned while the solder was liquid. */
function misalignedChip(board, random) {
  const chip = board.placed[0];
  const way = random.uniform() < 0.5 ? -1 : 1;
  const nominal = chip.frame;
  chip.frame = nominal.child(
    way * random.uniform(1, 2.5),
    random.uniform(2, 4),
    way * random.uniform(0.09, 0.13),
  );
  const outline = (frame, x, y) => box(...frame.toLocal(x, y), PIN_X + 5, 3.5 * PIN_PITCH + 8, 1) < 0;
  return (x, y) => outline(chip.frame, x, y);
}

/** Where the board lies open between components. */
const OPEN_PLACES = [
  [120, 190],
  [60, 196],
  [30, 118],
  [216, 172],
  [104, 60],
];

/** A tool slipped: through the lacquer, down to bright copper. */
function scratch(board, random) {
  const [x, y] = OPEN_PLACES[random.integer(0, OPEN_PLACES.length - 1)];
  const heading = random.uniform(0.15, 0.5) * (random.uniform() < 0.5 ? -1 : 1) * Math.PI;
  const place = new Frame(...board.frame.toImage(x, y), heading);
  const half = random.uniform(17, 24);
  const bend = random.normal(0, 2.5);
  const points = [-1, -0.5, 0, 0.5, 1].map((t) => place.toImage(half * t, bend * (1 - t * t)));
  const width = random.uniform(1.1, 1.5);
  const seed = random.seed();
  board.scar = (surface) =>
    surface.stroke(points, 2 * width, (i, distance, px, py) => {
      const cut = smoothstep(width, 0.5 * width, distance + 0.4 * noise(px / 2, py / 2, seed));
      surface.height[i] += -0.7 * cut + 0.3 * smoothstep(2 * width, width, distance) * (1 - cut);
      surface.cover(i, cut, { color: [0.62, 0.4, 0.22], metal: 0.6, rough: 0.35 });
    });
  return (px, py) => polyline(px, py, points) < width + 0.5;
}

/** @type {Record<string, (board: import('./board.mjs').Board, random: import('./random.mjs').Random) => (x: number, y: number) => boolean>} */
export const DEFECTS = {
  broken_trace: brokenTrace,
  misaligned_chip: misalignedChip,
  missing_component: missingComponent,
  scratch,
  solder_bridge: solderBridge,
};
