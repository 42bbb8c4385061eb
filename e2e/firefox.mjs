// The built page in Firefox, driven by WebDriver BiDi: first view, blocks, training, and a session saved and opened again.
// `npm run e2e:firefox`; pictures of each state lie in test-results/firefox afterwards. Playwright's own Firefox is a
// patched one; this is the one that people have.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import puppeteer from 'puppeteer-core';
import { preview } from 'vite';
import { ensureFirefox } from '../scripts/browser.mjs';

const OUT = resolve('test-results/firefox');
const PATIENCE_MS = 180_000;
/** A block that is seen beside the image's own defect. */
const SHORT = 'v=1&e1=2&e2=4&i=4&b=2';
const complaints = [];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

const server = await preview({ preview: { port: 0 }, logLevel: 'warn' });
const address = server.resolvedUrls.local[0];
const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: ensureFirefox(),
  headless: true,
  extraPrefsFirefox: {
    'browser.download.folderList': 2,
    'browser.download.dir': OUT,
    'browser.download.useDownloadDir': true,
    'browser.helperApps.neverAsk.saveToDisk': 'application/zip,application/octet-stream',
  },
});

/** A page of its own: nothing is kept from another. */
async function freshPage(hash = '') {
  const page = await (await browser.createBrowserContext()).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport({ width: 1366, height: 768 });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(hash ? `${address}#${hash}` : address);
  return page;
}

const textOf = (page, id) =>
  page.evaluate((name) => document.querySelector(`[data-testid="${name}"]`)?.textContent ?? '', id);

const scoreOf = async (page) => Number(/score\s+(-?[\d.]+)/.exec(await textOf(page, 'verdict'))?.[1] ?? NaN);

/** Waits until `holds` of what `read` gives. */
async function until(what, read, holds) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > end) throw new Error(`${what}: still ${JSON.stringify(value)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

const shows = (page, id, words) =>
  until(
    `${id} shows "${words}"`,
    () => textOf(page, id),
    (text) => text.includes(words),
  );

const changes = (page, from) =>
  until(
    'the score changes',
    () => scoreOf(page),
    (score) => !Number.isNaN(score) && score !== from,
  );

const live = (page) => page.waitForSelector('[data-testid="live-overlay"]');
const press = (page, role, name) => page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
const pressTitled = (page, title) => page.locator(`[title="${title}"]`).click();
const picture = (page, name) => page.screenshot({ path: join(OUT, `${name}.png`) });

const total = { passed: 0, failed: 0 };
async function check(title, run) {
  const start = performance.now();
  try {
    await run();
    assert.deepEqual(complaints.splice(0), []);
    total.passed++;
    console.log(`ok      ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  } catch (error) {
    total.failed++;
    console.log(`FAILED  ${title}\n${error.stack}`);
  }
}

console.log(await browser.version());
const page = await freshPage(SHORT);

await check('a finished result is on screen at once', async () => {
  await shows(page, 'verdict', 'ANOMALOUS');
  await picture(page, 'first-view');
});

await check('a pasted block changes the score, and a step of it again', async () => {
  await live(page);
  const plain = await scoreOf(page);
  await press(page, 'switch', 'Paste a block');
  const pasted = await changes(page, plain);
  await page.focus('button[aria-label^="Pasted block"]');
  await page.keyboard.press('ArrowRight');
  await changes(page, pasted);
  await picture(page, 'block');
  await press(page, 'switch', 'Paste a block');
  await until(
    'the score of before',
    () => scoreOf(page),
    (score) => score === plain,
  );
});

let trained = NaN;
await check('it trains from start to figures', async () => {
  await pressTitled(page, 'Train (space)');
  await until(
    'training begins',
    () => textOf(page, 'training-status'),
    (text) => /step|Pause|left/i.test(text),
  );
  await picture(page, 'training');
  await shows(page, 'training-status', 'Trained in');
  await shows(page, 'verdict', 'threshold');
  trained = await scoreOf(page);
  assert.ok(trained > 0);
  await picture(page, 'trained');
});

await check('a session saved here opens in a fresh page with the same score', async () => {
  await press(page, 'button', 'Save or open a session');
  await page.locator('button ::-p-text(Save session)').click();
  const session = await until(
    'the session is saved',
    () => readdirSync(OUT).filter((name) => /^grad.*\.zip$/.test(name)),
    (names) => names.length === 1 && !readdirSync(OUT).some((name) => name.endsWith('.part')),
  );
  const fresh = await freshPage();
  await live(fresh);
  const [chooser] = await Promise.all([
    fresh.$('input[type="file"]'),
    fresh.waitForSelector('[data-testid="verdict"]'),
  ]);
  await chooser.uploadFile(join(OUT, session[0]));
  await until(
    'the session is opened',
    () => fresh.evaluate(() => document.body.textContent),
    (text) => text.includes('Opened grad'),
  );
  await until(
    'the score of before',
    () => scoreOf(fresh),
    (score) => Math.abs(score - trained) < 0.006 * trained,
  );
  await picture(fresh, 'opened');
});

await browser.close();
await server.close();
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
