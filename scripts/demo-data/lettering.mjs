// A stroke alphabet for silkscreen and laser marks, with the letters that the circuit board needs, and its ink.
import { smoothstep } from './geometry.mjs';
import { noise } from './noise.mjs';

const INK = { color: [0.72, 0.74, 0.7], rough: 0.7 };

/** Strokes of each character in a cell 4 wide and 6 high: points `x,y`, strokes parted by a bar. */
const GLYPHS = {
  0: '0,1 1,0 3,0 4,1 4,5 3,6 1,6 0,5 0,1',
  1: '0.8,1.2 2,0 2,6',
  2: '0,1 1,0 3,0 4,1 4,2.3 0,6 4,6',
  3: '0,0 4,0 2,2.4 3,2.4 4,3.4 4,5 3,6 1,6 0,5',
  4: '3,6 3,0 0,4 4,4',
  5: '4,0 0,0 0,2.6 3,2.6 4,3.6 4,5 3,6 0,6',
  6: '3.6,0 1.4,1.4 0,3.6 0,5 1,6 3,6 4,5 4,3.8 3,2.9 1,2.9 0,3.8',
  7: '0,0 4,0 1.6,6',
  A: '0,6 2,0 4,6 | 0.8,4 3.2,4',
  B: '0,0 3,0 4,1 4,2 3,3 0,3 | 3,3 4,4 4,5 3,6 0,6 0,0',
  C: '4,1 3,0 1,0 0,1 0,5 1,6 3,6 4,5',
  D: '0,0 2.6,0 4,1.6 4,4.4 2.6,6 0,6 0,0',
  G: '4,1 3,0 1,0 0,1 0,5 1,6 3,6 4,5 4,3.2 2.4,3.2',
  J: '3,0 3,5 2,6 1,6 0,5',
  Q: '1,0 3,0 4,1 4,5 3,6 1,6 0,5 0,1 1,0 | 2.4,4.4 4,6.4',
  R: '0,6 0,0 3,0 4,1 4,2 3,3 0,3 | 2,3 4,6',
  U: '0,0 0,5 1,6 3,6 4,5 4,0',
  Y: '0,0 2,3 4,0 | 2,3 2,6',
  '-': '0.6,3 3.4,3',
};

/** Strokes of a line of text in a frame, centred at (x, y), as polylines in image coordinates. */
export function letter(text, frame, x, y, height) {
  const scale = height / 6;
  const advance = 5.6 * scale;
  const left = x - (text.length * advance - 1.6 * scale) / 2;
  return [...text].flatMap((character, k) =>
    (GLYPHS[character] ?? '').split(' | ').map((stroke) =>
      stroke.split(' ').map((point) => {
        const [u, v] = point.split(',').map(Number);
        return frame.toImage(left + k * advance + u * scale, y + (v - 3) * scale);
      }),
    ),
  );
}

/** Ink strokes: a little uneven at the edges, as screen printing is. */
export function print(surface, strokes, width, seed, ink = INK) {
  for (const points of strokes) {
    surface.stroke(points, width / 2 + 0.4, (i, distance, x, y) => {
      const ragged = 0.18 * noise(x * 1.7, y * 1.7, seed);
      surface.cover(i, 0.93 * smoothstep(width / 2 + 0.2, width / 2 - 0.2, distance + ragged), ink);
    });
  }
}
