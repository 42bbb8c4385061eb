// A download against a real server with everything that can go wrong: each fault is named with a remedy, the backbone
// at work stays, nothing half-fetched is used; and at the end the same page downloads after all.
import { expect, test } from '@playwright/test';
import type { Fault, HubServer } from '../src/testing/hubServer';
import { PUBLISHED_ID, publishedFile } from '../src/testing/publishedFile';
import { startLocalHub } from './pages/localHub';
import { Playground } from './pages/playground';
import { patchWorker } from './pages/workerPatch';

const FAULTS: [string, Fault, RegExp][] = [
  ['a missing file', { status: 404 }, /\(404\)/],
  ['a gated file', { status: 403 }, /refuses to hand out .*\(403\)/],
  ['bytes of another place', { contentRange: 'bytes 5-9/100' }, /answered "bytes 5-9\/100"/],
];
const FULL_DISK = `Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));`;
const REMEDY = /\.safetensors file by hand/;

test.describe('a download from a server of another origin', () => {
  let hub: HubServer;
  test.afterEach(() => hub.close());

  test('names what goes wrong, keeps the backbone at work, and succeeds once nothing does', async ({
    page,
    context,
  }) => {
    hub = await startLocalHub(context, publishedFile());
    await page.addInitScript((url) => localStorage.setItem('grad-playground:hub', url), hub.url);
    const app = new Playground(page);
    await app.open();
    await app.live();
    await app.openDetails();
    await app.choose('Backbone', PUBLISHED_ID);
    const dialog = page.getByRole('dialog', { name: new RegExp(PUBLISHED_ID) });
    const alert = dialog.getByRole('alert');
    const download = dialog.getByRole('button', { name: /^Download( again)?$/ });

    for (const [what, fault, words] of FAULTS) {
      await test.step(what, async () => {
        hub.failAlways(fault);
        await download.click();
        await expect(alert).toContainText(words);
        await expect(alert).toContainText(REMEDY);
      });
    }
    await test.step('a host that does not let pages of other origins read', async () => {
      hub.failAlways({ noCors: true });
      await download.click();
      await expect(alert).toContainText('cannot be reached');
      await expect(alert).toContainText('CORS');
    });
    await test.step('no network', async () => {
      await context.setOffline(true);
      await download.click();
      await expect(alert).toContainText('This device is offline');
      await context.setOffline(false);
    });
    await test.step('weights that are no numbers', async () => {
      hub.failAlways({ fine: true });
      const nan = publishedFile(1, (tensors) => tensors.get('conv_stem.weight')!.bytes.fill(0xff));
      hub.serve(nan, '"nan"');
      await download.click();
      await expect(alert).toContainText('not finite numbers');
    });
    await expect(app.memoryLine).toContainText('32 channels');
    expect(await page.evaluate(keptEntries)).toEqual([]);

    await test.step('a connection cut half way is resumed where it broke', async () => {
      hub.serve(publishedFile(), '"first"');
      hub.requests.length = 0;
      hub.fail({ fine: true }, { heldAt: 0.5 });
      await download.click();
      // Cut only once the part is there: of a connection that breaks, a browser drops what it has not handed on yet.
      const progress = dialog.getByRole('progressbar', { name: 'Download' });
      await expect
        .poll(async () => Number(await progress.getAttribute('aria-valuenow')))
        .toBeGreaterThanOrEqual(50);
      hub.cutHeld();
      await expect(dialog).toBeHidden();
      await expect(app.memoryLine).toContainText('128 channels');
      const begins = hub.requests.map(({ range }) => Number(/=(\d+)-/.exec(range!)![1]));
      expect(begins[2]).toBeGreaterThan(begins[1]!);
    });

    await test.step('another file under the same name is refused, since the first one’s hash is known', async () => {
      // The address follows a moment later, and a reload goes by it.
      await expect(page).toHaveURL(/backbone=mobilenetv2_100/);
      await page.evaluate(dropWeights);
      hub.serve(publishedFile(2), '"other"');
      await page.reload();
      await expect(dialog).toBeVisible({ timeout: 90_000 });
      await download.click();
      await expect(alert).toContainText('SHA-256');
    });
  });

  test('takes the whole file where ranges are ignored, and works where nothing can be kept', async ({
    page,
    context,
  }) => {
    hub = await startLocalHub(context, publishedFile());
    hub.failAlways({ ignoreRange: true });
    await patchWorker(page, FULL_DISK);
    await page.addInitScript((url) => localStorage.setItem('grad-playground:hub', url), hub.url);
    const app = new Playground(page);
    await app.open(`v=1&backbone=${PUBLISHED_ID}`);
    const dialog = page.getByRole('dialog', { name: new RegExp(PUBLISHED_ID) });
    await expect(dialog).toBeVisible({ timeout: 90_000 });
    await dialog.getByRole('button', { name: 'Download', exact: true }).click();
    await expect(dialog).toBeHidden();
    await app.openDetails();
    await expect(app.memoryLine).toContainText('128 channels');
    await expect(app.messages).toContainText('There is no room to keep');
    expect(hub.requests).toHaveLength(1);
    expect(await page.evaluate(keptEntries)).toEqual([]);
  });
});

/** Keys of kept weights in the browser's storage. */
async function keptEntries(): Promise<string[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith('grad-weights'));
  const stores = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return stores.flat().map(({ url }) => url);
}

/** Takes the weights away and leaves their hash, as a browser short of space may. */
async function dropWeights(): Promise<void> {
  for (const name of (await caches.keys()).filter((key) => key.startsWith('grad-weights'))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (request.url.includes(encodeURIComponent('#'))) await cache.delete(request);
    }
  }
}
