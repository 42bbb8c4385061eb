// Links: what one gives comes out at the other end, and nothing of the visitor's is lost over it.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { kept, untilKept } from './pages/kept';
import { striped } from './pages/pictures';
import { Playground } from './pages/playground';

const linkIn = (page: Page) => page.getByRole('textbox', { name: 'The link' }).inputValue();

/** Scores of the test images as they stand below them. */
const scores = (page: Page) =>
  page.getByRole('listbox', { name: 'Test images' }).getByRole('option').allInnerTexts();

test('a run gives new figures, and its link opened in a fresh profile gives the same ones', async ({
  page,
  browser,
}) => {
  const app = new Playground(page);
  await app.fewImages();
  await app.open('v=1&e1=2&e2=2&seed=11&i=5');
  await app.live();
  const stored = await scores(page);
  await app.train();
  await app.trained();
  await expect.poll(() => scores(page)).not.toEqual(stored);
  await app.judged();
  const [auroc, verdict] = [await app.imageAuroc.innerText(), await app.verdict.innerText()];
  const below = await scores(page);
  await page.keyboard.press('s');
  const link = await linkIn(page);
  expect(link).toContain('seed=11');
  expect(app.complaints).toEqual([]);
  // One engine at a time on the adapter.
  await page.goto('about:blank');

  const other = new Playground(await (await browser.newContext()).newPage());
  await other.fewImages();
  await other.page.goto(link);
  await other.live();
  await other.train();
  await other.trained();
  // The same adapter: no difference in any digit shown. Until the new figures are there, others stand in their place.
  await expect(other.imageAuroc).toHaveText(auroc);
  await expect.poll(() => scores(other.page)).toEqual(below);
  await expect.poll(() => other.verdict.innerText()).toBe(verdict);
  expect(other.complaints).toEqual([]);
  await other.page.context().close();
});

test('a link over kept work asks first, and neither answer deletes anything', async ({ page, context }) => {
  const app = new Playground(page);
  await app.open();
  await app.addFiles([striped('mine.png', 1)]);
  await untilKept(page, 'list');
  const { dataset } = (await kept(page, 'list'))!;
  await page.close();
  const visitor = new Playground(await context.newPage());
  await visitor.open('v=1&seed=3&data=fabric');
  const question = visitor.page.getByRole('dialog', { name: 'Open the link, or go on with your work?' });
  await expect(question).toContainText('1 image of your own');
  const { violations } = await new AxeBuilder({ page: visitor.page }).include('dialog').analyze();
  expect(violations).toEqual([]);
  await question.getByRole('button', { name: 'Open the link' }).click();
  await visitor.addFiles([striped('theirs.png', 2)]);
  await expect(visitor.messages).toContainText('what you kept before stays as it is');
  expect((await kept(visitor.page, 'list'))!.dataset).toBe(dataset);
  await visitor.page.close({ runBeforeUnload: false });
  const back = new Playground(await context.newPage());
  await back.open('v=1&seed=4');
  await back.page.getByRole('button', { name: 'Keep mine' }).click();
  await expect(back.page.getByRole('listbox', { name: 'Training images' }).getByRole('option')).toHaveCount(
    1,
  );
  expect((await kept(back.page, 'list'))!.dataset).toBe(dataset);
});

test('whoever opens a link to own images is told what to load, and whether it matches', async ({
  page,
  browser,
}) => {
  const app = new Playground(page);
  await app.open();
  await app.addFiles([striped('a.png', 1), striped('b.png', 2)]);
  await expect(page).toHaveURL(/own=2\.0\.\w/);
  const other = new Playground(await (await browser.newContext({ serviceWorkers: 'block' })).newPage());
  await other.page.goto(page.url());
  const wanted = other.page.getByText(/This link was made with 2 images of its maker’s own/);
  await expect(wanted).toBeVisible();
  await other.addFiles([striped('a.png', 1)]);
  await expect(
    other.page.getByText('Not the link’s images: 1 of its 2 are missing, 0 here are others.'),
  ).toBeVisible();
  await other.addFiles([striped('b.png', 2)]);
  await expect(other.page.getByText(/These are the link’s images, by name and size/)).toBeVisible();
  await other.page.context().close();
});
