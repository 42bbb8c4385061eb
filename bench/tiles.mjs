// Small defects in large images: draws a set of woven images with flaws of 10 px, scores it squashed, letterboxed and in
// tiles by the command line, and prints image and pixel figures, time and the largest memory of the process. Pixel AP is
// given as reported, at each map's own size, and at one size for all: maps enlarged to the image's own size over 4.
// Run: npx vite build --ssr && node bench/tiles.mjs [4096x256|4000x3000] [method] [training images] [tile sizes 256,128] [more flags]
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';

const [WIDTH, HEIGHT] = (process.argv[2] ?? '4096x256').split('x').map(Number);
const METHOD = process.argv[3] ?? 'padim';
const TRAIN = Number(process.argv[4] ?? 8);
/** Of each kind. */
const TEST = WIDTH * HEIGHT > 4e6 ? 2 : 4;
const [TILES = '256', ...MORE] = process.argv[5]?.startsWith('-')
  ? [undefined, ...process.argv.slice(5)]
  : process.argv.slice(5);
const FLAW = 10;
const COMMON = 4;
const FITS = [
  { name: 'squash', flags: ['--fit', 'squash'] },
  { name: 'letterbox', flags: ['--fit', 'letterbox'] },
  ...TILES.split(',').map((tile) => ({ name: `tile ${tile}`, flags: ['--fit', 'tile', '--tile', tile] })),
];

/** Small and seeded (mulberry32). */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A weave with slow changes of light and noise; flaws are small dark discs with a bright rim. */
function draw(seed, flaws) {
  const random = numbers(seed);
  const [phase, light] = [random() * 9, 0.8 + 0.2 * random()];
  const grey = new Float32Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const weave = 24 * Math.sin((x + phase) / 2.9) * Math.cos((y - phase) / 3.7);
      grey[y * WIDTH + x] = light * (130 + weave + 18 * Math.sin(x / 610 + phase)) + 10 * (random() - 0.5);
    }
  }
  const mask = new Uint8Array(WIDTH * HEIGHT);
  for (let i = 0; i < flaws; i++) {
    const [cx, cy] = [WIDTH, HEIGHT].map((side) => FLAW + Math.floor(random() * (side - 2 * FLAW)));
    for (let y = cy - FLAW / 2; y < cy + FLAW / 2; y++) {
      for (let x = cx - FLAW / 2; x < cx + FLAW / 2; x++) {
        const reach = Math.hypot(x + 0.5 - cx, y + 0.5 - cy);
        if (reach > FLAW / 2) continue;
        mask[y * WIDTH + x] = 255;
        grey[y * WIDTH + x] += reach > FLAW / 2 - 2 ? 45 : -70;
      }
    }
  }
  const data = new Uint8Array(3 * WIDTH * HEIGHT);
  grey.forEach((value, i) => data.fill(Math.max(0, Math.min(255, value)), 3 * i, 3 * i + 3));
  return { picture: encode({ width: WIDTH, height: HEIGHT, data, channels: 3 }), mask };
}

/** Layout of MVTec AD. @returns masks by name */
function makeSet(folder) {
  const masks = new Map();
  const write = (path, bytes) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  for (let i = 0; i < TRAIN; i++) write(`train/good/${i}.png`, draw(i, 0).picture);
  for (let i = 0; i < TEST; i++) write(`test/good/${i}.png`, draw(100 + i, 0).picture);
  for (let i = 0; i < TEST; i++) {
    const { picture, mask } = draw(200 + i, 3);
    write(`test/flaw/${i}.png`, picture);
    write(
      `ground_truth/flaw/${i}_mask.png`,
      encode({ width: WIDTH, height: HEIGHT, data: mask, channels: 1 }),
    );
    masks.set(`test/flaw/${i}`, mask);
  }
  for (let i = 0; i < TEST; i++) masks.set(`test/good/${i}`, new Uint8Array(WIDTH * HEIGHT));
  return masks;
}

