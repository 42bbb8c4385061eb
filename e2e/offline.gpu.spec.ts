// Without a network after the first visit; nothing sent, and a count that would show it; a new version that waits.
import { expect, test, type Page } from '@playwright/test';
import { striped } from './pages/pictures';
import { Playground } from './pages/playground';
import { NEXT_VERSION, StaticSite } from './pages/staticSite';

test.use({ serviceWorkers: 'allow' });

/** Waits until the service worker has everything and answers for this page. */
async function keptOffline(page: Page): Promise<void> {
  await expect(page.getByText('works without a network')).toBeVisible({ timeout: 120_000 });
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

test('a visit and one without a network stay within the page and the policy; what is sent would be counted', async ({
  page,
  context,
}) => {
  const app = new Playground(page);
  const requests: string[] = [];
  page.context().on('request', (request) => requests.push(request.url()));
  await page.addInitScript(() => {
    const broken: string[] = [];
    Object.assign(window, { broken });
    document.addEventListener('securitypolicyviolation', (event) =>
      broken.push(`${event.violatedDirective}: ${event.blockedURI}`),
    );
  });
  const answer = (await page.goto('./'))!;
  const policy = answer.headers()['content-security-policy']!;
  const meta = page.locator('meta[http-equiv="Content-Security-Policy"]');
  // A tag cannot say who may frame the page.
  expect(`${await meta.getAttribute('content')}; frame-ancestors 'none'`).toBe(policy);
  for (const rule of ["default-src 'self'", "worker-src 'self'", "manifest-src 'self'", "frame-src 'none'"])
    expect(policy.split('; ')).toContain(rule);
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
  expect(policy).toMatch(/style-src 'self';/);
  await keptOffline(page);
  await app.live();
  await page.keyboard.press('s');
  await expect(page.getByRole('img', { name: 'QR code of this link' })).toBeVisible();
  await page.keyboard.press('Escape');
  await app.addFiles([striped('own.png', 1)]);
  await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(1);
  await expect(page.getByText('Nothing leaves this page: 0 bytes sent')).toBeVisible();
  const broken = () => page.evaluate(() => (window as unknown as { broken: string[] }).broken);
  expect(await broken()).toEqual([]);

  await test.step('without a network it works after a reload, and trains a step', async () => {
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByText(/0 bytes sent, offline/)).toBeVisible();
    await page.getByRole('combobox', { name: 'Data set' }).selectOption('fabric');
    await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).not.toHaveCount(
      0,
    );
    await expect(app.verdict).toContainText('score');
    await app.live();
    await page.keyboard.press('n');
    await expect(app.status).toContainText('Paused at step 1', { timeout: 120_000 });
    expect(app.complaints.filter((text) => !text.includes('sw.js'))).toEqual([]);
    await context.setOffline(false);
  });

  const outside = requests.filter(
    (url) => /^(https?|wss?):/.test(url) && !url.startsWith('http://localhost:'),
  );
  expect(outside).toEqual([]);
  expect(requests.length).toBeGreaterThan(20);
  expect(await broken()).toEqual([]);
  // Twelve bytes, as a page that breaks its promise would send them.
  await page.evaluate(() =>
    fetch('./collect', { method: 'POST', body: 'twelve bytes' }).catch(() => undefined),
  );
  await expect(page.getByText('This page has sent something: 12 bytes sent')).toBeVisible();
  const blocked = await page.evaluate(() =>
    fetch('https://example.org/', { mode: 'no-cors' }).then(
      () => 'went out',
      () => 'blocked',
    ),
  );
  expect(blocked).toBe('blocked');
});

test('below a sub-path a new version is announced, waits, and comes with the button', async ({ page }) => {
  const site = new StaticSite();
  const address = await site.start();
  const app = new Playground(page);
  await page.goto(address);
  await keptOffline(page);
  site.renew();
  await page.evaluate(async () => {
    Object.assign(window, { before: true });
    await (await navigator.serviceWorker.ready).update();
  });
  await expect(app.messages.getByText('A new version of this page is ready.')).toBeVisible({
    timeout: 120_000,
  });
  expect(await page.evaluate(() => 'before' in window)).toBe(true);
  await app.messages.getByRole('button', { name: 'Reload now' }).click();
  await expect.poll(() => page.evaluate(() => 'before' in window).catch(() => true)).toBe(false);
  await expect(app.verdict).toContainText('ANOMALOUS');
  const caches = () =>
    page.evaluate(async () =>
      (await window.caches.keys()).filter((name) => name.startsWith('grad-playground')),
    );
  await expect.poll(caches).toEqual([`grad-playground /some/place/ ${NEXT_VERSION}`]);
  site.stop();
});
