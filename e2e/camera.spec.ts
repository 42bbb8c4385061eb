// A camera that may not be used.
import { expect } from '@playwright/test';
import { Playground } from './pages/playground';
import { test } from './pages/sleepingEngine';

test('a camera that may not be used says so and what to do', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  const app = new Playground(page);
  await app.open();
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  const camera = page.getByRole('dialog', { name: 'Camera' });
  await camera.getByRole('button', { name: 'Start the camera' }).click();
  await expect(camera.getByRole('alert')).toContainText('The camera may not be used. Allow it');
  await expect(camera.getByRole('button', { name: 'Start the camera' })).toBeEnabled();
});
