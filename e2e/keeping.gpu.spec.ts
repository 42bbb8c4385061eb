// Work that survives: a reload in mid-training, a second tab, a full store; and work that is forgotten on request.
import { expect, test, type Page } from '@playwright/test';
import { kept, untilKept } from './pages/kept';
import { noisy, striped } from './pages/pictures';
import { Playground } from './pages/playground';

test('a training cut off by a reload goes on from its checkpoint, to new figures', async ({ page }) => {
  const app = new Playground(page);
  page.on('dialog', (dialog) => void dialog.accept());
  await app.fewImages();
  await app.open('v=1&e1=2&e2=2&seed=5');
  await app.live();
  await page.keyboard.press('n');
  await expect(app.status).toContainText('Paused at step 1', { timeout: 90_000 });
  await untilKept(page, 'run');
  await page.reload();
  await expect(page.getByText(/was reloaded while it was training/)).toBeVisible();
  await expect(page).toHaveURL(/seed=5/);
  await expect(app.verdict).toContainText('ANOMALOUS');
  const resume = page.getByRole('button', { name: 'Resume training at step 1 of 4' });
  await expect(resume).toBeEnabled({ timeout: 90_000 });
  await resume.click();
  const stored = await app.imageAuroc.innerText();
  await app.trained();
  await expect(app.imageAuroc).not.toHaveText(stored);
  await expect(resume).toBeHidden();
  await expect.poll(() => kept(page, 'run')).toBeUndefined();
  expect(app.complaints).toEqual([]);
});

test('a second tab says that another keeps the work, and overwrites it only when told to', async ({
  context,
}) => {
  const [first, second] = [await ownImage(await context.newPage(), 'first.png', 1), await context.newPage()];
  await untilKept(first.page, 'list');
  const { dataset } = (await kept(first.page, 'list'))!;
  const other = await ownImage(second, 'second.png', 2);
  await expect(other.messages).toContainText('Another tab keeps your work');
  // Longer than a write waits.
  await second.waitForTimeout(2000);
  expect((await kept(second, 'list'))!.dataset).toBe(dataset);
  await other.messages.getByRole('button', { name: 'Keep this tab’s instead' }).click();
  await expect.poll(async () => (await kept(second, 'list'))!.dataset).not.toBe(dataset);
  await expect(first.messages).toContainText('Another tab keeps your work');
});

test('a full store costs the keeping and not the work, and is said once', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  // What the browser then says of its room stays as it was; writing fails.
  const browser = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 2_000_000 });
  await app.addFiles([noisy('large.png', 1000)]);
  const full = app.messages.getByText(/no room to keep your images/);
  await expect(full).toBeVisible();
  await app.addFiles([noisy('second.png', 1000)]);
  await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(2);
  await page.waitForTimeout(2000);
  await expect(full).toHaveCount(1);
  expect(await kept(page, 'list')).toBeUndefined();
  await page.getByRole('button', { name: 'All settings' }).click();
  await expect(page.getByTestId('room')).toContainText(/ of [\d.]+ [MG]B used/);
});

test('"Forget everything of mine" leaves nothing, and nothing more of the visit is kept', async ({
  page,
}) => {
  const app = await ownImage(page, 'mine.png', 1);
  await untilKept(page, 'list');
  await page.getByRole('button', { name: /^Theme/ }).click();
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByRole('button', { name: 'Forget everything of mine' }).click();
  await expect(app.messages).toContainText('Nothing of yours is kept');
  const stored = () =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('grad-')));
  expect(await stored()).toEqual([]);
  await page.getByRole('button', { name: 'Close settings' }).click();
  await app.addFiles([striped('later.png', 2)]);
  await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(2);
  await page.waitForTimeout(2000);
  expect(await kept(page, 'list')).toBeUndefined();
});

/** A page with one image of the visitor's own. */
async function ownImage(page: Page, name: string, seed: number): Promise<Playground> {
  const app = new Playground(page);
  await app.open();
  await app.addFiles([striped(name, seed)]);
  await expect(page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(1);
  return app;
}
