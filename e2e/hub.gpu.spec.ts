// Weights that do not ship with the page: asked about first, fetched when told to, kept; and what a failure leaves.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { PUBLISHED_ID, publishedFile } from '../src/testing/publishedFile';
import { FakeHub } from './pages/fakeHub';
import { Playground } from './pages/playground';

const CHANNELS = '128 channels';

test('weights are downloaded after their cost was shown, work, and are there after a reload; missing ones are named', async ({
  page,
  context,
}) => {
  const hub = await FakeHub.start(context, publishedFile());
  const app = new Playground(page);
  await app.open();
  await app.live();
  await app.openDetails();
  await test.step('weights that are not at their place', async () => {
    hub.status = 404;
    await app.choose('Preset', 'balanced');
    const missing = page.getByRole('dialog', { name: /efficientnet_b0/ });
    await missing.getByRole('button', { name: 'Download', exact: true }).click();
    await expect(missing.getByRole('alert')).toContainText('(404)');
    await expect(missing.getByRole('alert')).toContainText('.safetensors file by hand');
    expect(hub.requests).toEqual(['/timm/efficientnet_b0.ra_in1k/resolve/main/model.safetensors']);
    await missing.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(missing).toBeHidden();
    await expect(app.model).toHaveAccessibleName(/mini_resnet/);
    // The preset as a whole is taken back, its input size too.
    await expect(app.model).toHaveAccessibleName(/Demo, mini_resnet/);
    await expect(app.memoryLine).toContainText('16 × 16');
    hub.status = 206;
    hub.requests.length = 0;
  });
  await app.choose('Backbone', PUBLISHED_ID);
  const dialog = page.getByRole('dialog', { name: /mobilenetv2_100/ });
  const cost = dialog.getByTestId('weights-cost');
  for (const part of ['mobilenetv2_100.ra_in1k', '14 MB', 'GMAC at 128', 'on this adapter'])
    await expect(cost).toContainText(part);
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations).toEqual([]);
  expect(hub.requests).toEqual([]);
  await dialog.getByRole('button', { name: 'Download', exact: true }).click();
  await expect(dialog.getByRole('progressbar', { name: 'Download' })).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(app.messages).toContainText('mobilenetv2_100.ra_in1k');
  await expect(app.memoryLine).toContainText(CHANNELS);
  await expect(page.getByText('weights requested from huggingface.co')).toBeVisible();
  const asked = hub.requests.length;
  expect(asked).toBeGreaterThan(0);

  await expect(page).toHaveURL(/backbone=mobilenetv2_100/);
  await page.reload();
  await expect(app.model).toHaveAccessibleName(new RegExp(PUBLISHED_ID));
  await app.openDetails();
  await expect(app.memoryLine).toContainText(CHANNELS);
  await expect(page.getByText('Nothing leaves this page')).toBeVisible();
  expect(hub.requests).toHaveLength(asked);
  await page.getByRole('button', { name: 'All settings' }).click();
  const kept = page.getByRole('region', { name: 'Downloaded weights' });
  await expect(kept.getByRole('list')).toContainText('mobilenetv2_100.ra_in1k');
  await kept.getByRole('button', { name: 'Clear kept weights' }).click();
  await expect(kept).toContainText('None are kept.');
});
