/* global window, requestAnimationFrame, OffscreenCanvas */
// What a large set costs, measured in headless Chromium on the built page: N images of 1024 px chosen as files, loaded,
// scrolled through and trained on. Reports the memory of every browser process, long tasks and times, once a second's
// sample each. Run: npm run build && node bench/scale.mjs [images] [kind jpeg|png] [settings as in a link] [train seconds].
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { encode } from 'fast-png';
import { preview } from 'vite';
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.mjs';

const COUNT = Number(process.argv[2] ?? 500);
const KIND = process.argv[3] ?? 'png';
const SETTINGS = process.argv[4] ?? 'preset=demo';
const TRAIN_SECONDS = Number(process.argv[5] ?? 60);
const SIDE = 1024;
const SAMPLE_MS = 1000;
const MB = 1e6;

const row = (name, value) => console.log(`${name.padEnd(52)} ${value}`);

/** Distinct pictures are costly to make and tell nothing new: each file differs in its last bytes alone. */
async function makeImages(folder, page) {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length === COUNT) return;
  const pictures = [];
  for (let i = 0; i < 8; i++) pictures.push(KIND === 'png' ? pngPicture(i) : await jpegPicture(page, i));
  for (let i = 0; i < COUNT; i++) {
    const name = `image-${String(i).padStart(5, '0')}.${KIND === 'png' ? 'png' : 'jpg'}`;
    writeFileSync(join(folder, name), Buffer.concat([pictures[i % 8], Buffer.from(`${i}`)]));
  }
}

function pngPicture(seed) {
  const data = new Uint8Array(3 * SIDE * SIDE);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    const noise = (Math.imul(i + seed * 7919, 2654435761) >>> 28) - 8;
    data[i] = 128 + 60 * Math.sin((pixel % SIDE) / (9 + seed)) * Math.cos(pixel / SIDE / 11) + noise;
  }
  return Buffer.from(encode({ width: SIDE, height: SIDE, data, channels: 3 }));
}

async function jpegPicture(page, seed) {
  const url = await page.evaluate(
    async ([side, seed]) => {
      const canvas = new OffscreenCanvas(side, side);
      const context = canvas.getContext('2d');
      const image = context.createImageData(side, side);
      for (let i = 0; i < image.data.length; i += 4) {
        const pixel = i / 4;
        const value =
          128 + 60 * Math.sin((pixel % side) / (9 + seed)) * Math.cos(pixel / side / 11) + 30 * Math.random();
        image.data.set([value, value, value, 255], i);
      }
      context.putImageData(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
      return Array.from(new Uint8Array(await blob.arrayBuffer()));
    },
    [SIDE, seed],
  );
  return Buffer.from(url);
}

/** Private and shared memory of each process of this browser, in bytes, by what it does. */
function processMemory(profile) {
  const sums = { page: 0, gpu: 0, browser: 0, other: 0 };
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!command.includes(profile) && !isChildOf(pid, profile)) continue;
      const pss = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
      const type = /--type=([\w-]+)/.exec(command)?.[1];
      const kind = { renderer: 'page', 'gpu-process': 'gpu', undefined: 'browser' }[type] ?? 'other';
      sums[kind] += Number(pss?.[1] ?? 0) * 1024;
    } catch {
      // It ended meanwhile.
    }
  }
  return sums;
}

/** Chromium's children do not all name the profile: their parents do. */
function isChildOf(pid, profile) {
  for (let at = pid, depth = 0; depth < 4 && Number(at) > 1; depth++) {
    at = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1] ?? '1';
    if (Number(at) > 1 && readFileSync(`/proc/${at}/cmdline`, 'utf8').includes(profile)) return true;
  }
  return false;
}

const peak = { page: 0, gpu: 0, browser: 0, other: 0, all: 0, heap: 0 };
let samples = 0;

function sample(profile) {
  const now = processMemory(profile);
  const all = Object.values(now).reduce((sum, bytes) => sum + bytes, 0);
  for (const [kind, bytes] of Object.entries({ ...now, all })) peak[kind] = Math.max(peak[kind], bytes);
  samples++;
  return { ...now, all };
}

const megabytes = (sums) =>
  Object.entries(sums)
    .filter(([, bytes]) => bytes > 0)
    .map(([kind, bytes]) => `${kind} ${(bytes / MB).toFixed(0)}`)
    .join(', ') + ' MB';

/** Long tasks since the last look: how many above 50 ms, and the longest. */
const longTasks = (page) =>
  page.evaluate(() => {
    const { tasks } = (window.benchTasks ??= { tasks: [] });
    const text = `${tasks.length} long tasks, longest ${Math.round(Math.max(0, ...tasks))} ms`;
    tasks.length = 0;
    return text;
  });

