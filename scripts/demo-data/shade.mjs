// Light on a relief: normals, soft shadows of an area light, ambient occlusion, and for metal and gloss the
// reflection of a photographer's studio. Returns linear radiance per sub-pixel; the camera comes after.
import { clamp, length, mix, smoothstep } from './geometry.mjs';
import { lattice } from './noise.mjs';
import { SAMPLES } from './surface.mjs';

/**
 * @typedef {object} Studio
 * @property {number[]} key direction to the key light, x right, y down, z to the camera; any length
 * @property {number} keyPower
 * @property {number} keySize penumbra: tangent of the light's half angle
 * @property {number} ambient
 * @property {number[]} ambientColor
 * @property {number[]} keyColor
 * @property {{direction: number[], half: number[], power: number, color: number[]}[]} boxes soft boxes that
 *   metal and gloss mirror: direction, half width and half height as tangents
 * @property {number} room radiance of the dark room around them
 * @property {number} reach longest shadow, in pixels
 */

const unit = ([x, y, z]) => {
  const norm = Math.sqrt(x * x + y * y + z * z);
  return [x / norm, y / norm, z / norm];
};

/** Box blur of a square field along rows, then transposed, so that two calls blur both ways. */
function blurRowsTransposed(field, width, radius) {
  const out = new Float32Array(field.length);
  const weight = 1 / (2 * radius + 1);
  for (let row = 0; row < width; row++) {
    const at = (column) => field[row * width + clamp(column, 0, width - 1)];
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += at(k);
    for (let column = 0; column < width; column++) {
      out[column * width + row] = sum * weight;
      sum += at(column + radius + 1) - at(column - radius);
    }
  }
  return out;
}

/** About Gaussian: two box blurs each way; sigma in sub-pixels. */
function blur(field, width, sigma) {
  const radius = Math.max(1, Math.round(sigma * 1.2));
  let out = field;
  for (let pass = 0; pass < 4; pass++) out = blurRowsTransposed(out, width, radius);
  return out;
}

/** How much of the sky each sub-pixel sees, from how far it lies below its surroundings at two scales. */
function skyVisibility(surface) {
  const { height, width } = surface;
  const open = new Float32Array(height.length).fill(1);
  for (const sigma of [1.5, 5]) {
    const around = blur(height, width, sigma * SAMPLES);
    for (let i = 0; i < open.length; i++)
      open[i] *= 1 - clamp((0.4 * (around[i] - height[i])) / sigma, 0, 0.6);
  }
  return open;
}

/** Part of the key light that reaches each sub-pixel: a march over the relief towards the light. */
function keyVisibility(surface, studio) {
  const { height, width } = surface;
  const [x, y, z] = unit(studio.key);
  const flat = length(x, y);
  const rise = z / flat;
  const steps = [];
  for (let t = 0.5; t < studio.reach; t = t * 1.16 + 0.2) steps.push(t);
  const visible = new Float32Array(height.length);
  for (let i = 0; i < visible.length; i++) {
    const column = i % width;
    const row = (i - column) / width;
    const jitter = 0.85 + 0.3 * lattice(column, row, 77);
    let clear = 1;
    for (const step of steps) {
      const t = step * jitter;
      const c = Math.round(column + (x / flat) * t * SAMPLES);
      const r = Math.round(row + (y / flat) * t * SAMPLES);
      if (c < 0 || r < 0 || c >= width || r >= width) break;
      const gap = height[i] + t * rise - height[r * width + c];
      clear = Math.min(clear, 0.5 + (0.5 * gap) / (t * studio.keySize));
      if (clear <= 0) break;
    }
    visible[i] = smoothstep(0, 1, clear);
  }
  return visible;
}

/** The studio's boxes with the axes that span them. */
function spanBoxes(boxes) {
  return boxes.map((softBox) => {
    const forward = unit(softBox.direction);
    const right = unit([forward[2], 0, -forward[0]]);
    const up = [
      forward[1] * right[2] - forward[2] * right[1],
      forward[2] * right[0] - forward[0] * right[2],
      forward[0] * right[1] - forward[1] * right[0],
    ];
    return { ...softBox, forward, right, up };
  });
}

const dot = (a, x, y, z) => a[0] * x + a[1] * y + a[2] * z;

