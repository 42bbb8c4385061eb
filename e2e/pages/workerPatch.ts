// Runs a piece of code in the engine's worker before the engine: how tests take WebGPU away or break a device. Static
// imports only: a worker hears messages once its module graph has run, and none may be lost before that.
import type { Page } from '@playwright/test';

/** Code for a patch that has to break devices: `devices` holds every one that is made. */
export const KEEP_DEVICES = `
  const devices = [];
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await request.apply(this, options);
    devices.push(device);
    return device;
  };
`;

/** @param code JavaScript that runs in the worker's global scope, first */
export async function patchWorker(page: Page, code: string): Promise<void> {
  await page.addInitScript(() => {
    const Original = window.Worker;
    window.Worker = class extends Original {
      constructor(url: string | URL, options?: WorkerOptions) {
        const real = encodeURIComponent(new URL(url, location.href).href);
        super(`./e2e-worker.js?real=${real}`, options);
        const open = new Set<unknown>();
        Object.assign(window, { engineWorker: this, openCalls: open });
        this.addEventListener('message', ({ data }: MessageEvent<{ id?: number } | null>) => {
          open.delete(data?.id);
        });
        const post = this.postMessage.bind(this) as (...sent: unknown[]) => void;
        this.postMessage = (message: unknown, ...rest: unknown[]) => {
          const id = (message as { id?: number } | null)?.id;
          if (id !== undefined) open.add(id);
          post(message, ...rest);
        };
      }
    };
  });
  const script = (body: string) => ({ contentType: 'text/javascript', body });
  await page.route('**/e2e-patch.js', (route) => route.fulfill(script(code)));
  await page.route('**/e2e-worker.js?*', (route) => {
    const real = new URL(route.request().url()).searchParams.get('real');
    return route.fulfill(script(`import './e2e-patch.js'; import ${JSON.stringify(real)};`));
  });
}

/** How many calls the page waits for the patched worker to answer. */
export const openCalls = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { openCalls?: Set<unknown> }).openCalls?.size ?? 0);

/** Sends a message to the patched worker that only the patch understands. */
export async function tellWorker(page: Page, message: string): Promise<void> {
  await page.evaluate(
    (text) => (window as unknown as { engineWorker: Worker }).engineWorker.postMessage(text),
    message,
  );
}
