// Draws the icons of the installed page from public/icon.svg, whose only shapes are squares with round corners:
// `node scripts/icons.mjs` writes public/icons/*.png. The maskable one has a ground and room for any mask.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { encode } from 'fast-png';

const SIDE = 16;
const SAMPLES = 8;
const GROUND = [23, 25, 28];

/** @returns the squares with their colours, in units of the drawing */
function squaresOf(svg) {
  let groupFill = '';
  return [...svg.matchAll(/<(\/?)(g|rect)\b([^>]*)>/g)].flatMap(([, close, tag, text]) => {
    const of = Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v]));
    if (tag === 'g') groupFill = close ? '' : of.fill;
    if (tag === 'g') return [];
    const colour = (of.fill ?? groupFill).match(/[0-9a-f]{2}/gi).map((hex) => parseInt(hex, 16));
    return [{ x: +of.x, y: +of.y, side: +of.width, round: +of.rx, colour }];
  });
}

function covers({ x, y, side, round }, px, py) {
  const dx = Math.max(x + round - px, px - (x + side - round), 0);
  const dy = Math.max(y + round - py, py - (y + side - round), 0);
  return Math.hypot(dx, dy) <= round;
}

/** @param inset share of the side left free all around @param ground colour, or null for none */
function draw(squares, size, inset, ground) {
  const data = new Uint8Array(size * size * 4);
  const scale = SIDE / (size * (1 - 2 * inset));
  const place = (pixel, sample) => (pixel + (sample + 0.5) / SAMPLES - inset * size) * scale;
  for (let i = 0; i < size * size; i++) {
    const sum = [0, 0, 0, 0];
    for (let s = 0; s < SAMPLES * SAMPLES; s++) {
      const [px, py] = [place(i % size, s % SAMPLES), place(Math.floor(i / size), Math.floor(s / SAMPLES))];
      const colour = squares.find((square) => covers(square, px, py))?.colour ?? ground;
      if (colour) [...colour, 1].forEach((value, k) => (sum[k] += value));
    }
    const [r, g, b, a] = sum;
    data.set(a === 0 ? [0, 0, 0, 0] : [r / a, g / a, b / a, (255 * a) / SAMPLES ** 2], 4 * i);
  }
  return encode({ width: size, height: size, channels: 4, data });
}

const squares = squaresOf(readFileSync('public/icon.svg', 'utf8'));
mkdirSync('public/icons', { recursive: true });
writeFileSync('public/icons/192.png', draw(squares, 192, 0, null));
writeFileSync('public/icons/512.png', draw(squares, 512, 0, null));
writeFileSync('public/icons/maskable-512.png', draw(squares, 512, 0.18, GROUND));
