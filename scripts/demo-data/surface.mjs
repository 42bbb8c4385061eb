// The thing in front of the camera: a relief with a material at every sub-pixel. The sets paint on it,
// shade.mjs lights it, camera.mjs photographs it. Coordinates are image pixels; heights too.
import { boundsOf, mix, polyline } from './geometry.mjs';

/** Side of every demo image, in pixels. */
export const SIZE = 256;
/** Sub-pixels per pixel and direction: what antialiases every edge. */
export const SAMPLES = 3;

/**
 * @typedef {object} Material
 * @property {number[]} color linear RGB: diffuse colour, or reflectance of a metal
 * @property {number} [metal] 0 dielectric, 1 metal
 * @property {number} [rough] 0 mirror, 1 matt
 */

/** A relief of SIZE x SIZE pixels, flat and black until painted. */
export class Surface {
  constructor() {
    this.width = SIZE * SAMPLES;
    const count = this.width * this.width;
    this.height = new Float32Array(count);
    /** Linear RGB, three values a sub-pixel; the fields of `Material` beside it. */
    this.color = new Float32Array(3 * count);
    this.metal = new Float32Array(count);
    this.rough = new Float32Array(count);
    /** Slope of the micro-facets across the brush marks: a vector per sub-pixel. */
    this.brushX = new Float32Array(count);
    this.brushY = new Float32Array(count);
  }

  /** Calls visit(x, y, index) for every sub-pixel centre in bounds [left, top, right, bottom]. */
  paint([left, top, right, bottom], visit) {
    const from = (v) => Math.max(0, Math.floor(v * SAMPLES));
    const to = (v) => Math.min(this.width, Math.ceil(v * SAMPLES));
    for (let row = from(top); row < to(bottom); row++) {
      for (let column = from(left); column < to(right); column++) {
        visit((column + 0.5) / SAMPLES, (row + 0.5) / SAMPLES, row * this.width + column);
      }
    }
  }

  /** The same over the whole image. */
  paintAll(visit) {
    this.paint([0, 0, SIZE, SIZE], visit);
  }

  /** @param {number} i @param {Material} material */
  setMaterial(i, { color, metal = 0, rough = 0.6 }) {
    this.color.set(color, 3 * i);
    this.metal[i] = metal;
    this.rough[i] = rough;
    this.brushX[i] = 0;
    this.brushY[i] = 0;
  }

  /** Multiplies the colour: dirt, grain, ink. */
  tint(i, red, green = red, blue = red) {
    this.color[3 * i] *= red;
    this.color[3 * i + 1] *= green;
    this.color[3 * i + 2] *= blue;
  }

  /** Moves towards another material by `amount` in [0, 1]. @param {Material} material */
  cover(i, amount, { color, metal = 0, rough = 0.6 }) {
    for (let c = 0; c < 3; c++) this.color[3 * i + c] = mix(this.color[3 * i + c], color[c], amount);
    this.metal[i] = mix(this.metal[i], metal, amount);
    this.rough[i] = mix(this.rough[i], rough, amount);
    this.brushX[i] *= 1 - amount;
    this.brushY[i] *= 1 - amount;
  }

  /** Highest point within `radius` of a place: where something dropped there would rest. */
  restingHeight(x, y, radius) {
    let top = -Infinity;
    this.paint([x - radius, y - radius, x + radius, y + radius], (_x, _y, i) => {
      top = Math.max(top, this.height[i]);
    });
    return top;
  }

  /** Calls visit(index, distance, x, y) within `radius` of a polyline in image coordinates. */
  stroke(points, radius, visit) {
    this.paint(boundsOf(points, radius), (x, y, i) => {
      const distance = polyline(x, y, points);
      if (distance < radius) visit(i, distance, x, y);
    });
  }

  /**
   * Lays a solid on the surface, in the coordinates of a frame.
   * @param {object} solid
   * @param {import('./geometry.mjs').Frame} solid.frame
   * @param {number[]} solid.bounds in the frame's coordinates
   * @param {(x: number, y: number) => number} solid.distance signed, negative inside
   * @param {(depth: number, x: number, y: number, below: number) => number} solid.height from the
   *   distance to the outline, the place, and the height of what lies below
   * @param {Material} solid.material
   * @param {(i: number, x: number, y: number, depth: number) => void} [solid.finish] last touches
   */
  lay({ frame, bounds, distance, height, material, finish }) {
    this.paint(frame.imageBounds(bounds), (imageX, imageY, i) => {
      const [x, y] = frame.toLocal(imageX, imageY);
      const depth = -distance(x, y);
      if (depth <= 0) return;
      this.height[i] = height(depth, x, y, this.height[i]);
      this.setMaterial(i, material);
      finish?.(i, x, y, depth);
    });
  }
}
