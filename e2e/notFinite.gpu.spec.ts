// A model whose answer is no number: the camera says so in words and gives no verdict, and goes on when it is one again.
import { expect, test } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.mjs';
import { Playground } from './pages/playground';

const PRETENDED = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
test.use({
  launchOptions: { executablePath: findBrowser() ?? undefined, args: [...BROWSER_ARGS, ...PRETENDED] },
});

test('a frame that cannot be scored gets no verdict but a reason', async ({ page }) => {
  // Weights that are no numbers are refused when they are read: the engine’s refusal of a frame is put in its mouth.
  await page.addInitScript(() => {
    const error = {
      name: 'ScoreNotFinite',
      message: 'The camera’s frame cannot be scored: its features hold values that are no finite numbers.',
      remedy: 'Leave this image out, or choose another backbone or load its weights again.',
    };
    const post = Worker.prototype.postMessage as (message: unknown, transfer: Transferable[]) => void;
    Object.assign(window, { refusing: true });
    Worker.prototype.postMessage = function (this: Worker, message: unknown, transfer: unknown) {
      const { id, call } = message as { id: number; call: string };
      if (call !== 'scoreFrame' || !(window as unknown as { refusing: boolean }).refusing)
        return post.call(this, message, transfer as Transferable[]);
      // A worker never answers before its call is over.
      queueMicrotask(() => this.onmessage?.(new MessageEvent('message', { data: { id, ok: false, error } })));
    };
  });
  const app = new Playground(page);
  await app.open();
  await app.live();
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  const camera = page.getByRole('dialog', { name: 'Camera' });
  await camera.getByRole('button', { name: 'Start the camera' }).click();
  const reason = camera.getByRole('alert');
  await expect(reason).toContainText('The camera’s frame cannot be scored');
  await expect(reason).toContainText('choose another backbone');
  await expect(camera.getByTestId('camera-verdict')).toBeHidden();
  await expect(camera.getByTestId('camera-overlay')).toBeHidden();
  await expect(camera).not.toContainText(/normal \(threshold|ANOMALOUS/);
  await page.evaluate(() => Object.assign(window, { refusing: false }));
  await expect(camera.getByTestId('camera-verdict')).toContainText(/score [\d.]+/);
  await expect(reason).toBeHidden();
  expect(app.complaints).toEqual([]);
});