/** Adds weight times the radiance of the studio in a direction; `soft` widens what is seen. */
function addStudio(out, weight, x, y, z, soft, studio, boxes) {
  const room = weight * studio.room * (0.55 + 0.45 * z);
  for (let c = 0; c < 3; c++) out[c] += room * studio.ambientColor[c];
  for (const softBox of boxes) {
    const ahead = dot(softBox.forward, x, y, z);
    if (ahead <= 0.05) continue;
    const a = Math.abs(dot(softBox.right, x, y, z) / ahead) - softBox.half[0];
    const b = Math.abs(dot(softBox.up, x, y, z) / ahead) - softBox.half[1];
    const seen = weight * softBox.power * smoothstep(soft, -soft, a) * smoothstep(soft, -soft, b);
    for (let c = 0; c < 3; c++) out[c] += seen * softBox.color[c];
  }
}

/** Tilts, in units of the brush slope, and weights of the micro-facets of a brushed surface. */
const FACETS = [-2, -1.4, -0.9, -0.45, 0, 0.45, 0.9, 1.4, 2].map((tilt) => ({
  tilt,
  weight: Math.exp(-0.5 * tilt * tilt),
}));
const FACET_SUM = FACETS.reduce((sum, { weight }) => sum + weight, 0);
const ONE_FACET = [{ tilt: 0, weight: FACET_SUM }];

/**
 * What a sub-pixel mirrors of the studio: the reflected view, averaged over the micro-facets of its brushing.
 * @param {Float32Array} out three values
 * @param {number[]} view direction to the camera
 */
function reflect(out, surface, i, slopeX, slopeY, view, studio, boxes) {
  out.fill(0);
  const { brushX, brushY, rough } = surface;
  const brushed = brushX[i] !== 0 || brushY[i] !== 0;
  const soft = 0.04 + 0.9 * rough[i];
  for (const { tilt, weight } of brushed ? FACETS : ONE_FACET) {
    const nx = -slopeX + tilt * brushX[i];
    const ny = -slopeY + tilt * brushY[i];
    const twice = (2 * (nx * view[0] + ny * view[1] + view[2])) / (nx * nx + ny * ny + 1);
    const [x, y, z] = [twice * nx - view[0], twice * ny - view[1], twice - view[2]];
    addStudio(out, weight / FACET_SUM, x, y, z, soft, studio, boxes);
  }
}

/** Direction to the camera, which stands three image widths above the middle. */
function lookUp(view, column, row, width) {
  const x = (0.5 - (column + 0.5) / width) / 3;
  const y = (0.5 - (row + 0.5) / width) / 3;
  view[2] = 1 / Math.sqrt(x * x + y * y + 1);
  view[0] = x * view[2];
  view[1] = y * view[2];
}

/** Slopes of the relief at a sub-pixel, by central differences. */
function slopesAt({ height, width }, column, row) {
  const i = row * width + column;
  const dx = height[column < width - 1 ? i + 1 : i] - height[column > 0 ? i - 1 : i];
  const dy = height[row < width - 1 ? i + width : i] - height[row > 0 ? i - width : i];
  return [(dx * SAMPLES) / 2, (dy * SAMPLES) / 2];
}

/**
 * Linear radiance of the lit surface, three values a sub-pixel.
 * @param {import('./surface.mjs').Surface} surface
 * @param {Studio} studio
 */
export function shade(surface, studio) {
  const { width, color, metal, rough } = surface;
  const boxes = spanBoxes(studio.boxes);
  const key = unit(studio.key);
  const sky = skyVisibility(surface);
  const lit = keyVisibility(surface, studio);
  const radiance = new Float32Array(color.length);
  const mirrored = new Float32Array(3);
  const view = [0, 0, 1];
  for (let i = 0; i < width * width; i++) {
    const column = i % width;
    const row = (i - column) / width;
    const [slopeX, slopeY] = slopesAt(surface, column, row);
    lookUp(view, column, row, width);
    reflect(mirrored, surface, i, slopeX, slopeY, view, studio, boxes);
    const inverse = 1 / Math.sqrt(slopeX * slopeX + slopeY * slopeY + 1);
    const direct =
      studio.keyPower * lit[i] * Math.max(0, (key[2] - slopeX * key[0] - slopeY * key[1]) * inverse);
    const grazing = 1 - clamp((view[2] - slopeX * view[0] - slopeY * view[1]) * inverse);
    const fresnel = (0.04 + 0.96 * grazing ** 5) * (1 - 0.8 * rough[i]);
    const open = sky[i] * (0.35 + 0.65 * lit[i]);
    for (let c = 0; c < 3; c++) {
      const own = color[3 * i + c];
      const diffuse = own * (studio.ambient * studio.ambientColor[c] * sky[i] + direct * studio.keyColor[c]);
      const shine = mirrored[c] * open * mix(fresnel, own, metal[i]);
      radiance[3 * i + c] = (1 - metal[i]) * diffuse + shine;
    }
  }
  return radiance;
}
