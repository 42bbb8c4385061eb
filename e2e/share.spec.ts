// Lessons hold, and their editor makes them; whatever arrives as a link, no setting is lost.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { Playground } from './pages/playground';
import { test } from './pages/sleepingEngine';

const linkIn = (page: Page) => page.getByRole('textbox', { name: 'The link' }).inputValue();

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

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
