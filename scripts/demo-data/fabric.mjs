// The demo set "fabric": how the cloth is lit and photographed, what its kinds of defects are.
// The cloth itself is woven in cloth.mjs.
import { Cloth, weave } from './cloth.mjs';
import { DEFECTS } from './fabricDefects.mjs';

/** A soft box upper left and a large, weak sky. */
function light(random) {
  return {
    key: [-0.75 + random.normal(0, 0.05), -0.8 + random.normal(0, 0.05), 0.95],
    keyPower: 1.3 * (1 + random.normal(0, 0.03)),
    keySize: 0.5,
    keyColor: [1, 0.97, 0.92],
    ambient: 0.5,
    ambientColor: [0.93, 0.97, 1.05],
    boxes: [],
    room: 0.3,
    reach: 12,
  };
}

function lens(random) {
  return {
    exposure: 1.05 * (1 + random.normal(0, 0.02)),
    balance: [1 + random.normal(0, 0.008), 1, 1 + random.normal(0, 0.008)],
    blur: random.uniform(0.46, 0.52),
    vignette: 0.22,
    noise: 0.03,
  };
}

/** @type {import('./main.mjs').DemoSet} */
export const fabric = {
  id: 'fabric',
  title: 'Woven cloth',
  sentence:
    'Every blue and white thread runs through, two over and two under; nothing is torn, soiled or pulled.',
  defects: { broken_pick: 2, hole: 2, misweave: 1, pulled_thread: 1, stain: 2 },
  quality: 88,
  draw(random, type) {
    const cloth = new Cloth(random.fork('cloth'));
    const region = type ? DEFECTS[type](cloth, random.fork('defect')) : null;
    return {
      surface: weave(cloth),
      studio: light(random.fork('light')),
      camera: lens(random.fork('lens')),
      region,
    };
  },
};
