// What machining, handling and weather do to parts. Each defect changes a laid-out tray and answers with its
// ground truth: the region of the image it occupies, from the very geometry that draws it.
import { circle, clamp, Frame, length, polyline, smoothstep } from './geometry.mjs';
import { METALS } from './metal.mjs';
import { fractal, noise } from './noise.mjs';
import { SIZE } from './surface.mjs';
import { BOLT_CIRCLE, BOLT_RADIUS } from './tray.mjs';

/** Pixels that a defect changed: ground truth of those that end where the metal ends. */
class Footprint {
  #touched = new Uint8Array(SIZE * SIZE);

  add(x, y) {
    this.#touched[Math.floor(y) * SIZE + Math.floor(x)] = 1;
  }

  has = (x, y) => this.#touched[Math.floor(y) * SIZE + Math.floor(x)] === 1;
}

/** A place on the flange's face, away from bolt holes and hub. */
function onFlange(tray, random) {
  const angle = tray.bolts[random.integer(0, 5)] + Math.PI / 6;
  const radius = random.uniform(44, 54);
  return tray.parts.flange.toImage(radius * Math.cos(angle), radius * Math.sin(angle));
}

/** A place on the plate between its holes. */
function onPlate(tray, random) {
  const side = random.uniform() < 0.5 ? -1 : 1;
  return tray.parts.plate.toImage(side * random.uniform(50, 60), random.uniform(-6, 6));
}

const onPart = (tray, random) => (random.uniform() < 0.65 ? onFlange : onPlate)(tray, random);

/** A slipped tool: a shallow, slightly bent groove with raised, bright lips. */
function scratch(tray, random) {
  const [x, y] = onPart(tray, random);
  const heading = random.uniform(0, Math.PI);
  const half = random.uniform(21, 28);
  const bend = random.normal(0, 2.2);
  const points = [-1, -0.5, 0, 0.5, 1].map((t) => [
    x + half * t * Math.cos(heading) - bend * (1 - t * t) * Math.sin(heading),
    y + half * t * Math.sin(heading) + bend * (1 - t * t) * Math.cos(heading),
  ]);
  const radius = random.uniform(1.8, 2.3);
  const footprint = new Footprint();
  tray.finish = (surface) =>
    surface.stroke(points, 2.4 * radius, (i, distance, px, py) => {
      if (surface.metal[i] < 0.5) return;
      if (distance < 2 * radius) footprint.add(px, py);
      const groove = smoothstep(radius, 0, distance);
      surface.height[i] += -1.5 * groove + 0.6 * smoothstep(2.4 * radius, radius, distance) * (1 - groove);
      // Torn metal scatters what polished metal would mirror.
      surface.cover(i, 0.75 * groove, { color: [0.72, 0.72, 0.7], metal: 0.5, rough: 0.7 });
    });
  return footprint.has;
}

/** A blow: a bowl with a slight rim, which bends every reflection. */
function dent(tray, random) {
  const [x, y] = onPart(tray, random);
  const radius = random.uniform(11.5, 13.5);
  const depth = random.uniform(1.9, 2.5);
  const squash = random.uniform(1, 1.35);
  const place = new Frame(x, y, random.uniform(0, Math.PI));
  const reach = (px, py) => {
    const [u, v] = place.toLocal(px, py);
    return length(u * squash, v) / radius;
  };
  const footprint = new Footprint();
  tray.finish = (surface) =>
    surface.paint([x - 24, y - 24, x + 24, y + 24], (px, py, i) => {
      if (surface.metal[i] < 0.5) return;
      const t = reach(px, py);
      if (t < 1.25) footprint.add(px, py);
      surface.height[i] += -depth * Math.max(0, 1 - t * t) ** 2 + 0.35 * Math.exp(-(((t - 1.15) / 0.2) ** 2));
      const struck = smoothstep(1.05, 0.7, t);
      surface.rough[i] += 0.3 * struck;
      surface.brushX[i] *= 1 - 0.3 * struck;
      surface.brushY[i] *= 1 - 0.3 * struck;
    });
  return footprint.has;
}