/** Runs the command. @returns seconds and the largest resident memory in MB */
function run(args) {
  const start = performance.now();
  const child = spawn(process.execPath, ['build/cli/main.js', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let peak = 0;
  let said = '';
  child.stderr.on('data', (text) => (said = (said + text).slice(-2000)));
  const watch = setInterval(() => {
    const status = `/proc/${child.pid}/status`;
    if (!existsSync(status)) return;
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1000);
  }, 200);
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ seconds: (performance.now() - start) / 1000, peak });
      else reject(new Error(said));
    });
  });
}

function readNpy(path) {
  const bytes = readFileSync(path);
  const [height, width] = /\((\d+), (\d+)/
    .exec(bytes.toString('latin1', 0, 128))
    .slice(1)
    .map(Number);
  const start = 10 + bytes.readUInt16LE(8);
  return { width, height, values: new Float32Array(bytes.buffer.slice(bytes.byteOffset + start)) };
}

/** Average precision of pixels, all maps at the image's size over COMMON; a pixel is a flaw if any under it is. */
function commonAp(maps, masks) {
  const [width, height] = [Math.floor(WIDTH / COMMON), Math.floor(HEIGHT / COMMON)];
  const values = new Float32Array(masks.size * width * height);
  const flaws = new Uint8Array(values.length);
  let at = 0;
  for (const [name, mask] of masks) {
    const map = readNpy(join(maps, `${name}.npy`));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        values[at] = sample(map, (x + 0.5) / width, (y + 0.5) / height);
        for (let k = 0; k < COMMON * COMMON && !flaws[at]; k++)
          flaws[at] = mask[(COMMON * y + Math.floor(k / COMMON)) * WIDTH + COMMON * x + (k % COMMON)];
      }
    }
  }
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  let [found, sum] = [0, 0];
  order.forEach((place, rank) => {
    if (flaws[place]) sum += ++found / (rank + 1);
  });
  return (100 * sum) / found;
}

/** Bilinear, at a place given in fractions of the map. */
function sample({ width, height, values }, right, down) {
  const inside = (fraction, length) => Math.max(0, Math.min(length - 1, fraction * length - 0.5));
  const [x, y] = [inside(right, width), inside(down, height)];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const mix = (row) => {
    const start = Math.min(row, height - 1) * width;
    return values[start + left] * (1 - x + left) + values[start + Math.min(left + 1, width - 1)] * (x - left);
  };
  return mix(top) * (1 - y + top) + mix(top + 1) * (y - top);
}

const folder = mkdtempSync(join(tmpdir(), 'tiles-'));
try {
  const masks = makeSet(join(folder, 'set'));
  console.log(
    `${WIDTH} x ${HEIGHT}, flaws of ${FLAW} px, ${METHOD}, ${TRAIN} training images, ${2 * TEST} test images`,
  );
  console.log('fit        image AUROC  pixel AP  pixel AP, one size  seconds  peak MB');
  for (const { name, flags: fit } of FITS) {
    const maps = join(folder, name);
    const json = join(folder, `${name}.json`);
    const flags = ['--data', join(folder, 'set'), '--method', METHOD, ...fit, '--json', json, '--maps', maps];
    const { seconds, peak } = await run(['evaluate', ...flags, ...MORE]);
    const { metrics } = JSON.parse(readFileSync(json, 'utf8'));
    const percent = (value) => (value === null ? null : 100 * value);
    const numbers = [percent(metrics.image_auroc), percent(metrics.pixel_ap), commonAp(maps, masks)];
    const [auroc, ap, common] = numbers.map((value) => (value === null ? 'none' : value.toFixed(1)));
    console.log(
      `${name.padEnd(10)} ${auroc.padStart(11)} ${ap.padStart(9)} ${common.padStart(19)} ${seconds.toFixed(0).padStart(8)} ${peak.toFixed(0).padStart(8)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
