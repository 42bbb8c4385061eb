// Another paper's method instead of GRAD: chosen in the model's panel, fitted in one go, scored and shown like any other. Small
// settings: software adapters are slow.
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';

test('fits PatchCore, shows what it has and hides what it has not', async ({ page }) => {
  const app = new Playground(page);
  await app.fewImages();
  await app.open('v=1&cp=5&cl=50&cq=500');
  await app.live();
  await app.choose('Method', 'PatchCore');
  await expect(page).toHaveURL(/method=patchcore/);
  await app.train();
  await app.trained();
  await expect(page.getByRole('progressbar', { name: 'PatchCore' })).toHaveAttribute('aria-valuenow', '100');
  await expect(page.getByText('PatchCore has no loss curve')).toBeVisible();
  await expect(page.getByRole('group', { name: 'Map' }).getByText('Abnormal')).toHaveCount(0);
  await expect(page.getByText('This method has no grids; nothing to fuse.')).toBeVisible();
  await expect(app.imageAuroc).toHaveText(/\d/);
  await expect(page.getByTestId('decisions')).toBeVisible();
  expect(await app.score()).toBeGreaterThan(0);
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/patchcore.png` });

  await page.getByRole('button', { name: 'All settings' }).click();
  const drawer = page.getByRole('complementary', { name: 'All settings' });
  await expect(drawer.getByText('Coreset limit')).toBeVisible();
  await expect(drawer.getByText('Local grid')).toHaveCount(0);
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/settings.png` });
  expect(app.complaints).toEqual([]);
});