/** The drill was skipped: solid metal where a bolt hole belongs. */
function missingHole(tray, random) {
  const [angle] = tray.bolts.splice(random.integer(0, 5), 1);
  const [x, y] = tray.parts.flange.toImage(BOLT_CIRCLE * Math.cos(angle), BOLT_CIRCLE * Math.sin(angle));
  return (px, py) => circle(px - x, py - y, BOLT_RADIUS + 0.5) < 0;
}

/** A shaving's shape: a curve that winds up towards one end. */
function curl(x, y, random) {
  let heading = random.uniform(0, 2 * Math.PI);
  const wind = random.uniform(0.3, 0.42) * (random.uniform() < 0.5 ? -1 : 1);
  const points = [[x, y]];
  for (let k = 0; k < 24; k++) {
    x += 2.2 * Math.cos(heading);
    y += 2.2 * Math.sin(heading);
    heading += wind * (0.1 + (k / 24) ** 2 * 1.5) + random.normal(0, 0.07);
    points.push([x, y]);
  }
  return points;
}

const RED_PLASTIC = { color: [0.5, 0.02, 0.015], rough: 0.3 };

/** Something that does not belong here: a curl of copper swarf, a shred of plastic. */
function foreignParticle(tray, random) {
  const [x, y] = [random.uniform(50, 200), random.uniform(60, 180)];
  const points = curl(x, y, random);
  const half = random.uniform(2.2, 2.8);
  const material = random.uniform() < 0.5 ? METALS.copper : RED_PLASTIC;
  tray.finish = (surface) => {
    const floor = surface.restingHeight(x, y, 10);
    surface.stroke(points, half, (i, distance) => {
      surface.height[i] = floor + 3 + Math.sqrt(half * half - distance * distance);
      surface.setMaterial(i, material);
    });
  };
  return (px, py) => polyline(px, py, points) < half + 0.8;
}

/** Corrosion: a rough, orange crust that eats into the face. */
function rust(tray, random) {
  const [x, y] = onPart(tray, random);
  const radius = random.uniform(13, 17);
  const seed = random.seed();
  /** Signed distance to the crust's edge, negative inside. */
  const edge = (px, py) =>
    length(px - x, py - y) - radius * (1 + 0.7 * fractal((px - x) / 12, (py - y) / 12, seed, 4));
  const footprint = new Footprint();
  tray.finish = (surface) =>
    surface.paint([x - 36, y - 36, x + 36, y + 36], (px, py, i) => {
      if (surface.metal[i] < 0.5) return;
      const d = edge(px, py);
      if (d < 0.5) footprint.add(px, py);
      const bloom = 0.35 * smoothstep(6, 0, d);
      surface.tint(i, 1 - 0.25 * bloom, 1 - 0.6 * bloom, 1 - 0.85 * bloom);
      const crust = smoothstep(1.5, -2.5, d) * clamp(0.92 + 0.35 * noise(px / 2, py / 2, seed + 1));
      const tone = clamp(0.5 + 0.75 * fractal(px / 4, py / 4, seed + 2, 4));
      surface.cover(i, crust, {
        color: [0.05 + 0.3 * tone, 0.014 + 0.085 * tone, 0.006 + 0.012 * tone],
        rough: 1,
      });
      surface.height[i] += crust * (0.5 + 0.9 * fractal(px / 1.8, py / 1.8, seed + 3, 2));
    });
  return footprint.has;
}

/** @type {Record<string, (tray: import('./tray.mjs').Tray, random: import('./random.mjs').Random) => (x: number, y: number) => boolean>} */
export const DEFECTS = { dent, foreign_particle: foreignParticle, missing_hole: missingHole, rust, scratch };