async function until(page, profile, check, label) {
  const start = performance.now();
  for (let last = start; ;) {
    if (await check()) return performance.now() - start;
    sample(profile);
    if (performance.now() - last > 30_000) {
      last = performance.now();
      const work = (await page.locator('.progress .small').allInnerTexts()).join(', ');
      row(
        `  ${label} after ${((last - start) / 1000).toFixed(0)} s`,
        `${megabytes(sample(profile))}; ${work}`,
      );
    }
    await page.waitForTimeout(SAMPLE_MS);
  }
}

async function scroll(page) {
  const list = page.getByRole('listbox', { name: 'Training images' });
  return list.evaluate(async (box) => {
    const frames = [];
    const height = box.scrollHeight - box.clientHeight;
    const STEPS = 240;
    for (const direction of [1, -1]) {
      for (let i = 0; i <= STEPS; i++) {
        const before = performance.now();
        box.scrollTop = direction > 0 ? (height * i) / STEPS : height * (1 - i / STEPS);
        await new Promise(requestAnimationFrame);
        frames.push(performance.now() - before);
      }
    }
    frames.sort((a, b) => a - b);
    const at = (share) => Math.round(frames[Math.floor(share * (frames.length - 1))]);
    return `frames: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, worst ${at(1)} ms`;
  });
}

/** Stays for the next run. */
const folder = join(tmpdir(), `grad-scale-${KIND}-${COUNT}`);
const profile = mkdtempSync(join(tmpdir(), 'grad-scale-profile-'));
const server = await preview({ preview: { port: 4197 }, logLevel: 'warn' });
const context = await chromium.launchPersistentContext(profile, {
  executablePath: findBrowser() ?? undefined,
  args: BROWSER_ARGS,
  viewport: { width: 1366, height: 768 },
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => row('page error', error.message));
  await makeImages(folder, page);
  const size = Number(execFileSync('du', ['-sb', folder], { encoding: 'utf8' }).split('\t')[0]);
  row('images', `${COUNT} x ${SIDE} px ${KIND}, ${(size / MB).toFixed(0)} MB on the disk`);
  row(
    'load of the machine before',
    loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
  );
  await page.addInitScript(() => {
    window.benchTasks = { tasks: [] };
    new PerformanceObserver((list) =>
      window.benchTasks.tasks.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ entryTypes: ['longtask'] });
  });
  await page.goto(`${server.resolvedUrls.local[0]}#v=1&${SETTINGS}`);
  await page.locator('.engine-line', { hasText: 'GFLOP/s' }).waitFor({ timeout: 300_000 });
  row('memory before', megabytes(sample(profile)));

  const start = performance.now();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add a folder of normal images' }).click();
  await (await chooser).setFiles(folder);
  const all = page.getByRole('button', { name: /^Load all/ });
  const heading = page.getByRole('heading', { name: /^Train / });
  await Promise.race([
    all.waitFor({ timeout: 120_000 }).catch(() => undefined),
    page.waitForFunction(
      (count) =>
        document.querySelectorAll('[role=option]').length > 0 && document.body.innerText.includes(count),
      COUNT.toLocaleString('en'),
      { timeout: 120_000 },
    ),
  ]);
  if (await all.isVisible()) {
    row('asked before loading', (await page.getByRole('dialog').innerText()).replaceAll(/\s+/g, ' '));
    await all.click();
  }
  row('listed after', `${((performance.now() - start) / 1000).toFixed(1)} s; ${await heading.innerText()}`);
  const working = page.getByRole('progressbar', { name: /Reading and decoding|Extracting features/ });
  await page.waitForTimeout(2000);
  const ms = await until(page, profile, async () => (await working.count()) === 0, 'loading');
  row('loaded, features there', `${(ms / 1000).toFixed(0)} s, ${(ms / COUNT).toFixed(0)} ms an image`);
  row('memory after loading', megabytes(sample(profile)));
  row('tasks of the page while loading', await longTasks(page));
  row('scrolled down and up', await scroll(page));
  row('tasks of the page while scrolling', await longTasks(page));
  await page.getByTitle('Train (space)').click();
  const trainStart = performance.now();
  await until(page, profile, async () => performance.now() - trainStart > TRAIN_SECONDS * 1000, 'training');
  row('training', (await page.getByTestId('training-status').innerText()).replaceAll('\n', ' '));
  row('engine', (await page.locator('.engine-line').innerText()).replaceAll('\n', ' '));
  row('tasks of the page while training', await longTasks(page));
  row('memory while training', megabytes(sample(profile)));
  row(`peaks over ${samples} samples`, megabytes(peak));
  row(
    'load of the machine after',
    loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
  );
} finally {
  await context.close();
  await server.close();
  rmSync(profile, { recursive: true, force: true });
}
