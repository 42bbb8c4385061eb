// Finds a Chromium for the browser tests, or installs one, or says exactly what to do.
// Order: $GRAD_BROWSER, Playwright's own, the system's, then an installation.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const SYSTEM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const FIREFOX_PATHS = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** Command-line switches that give headless Chromium a software WebGPU adapter and a canvas that can show it. */
export const BROWSER_ARGS = [
  '--enable-unsafe-webgpu',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--enable-gpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

/** Path of a browser that is already here, or null. */
export function findBrowser() {
  const named = process.env.GRAD_BROWSER;
  if (named) return existsSync(named) ? named : fail(`GRAD_BROWSER names ${named}, which does not exist.`);
  const own = chromium.executablePath();
  if (own && existsSync(own)) return own;
  return SYSTEM_NAMES.map(which).find(Boolean) ?? SYSTEM_PATHS.find(existsSync) ?? null;
}

/** Path of a browser, installed now if none was here. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  console.log('No Chromium found; installing one.');
  run('npx', ['playwright', 'install', 'chromium']);
  // Without any font a page has no text to measure.
  if (!findBrowser()) aptInstall('chromium', 'fonts-dejavu-core');
  return (
    findBrowser() ??
    fail('No Chromium could be installed. Install Chromium or Chrome, or set GRAD_BROWSER to its path.')
  );
}

/** Path of a Firefox, installed now if none was here. */
export function ensureFirefox() {
  const named = process.env.GRAD_FIREFOX;
  if (named) return existsSync(named) ? named : fail(`GRAD_FIREFOX names ${named}, which does not exist.`);
  const find = () => ['firefox', 'firefox-esr'].map(which).find(Boolean) ?? FIREFOX_PATHS.find(existsSync);
  if (!find()) aptInstall('firefox-esr', 'fonts-dejavu-core');
  return find() ?? fail('No Firefox could be installed. Install it, or set GRAD_FIREFOX to its path.');
}

/**
 * Environment in which Node's WebGPU (Dawn) finds a Vulkan driver: the system's own, or else the software one
 * that ships beside Chromium.
 */
export function vulkanEnvironment(browser) {
  if (process.platform !== 'linux' || process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES) return {};
  const beside = browserFolders(browser);
  const env = {};
  if (!hasVulkanLoader() && !aptInstall('libvulkan1')) {
    const folder = beside.find((f) => existsSync(join(f, 'libvulkan.so.1')));
    if (folder) env.LD_LIBRARY_PATH = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
    else fail('No Vulkan loader found. Install libvulkan1 (Debian: apt-get install libvulkan1).');
  }
  const icd = beside.map((f) => join(f, 'vk_swiftshader_icd.json')).find(existsSync);
  if (!hasUsableDriver() && icd) env.VK_DRIVER_FILES = icd;
  return env;
}

/** Folders in which a browser's own software Vulkan driver may lie. */
function browserFolders(browser) {
  return [dirname(browser), '/usr/lib/chromium', '/opt/google/chrome'];
}

function hasVulkanLoader() {
  const { stdout } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' });
  return (stdout ?? '').includes('libvulkan.so.1');
}

/** Asks Dawn in a process of its own: a driver that is listed may still be too old or crash. */
function hasUsableDriver() {
  const probe = `import('webgpu').then(async ({ create }) => {
    const adapter = await create([]).requestAdapter();
    process.exit(adapter ? 0 : 1);
  })`;
  return spawnSync(process.execPath, ['-e', probe], { timeout: 60_000 }).status === 0;
}

/** Installs Debian packages when this is Debian and we may; true when it worked. */
function aptInstall(...names) {
  if (!which('apt-get') || process.getuid?.() !== 0) return false;
  run('apt-get', ['update', '-q']);
  return run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names]);
}

function run(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function which(name) {
  try {
    const finder = process.platform === 'win32' ? 'where' : 'which';
    return execFileSync(finder, [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')[0]
      .trim();
  } catch {
    return null;
  }
}

function fail(message) {
  throw new Error(message);
}
