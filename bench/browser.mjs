// What a visitor waits for, measured in headless Chromium on the built page: first view, the demo preset from Train to
// finished maps, one step of an FBP slider, and whether memory stays flat. Run: npm run bench:browser [-- --soak].
// Every time stands beside the 3x3 convolution that the page measured on the same adapter in the same run.
import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.mjs';

const SOAK = process.argv.includes('--soak');
const LIVE_UPDATES = 1000;
const SHORT_TRAININGS = 10;
const SLIDER_STEPS = 40;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const row = (name, value) => console.log(`${name.padEnd(52)} ${value}`);

/** gzip size of everything that loads before the first paint: the entry script and what it imports at once. */
function firstPaintBytes() {
  const html = readFileSync('dist/index.html', 'utf8');
  const scripts = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path);
  return scripts.reduce((sum, path) => sum + gzipSync(readFileSync(`dist/${path}`)).length, 0);
}

const workerBytes = () => {
  const file = readdirSync('dist/assets').find((name) => /^worker-.*\.js$/.test(name));
  return gzipSync(readFileSync(`dist/assets/${file}`)).length;
};

const score = (page) => page.getByTestId('verdict').innerText();
const paints = (page) => page.locator('.engine-line').innerText();

async function firstView(page, url) {
  const start = performance.now();
  await page.goto(url);
  await page.getByTestId('stored-overlay').waitFor({ state: 'visible' });
  return performance.now() - start;
}

async function live(page) {
  await page.getByTestId('live-overlay').waitFor({ state: 'visible', timeout: 120_000 });
}

/** Milliseconds from Train to maps and figures of the new model on screen. */
async function demoTraining(page) {
  const start = performance.now();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByTestId('training-status').filter({ hasText: 'Trained in' }).waitFor({ timeout: 600_000 });
  await page.locator('.metrics:not(.old)').waitFor({ timeout: 120_000 });
  return performance.now() - start;
}

/** Milliseconds from a key press on the intensity slider to another score on screen, once per step. */
async function sliderSteps(page, count) {
  await page.getByRole('switch', { name: 'Paste a block' }).check();
  const slider = page.getByRole('slider', { name: 'Intensity' });
  await slider.focus();
  const times = [];
  for (let i = 0; i < count; i++) {
    const before = await score(page);
    const start = performance.now();
    await page.keyboard.press(i % 2 ? 'PageDown' : 'PageUp');
    await page.waitForFunction(
      (old) => document.querySelector('[data-testid="verdict"]').innerText !== old,
      before,
      { polling: 5 },
    );
    times.push(performance.now() - start);
  }
  return times;
}

const gpuMemory = async (page) => /GPU [\d.,]+ \w+, \d+ tensors/.exec(await paints(page))?.[0] ?? 'not shown';

async function soak(page) {
  row('GPU memory before', await gpuMemory(page));
  await sliderSteps(page, LIVE_UPDATES);
  row(`GPU memory after ${LIVE_UPDATES} live updates`, await gpuMemory(page));
  for (let i = 1; i <= SHORT_TRAININGS; i++) {
    await demoTraining(page);
    row(`GPU memory after training ${i}`, await gpuMemory(page));
  }
}

const server = await preview({ preview: { port: 4188 }, logLevel: 'warn' });
const url = server.resolvedUrls.local[0];
const browser = await chromium.launch({ executablePath: findBrowser() ?? undefined, args: BROWSER_ARGS });
try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  row('JavaScript before first paint, gzip', `${(firstPaintBytes() / 1000).toFixed(1)} kB`);
  row('engine in the worker, gzip', `${(workerBytes() / 1000).toFixed(1)} kB`);
  row('first view, first load of this browser', `${(await firstView(page, url)).toFixed(0)} ms`);
  row('first view, again', `${(await firstView(page, url)).toFixed(0)} ms`);
  await live(page);
  row('adapter', (await paints(page)).replaceAll('\n', ' '));
  if (SOAK) {
    await page.goto(`${url}#v=1&e1=1&e2=1`);
    await page.reload();
    await live(page);
    await soak(page);
  } else {
    const steps = await sliderSteps(page, SLIDER_STEPS);
    row(`FBP slider step to changed map, median of ${SLIDER_STEPS}`, `${median(steps).toFixed(0)} ms`);
    row('slowest', `${Math.max(...steps).toFixed(0)} ms`);
    await page.getByRole('switch', { name: 'Paste a block' }).uncheck();
    row(
      'demo preset, Train to finished maps and figures',
      `${((await demoTraining(page)) / 1000).toFixed(1)} s`,
    );
  }
} finally {
  await browser.close();
  await server.close();
}
