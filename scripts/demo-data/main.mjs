// Draws the bundled demo sets into public/demo: `node scripts/demo-data/main.mjs [--out DIR] [--only TEXT]`.
// Every image is a function of its path alone (its random streams are named after it), so a run repeats byte
// for byte and one image can be drawn without the others: `--only fabric/test/hole`.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { photograph } from './camera.mjs';
import { circuit } from './circuit.mjs';
import { fabric } from './fabric.mjs';
import { parts } from './parts.mjs';
import { Random } from './random.mjs';
import { shade } from './shade.mjs';
import { SIZE } from './surface.mjs';
import { jpeg, maskPng, write } from './write.mjs';

/**
 * @typedef {object} Scene what a set draws for one image
 * @property {import('./surface.mjs').Surface} surface
 * @property {import('./shade.mjs').Studio} studio
 * @property {import('./camera.mjs').Camera} camera
 * @property {((x: number, y: number) => boolean) | null} region ground truth, in pixels of the image
 */

/**
 * @typedef {object} DemoSet
 * @property {string} id
 * @property {string} title
 * @property {string} sentence what is normal here, as a teacher would say it
 * @property {Record<string, number>} defects test images per kind of defect
 * @property {number} quality of the JPEGs, 0 to 100
 * @property {(random: Random, type: string | null) => Scene} draw
 */

/** Another word draws another collection of the same kind. */
const SEED = 'first';
/** In the chooser's order; the first is what a visitor sees first. */
const SETS = [parts, fabric, circuit];
const TRAIN_IMAGES = 24;
const NORMAL_TEST_IMAGES = 8;
const DEFAULT_OUT = fileURLToPath(new URL('../../public/demo', import.meta.url));

/** Manifest rows of `count` images of one kind, in MVTec's layout. */
function rows(split, type, count) {
  return Array.from({ length: count }, (_, k) => {
    const name = String(k).padStart(3, '0');
    const normal = type === 'good';
    const mask = normal ? null : `ground_truth/${type}/${name}_mask.png`;
    return { path: `${split}/${type}/${name}.jpg`, split, label: normal ? 0 : 1, type, mask };
  });
}

/** What `index.json` of a set says. @param {DemoSet} set */
function manifest({ id, title, sentence, defects }) {
  const images = [
    ...rows('train', 'good', TRAIN_IMAGES),
    ...rows('test', 'good', NORMAL_TEST_IMAGES),
    ...Object.entries(defects).flatMap(([type, count]) => rows('test', type, count)),
  ];
  images.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { schema: 1, id, title, sentence, images };
}

/** The ground truth as pixels, 0 or 1. */
function rasterise(region) {
  const mask = new Uint8Array(SIZE * SIZE);
  for (let i = 0; i < mask.length; i++)
    mask[i] = region((i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5) ? 1 : 0;
  return mask;
}

/** Draws one manifest row and writes its files. */
async function drawImage(out, set, { path, type, mask }) {
  const random = new Random(`${SEED}/${set.id}/${path}`);
  const scene = set.draw(random, type === 'good' ? null : type);
  const rgb = photograph(shade(scene.surface, scene.studio), scene.camera, random.fork('sensor'));
  await write(out, `${set.id}/${path}`, await jpeg(rgb, set.quality));
  if (mask) await write(out, `${set.id}/${mask}`, maskPng(rasterise(scene.region)));
}

const { values } = parseArgs({
  options: { out: { type: 'string', default: DEFAULT_OUT }, only: { type: 'string', default: '' } },
});
const list = SETS.map(({ id, title }) => ({ id, title }));
await write(values.out, 'index.json', `${JSON.stringify({ schema: 1, sets: list }, null, 1)}\n`);
for (const set of SETS) {
  const index = manifest(set);
  await write(values.out, `${set.id}/index.json`, `${JSON.stringify(index, null, 1)}\n`);
  const wanted = index.images.filter(({ path }) => `${set.id}/${path}`.includes(values.only));
  for (const row of wanted) await drawImage(values.out, set, row);
  console.log(`${set.id}: ${wanted.length} images`);
}
