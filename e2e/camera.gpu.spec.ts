// The camera, with the browser's own pretended one: asked for on a click, scored live, photographed, let go.
import { expect, test } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../scripts/browser.mjs';
import { Playground } from './pages/playground';

const PRETENDED = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
test.use({
  launchOptions: { executablePath: findBrowser() ?? undefined, args: [...BROWSER_ARGS, ...PRETENDED] },
});

test('live frames get a verdict, photos join the set, and closing lets the camera go', async ({ page }) => {
  await page.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const asked: MediaStream[] = [];
    Object.assign(window, { asked });
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wish) => {
      const stream = await ask(wish);
      asked.push(stream);
      return stream;
    };
  });
  const app = new Playground(page);
  await app.open();
  await app.live();
  const streams = () =>
    page.evaluate(() =>
      (window as unknown as { asked: MediaStream[] }).asked.map(
        (stream) => stream.getTracks()[0]!.readyState,
      ),
    );
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  const camera = page.getByRole('dialog', { name: 'Camera' });
  expect(await streams()).toEqual([]);
  await camera.getByRole('button', { name: 'Start the camera' }).click();
  const verdict = camera.getByTestId('camera-verdict');
  await expect(verdict).toContainText(/score [\d.]+: (ANOMALOUS|normal) \(threshold [\d.]+\)/);
  await expect(verdict).toContainText(/[\d.]+ frames\/s, \d+ ms each/);
  await camera.getByRole('switch', { name: 'Score live' }).uncheck();
  await expect(verdict).toBeHidden();
  await camera.getByRole('spinbutton', { name: 'Photos at a press' }).fill('2');
  await camera.getByRole('button', { name: 'Take as normal' }).click();
  await expect(camera.getByRole('status')).toContainText('2 photos added to the normal images');
  await camera.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(2);
  await expect.poll(streams).toEqual(['ended']);
  expect(app.complaints).toEqual([]);
});
