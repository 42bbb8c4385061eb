// The demo set "circuit": how the board is lit and photographed, what its kinds of defects are.
// The board is made in board.mjs, its components in boardParts.mjs, after the layout in boardLayout.mjs.
import { assemble, Board } from './board.mjs';
import { DEFECTS } from './circuitDefects.mjs';

/** Ring light off axis and a soft box: lacquer shows a sheen, solder sparkles. */
function light(random) {
  const drift = () => random.normal(0, 0.03);
  return {
    key: [-0.7 + drift(), -0.8 + drift(), 1.05],
    keyPower: 2.3,
    keySize: 0.3,
    keyColor: [1, 0.985, 0.95],
    ambient: 0.6,
    ambientColor: [0.95, 0.98, 1.04],
    boxes: [
      {
        direction: [-0.5 + drift(), -0.55 + drift(), 0.9],
        half: [0.34, 0.26],
        power: 3.4,
        color: [1, 0.98, 0.95],
      },
      { direction: [0.9, 0.5 + drift(), 0.7], half: [0.2, 0.5], power: 1.2, color: [0.95, 0.98, 1.04] },
      { direction: [0.05 + drift(), -0.1 + drift(), 1], half: [0.34, 0.3], power: 0.85, color: [1, 1, 1] },
    ],
    room: 0.2,
    reach: 22,
  };
}

function lens(random) {
  return {
    exposure: 1.15 * (1 + random.normal(0, 0.02)),
    balance: [1 + random.normal(0, 0.006), 1, 1 + random.normal(0, 0.006)],
    blur: random.uniform(0.42, 0.48),
    vignette: 0.25,
    noise: 0.025,
  };
}

/** @type {import('./main.mjs').DemoSet} */
export const circuit = {
  id: 'circuit',
  title: 'Circuit board',
  sentence:
    'Every board carries the same eleven components, straight and soldered; every track runs unbroken.',
  defects: { broken_trace: 2, misaligned_chip: 1, missing_component: 2, scratch: 1, solder_bridge: 2 },
  quality: 92,
  draw(random, type) {
    const board = new Board(random.fork('board'));
    const region = type ? DEFECTS[type](board, random.fork('defect')) : null;
    return {
      surface: assemble(board),
      studio: light(random.fork('light')),
      camera: lens(random.fork('lens')),
      region,
    };
  },
};
