// Gives Node what a browser has: `navigator.gpu` and the WebGPU globals, from Dawn (npm package `webgpu`).
// On Linux it also looks for a Vulkan driver. Used by the command line and the tests; never part of the page.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ICD_FOLDERS = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const LAVAPIPE = /^lvp_icd.*\.json$/;
/** Debian's chromium ships a software driver: slow, but there is nothing to install. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

export interface DawnOptions {
  /** Prefer a software driver over a real GPU: what tests do, so that they mean the same everywhere. */
  software?: boolean;
  /** Timestamps to the nanosecond; else Dawn rounds them to 65,536, as browsers do. */
  exactTimes?: boolean;
}

/** Of Dawn, by its own names. */
const EXACT_TIMES = ['disable-dawn-features=timestamp_quantization'];

/**
 * Installs `navigator.gpu` and the GPU* globals, once. VK_DRIVER_FILES and VK_ICD_FILENAMES are respected; else
 * the Vulkan loader's own choice is taken, and the software driver of Debian's chromium where there is none.
 * Call it before requestGpu(). A live device keeps the process running: exit explicitly.
 */
export async function installDawn({ software = false, exactTimes = false }: DawnOptions = {}): Promise<void> {
  if ((globalThis.navigator as Partial<Navigator> | undefined)?.gpu) return;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  if (software) nameDriver(softwareDriver());
  const flags = exactTimes ? EXACT_TIMES : [];
  let gpu = create(flags);
  if (!driverNamed() && existsSync(SWIFTSHADER) && !(await gpu.requestAdapter())) {
    // The loader reads the variable whenever an instance is made, so a second instance sees it.
    nameDriver(SWIFTSHADER);
    gpu = create(flags);
  }
  publish(gpu);
}

function publish(gpu: GPU): void {
  const descriptor = { value: gpu, configurable: true };
  // Node 20 has no navigator at all; from 21 on it has one without `gpu`.
  if (globalThis.navigator as Navigator | undefined) {
    Object.defineProperty(globalThis.navigator, 'gpu', descriptor);
  } else {
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
  }
}

function driverNamed(): boolean {
  return Boolean(process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES);
}

function nameDriver(file: string | undefined): void {
  if (file && !driverNamed()) process.env.VK_DRIVER_FILES = file;
}

/** Mesa's lavapipe where it is installed, else SwiftShader, else nothing (and outside Linux always nothing). */
function softwareDriver(): string | undefined {
  const files = ICD_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => LAVAPIPE.test(name))
      .map((name) => join(folder, name)),
  );
  return files[0] ?? (existsSync(SWIFTSHADER) ? SWIFTSHADER : undefined);
}
