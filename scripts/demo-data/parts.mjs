// The demo set "parts": how the tray is lit and photographed, what its kinds of defects are.
// The tray and its machined parts are made in tray.mjs.
import { DEFECTS } from './partsDefects.mjs';
import { assemble, setDown } from './tray.mjs';

/** A big soft box upper left, a strip right, as a product photographer would set them. */
function light(random) {
  const drift = () => random.normal(0, 0.018);
  return {
    key: [-0.7 + drift(), -0.75 + drift(), 1.15],
    keyPower: 1.1,
    keySize: 0.35,
    keyColor: [1, 0.98, 0.95],
    ambient: 0.45,
    ambientColor: [0.92, 0.97, 1.06],
    boxes: [
      {
        direction: [-0.55 + drift(), -0.6 + drift(), 1],
        half: [0.36, 0.28],
        power: 3.3,
        color: [1, 0.98, 0.95],
      },
      { direction: [0.95, 0.35 + drift(), 0.8], half: [0.18, 0.7], power: 1.6, color: [0.93, 0.97, 1.05] },
    ],
    room: 0.25,
    reach: 26,
  };
}

function lens(random) {
  return {
    exposure: 1.12 * (1 + random.normal(0, 0.02)),
    balance: [1 + random.normal(0, 0.006), 1, 1 + random.normal(0, 0.006)],
    blur: random.uniform(0.44, 0.5),
    vignette: 0.25,
    noise: 0.025,
  };
}

/** @type {import('./main.mjs').DemoSet} */
export const parts = {
  id: 'parts',
  title: 'Machined parts',
  sentence:
    'Four clean parts, each in its pocket: the flange has six bolt holes, and no metal is scratched, dented or rusty.',
  defects: { dent: 2, foreign_particle: 2, missing_hole: 1, rust: 1, scratch: 2 },
  quality: 93,
  draw(random, type) {
    const tray = setDown(random.fork('tray'));
    const region = type ? DEFECTS[type](tray, random.fork('defect')) : null;
    return {
      surface: assemble(tray),
      studio: light(random.fork('light')),
      camera: lens(random.fork('lens')),
      region,
    };
  },
};
