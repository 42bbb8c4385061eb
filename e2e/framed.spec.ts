// The page in a frame of another page: it says no, and where to; framed by whom its host names it runs.
import { expect } from '@playwright/test';
import { StaticSite } from './pages/staticSite';
import { test } from './pages/sleepingEngine';

test('does not run framed unless its host says so', async ({ page }) => {
  // A host that sends no header: the page has to tell by itself.
  const site = new StaticSite();
  const address = await site.start();
  try {
    const frame = `<iframe src="${address}" width="1200" height="700"></iframe>`;
    await page.route('**/course.html', (route) => route.fulfill({ body: frame, contentType: 'text/html' }));
    await page.goto(`${address}course.html`);
    const framed = page.frameLocator('iframe');
    const link = framed.getByRole('link', { name: 'Open it alone' });
    await expect(link).toHaveAttribute('href', address);
    await expect(framed.getByRole('banner')).toHaveCount(0);

    await page.route(address, async (route) => {
      const page = await (await route.fetch()).text();
      const meta = `<meta name="framed-by" content="${new URL(address).origin}">`;
      await route.fulfill({ body: page.replace('<title>', `${meta}<title>`), contentType: 'text/html' });
    });
    await page.reload();
    await expect(framed.getByRole('main')).toBeVisible();
    await expect(link).toHaveCount(0);
  } finally {
    site.stop();
  }
});
