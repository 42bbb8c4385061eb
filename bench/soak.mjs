// Whether memory stays flat, on the built page in headless Chromium: live updates, set switches, comparisons, and the camera's
// pretended device at work for a time. Tensors, GPU bytes and the page's heap stand in one line per stage; growth beyond
// the bound ends with 1. Run: npm run bench:soak [-- --updates 1000 --switches 100 --comparisons 20 --camera-minutes 180].
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.mjs';

const { values } = parseArgs({
  options: {
    updates: { type: 'string', default: '1000' },
    switches: { type: 'string', default: '100' },
    comparisons: { type: 'string', default: '20' },
    'camera-minutes': { type: 'string', default: '180' },
    port: { type: 'string', default: '4189' },
  },
});
const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
/** Parts of a stage whose memory is compared: the first warms up, the others must not grow. */
const PARTS = 4;
/** What may be there more after the last part than after the first. */
const BOUND = { tensors: 4, gpuMB: 8, heapMB: 12 };
const LONG = 600_000;

const server = await preview({ preview: { port: Number(values.port) }, logLevel: 'warn' });
const url = server.resolvedUrls.local[0];
const browser = await chromium.launch({
  executablePath: findBrowser() ?? undefined,
  args: [...BROWSER_ARGS, ...CAMERA, '--enable-precise-memory-info', '--js-flags=--expose-gc'],
});
let failed = false;

/** Asks the engine itself, past the page: the worker answers one more call. */
const LISTEN = () => {
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(...options) {
      super(...options);
      globalThis.askMemory = () =>
        new Promise((resolve) => {
          const id = -1 - Math.floor(Math.random() * 1e9);
          const hear = ({ data }) => {
            if (data.id !== id) return;
            this.removeEventListener('message', hear);
            resolve(data.output);
          };
          this.addEventListener('message', hear);
          this.postMessage({ id, call: 'memory' });
        });
    }
  };
};

async function memory(page) {
  const { tensors, gpuBytes } = await page.evaluate(() => globalThis.askMemory());
  const heap = await page.evaluate(() => {
    globalThis.gc?.();
    return performance.memory.usedJSHeapSize;
  });
  return { tensors, gpuMB: gpuBytes / 1e6, heapMB: heap / 1e6 };
}

function report(name, count, { tensors, gpuMB, heapMB }) {
  console.log(
    `${name.padEnd(28)} ${String(count).padStart(5)}  ${tensors} tensors, GPU ${gpuMB.toFixed(1)} MB, heap ${heapMB.toFixed(1)} MB`,
  );
}

/** Does a thing many times and compares the memory after parts of it. */
async function stage(page, name, count, once) {
  const seen = [];
  const each = Math.ceil(count / PARTS);
  for (let done = 0; done < count;) {
    for (const end = Math.min(count, done + each); done < end; done++) await once(done);
    const now = await memory(page);
    seen.push(now);
    report(name, done, now);
  }
  const [first, last] = [seen[0], seen.at(-1)];
  for (const [what, bound] of Object.entries(BOUND)) {
    if (!first || last[what] - first[what] <= bound) continue;
    console.log(`${name}: ${what} grew by ${(last[what] - first[what]).toFixed(1)}, more than ${bound}`);
    failed = true;
  }
}

const scoreOf = async (page) => /score (-?[\d.]+)/.exec(await page.getByTestId('verdict').innerText())?.[1];

async function liveUpdates(page) {
  await page.getByRole('switch', { name: 'Paste a block' }).check();
  const slider = page.getByRole('slider', { name: 'Intensity' });
  const mark = () => page.getByTestId('verdict').innerText();
  await stage(page, 'live updates', Number(values.updates), async (i) => {
    const before = await mark();
    await slider.press(i % 2 ? 'PageDown' : 'PageUp');
    await page.waitForFunction(
      (old) => document.querySelector('[data-testid="verdict"]').innerText !== old,
      before,
      { polling: 5, timeout: LONG },
    );
  });
  await page.getByRole('switch', { name: 'Paste a block' }).uncheck();
}

/** To another bundled set and back; each must show the score that it showed before. */
async function setSwitches(page) {
  const chooser = page.getByRole('combobox', { name: 'Data set' });
  const sets = ['fabric', 'parts'];
  const known = new Map();
  await stage(page, 'set switches', Number(values.switches), async (i) => {
    const set = sets[i % sets.length];
    await chooser.selectOption(set);
    await page.getByTestId('live-overlay').waitFor({ state: 'visible', timeout: LONG });
    const score = await scoreOf(page);
    if (known.has(set) && known.get(set) !== score) {
      console.log(`${set} shows ${score}, and showed ${known.get(set)}`);
      failed = true;
    }
    known.set(set, score);
  });
}

async function comparisons(page) {
  await page.getByRole('button', { name: 'Compare' }).click();
  const view = page.getByRole('main', { name: 'Comparison' });
  for (const method of [/^GRAD/, /^CRAD/, /^PatchCore/])
    await view.getByRole('checkbox', { name: method }).uncheck();
  await stage(page, 'comparisons', Number(values.comparisons), async () => {
    await view.getByRole('button', { name: 'Run 1 training' }).click();
    const clear = view.getByText('Clear the table (1 run)');
    await clear.waitFor({ timeout: LONG });
    await clear.click();
  });
  await page.keyboard.press('Escape');
}

async function camera(page) {
  const minutes = Number(values['camera-minutes']);
  if (minutes === 0) return;
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Camera' });
  await dialog.getByRole('button', { name: 'Start the camera' }).click();
  await dialog.getByTestId('camera-verdict').waitFor({ timeout: LONG });
  await stage(page, 'camera, quarters of the time', PARTS, () =>
    page.waitForTimeout((minutes * 60_000) / PARTS),
  );
  await dialog.getByRole('button', { name: 'Close' }).click();
}

try {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(LONG);
  page.on('pageerror', ({ message }) => ((failed = true), console.log(`uncaught: ${message}`)));
  await page.addInitScript(LISTEN);
  await page.goto(`${url}#v=1&e1=0&e2=1&pf=16`);
  await page.getByTestId('live-overlay').waitFor({ state: 'visible' });
  // All feature maps are to be there: each that comes is one tensor more, which stays.
  for (let last = -1, now = 0; last !== now; await page.waitForTimeout(5000))
    [last, now] = [now, (await memory(page)).tensors];
  report('at the start', 0, await memory(page));
  await liveUpdates(page);
  await comparisons(page);
  await setSwitches(page);
  await camera(page);
} finally {
  await browser.close();
  await server.close();
}
process.exit(failed ? 1 : 0);
