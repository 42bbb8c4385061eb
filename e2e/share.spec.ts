// Links: what one gives comes out at the other end; lessons hold; whatever arrives, nothing of the visitor's is lost.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { kept, untilKept } from './pages/kept';
import { striped } from './pages/pictures';
import { Playground } from './pages/playground';

const linkIn = (page: Page) => page.getByRole('textbox', { name: 'The link' }).inputValue();

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Scores of the test images as they stand below them. */
const scores = (page: Page) =>
  page.getByRole('listbox', { name: 'Test images' }).getByRole('option').allInnerTexts();

test('a link opened in a fresh profile gives the same run', async ({ page, browser }) => {
  // Two engines on one software adapter.
  test.setTimeout(480_000);
  const app = new Playground(page);
  await app.open('v=1&e1=1&e2=1&seed=11&i=5');
  await app.live();
  await app.train();
  await app.trained();
  await page.keyboard.press('s');
  const link = await linkIn(page);
  expect(link).toContain('seed=11');
  const other = new Playground(await (await browser.newContext({ serviceWorkers: 'block' })).newPage());
  await other.page.goto(link);
  await other.live();
  await other.train();
  await other.trained();
  await page.keyboard.press('Escape');
  // The same adapter: no difference in any digit shown.
  // Until the new figures are there, those of the stored result stand in their place.
  await expect(other.imageAuroc).toHaveText(await app.imageAuroc.innerText());
  await expect.poll(() => scores(other.page)).toEqual(await scores(page));
  expect(await other.score()).toBe(await app.score());
  await other.page.context().close();
});

const LESSON =
  'v=1&title=<script>alert(1)</script>&task=Make+the+block+weaker.%E2%80%AE%0AWhat+changes%3F&hide=training,settings,moves&lock=data,scores,b';

test('a class sees the lesson, its locks hold, and it can be left', async ({ page }) => {
  const app = new Playground(page);
  await app.open(LESSON);
  const lesson = page.getByRole('region', { name: 'Lesson' });
  await expect(lesson.getByRole('heading')).toHaveText('<script>alert(1)</script>');
  await expect(lesson).toContainText('Make the block weaker.\nWhat changes?');
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toHaveCount(0);
  await expect(app.slider('Size')).toBeDisabled();
  await expect(app.slider('Intensity')).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Drop or add your own images' })).toBeDisabled();
  const threshold = page.getByRole('slider', { name: 'Threshold' }).first();
  const before = await threshold.getAttribute('aria-valuenow');
  await threshold.focus();
  await page.keyboard.press('PageUp');
  expect(await threshold.getAttribute('aria-valuenow')).toBe(before);
  await page.locator('main').focus();
  await page.keyboard.press(' ');
  await expect(app.messages).toContainText('This is locked in this lesson.');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Leave the lesson' }).click();
  await expect(lesson).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeVisible();
  await expect(app.slider('Size')).toBeEnabled();
  await expect(page).not.toHaveURL(/title=/);
});

test('the editor makes a lesson before one’s eyes', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await expect(app.verdict).toContainText('score');
  await page.keyboard.press('s');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make a lesson' }).click();
  await page.getByRole('textbox', { name: 'Title of the lesson' }).fill('Find the smallest defect');
  await page.getByRole('combobox', { name: 'Training: for the class' }).selectOption('hidden');
  await page.getByRole('combobox', { name: 'Paste a defect: for the class' }).selectOption('locked');
  await expect(page.getByRole('region', { name: 'Lesson', exact: true })).toContainText(
    'Find the smallest defect',
  );
  await expect(page.getByRole('region', { name: 'Training', exact: true })).toHaveCount(0);
  await expect(app.slider('Intensity')).toBeDisabled();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'QR code' }).click();
  expect(await linkIn(page)).toContain('title=Find+the+smallest+defect&hide=training&lock=block');
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
  expect(await violations(visitor.page)).toEqual([]);
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

test('a megabyte of garbage, and a link full of nonsense, cost one notice each and no setting', async ({
  page,
}) => {
  const app = new Playground(page);
  await app.open('v=1&seed=5');
  await expect(app.verdict).toContainText('score');
  await page.evaluate(() => (location.hash = `seed=9&${'x'.repeat(1_000_000)}`));
  await expect(app.messages).toContainText('too long to be one of ours');
  await expect(page).toHaveURL(/seed=5$/);
  await app.messages.getByRole('button', { name: 'Dismiss' }).click();
  await page.evaluate(() => (location.hash = 'v=1&seed=NaN&b=99&walls=1&hide=doors&map=evil'));
  await expect(app.messages.getByText('Parts of the link could not be used.')).toHaveCount(1);
  await expect(app.messages).toContainText('Nothing here is called "walls"');
  await expect(app.messages).toContainText('There is no "doors" to hide.');
});
