// The story beside the page: told by buttons, keys, scrolling and swipe, kept within the tab, made in the editor, and it
// says what it misses. The engine sleeps: what a step does to the page needs none of it.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { Playground } from './pages/playground';
import { test } from './pages/sleepingEngine';

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

const lesson = (page: Page) => page.getByRole('region', { name: 'Lesson', exact: true });
const current = (page: Page) => lesson(page).locator('[aria-current=step]').first();

test('seven steps ask, act on the page, and notice what was reached', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await expect(app.verdict).toContainText('score');
  await page.getByRole('button', { name: 'How does it work? 7 steps' }).click();
  await expect(page).toHaveURL(/lesson=story/);
  await expect(current(page)).toHaveAccessibleName('Step 1 of 7: Only normal images');
  await current(page)
    .getByRole('button', { name: /^Yes: it notices/ })
    .click();
  await expect(current(page)).toContainText('As you expected.');
  await expect(page.getByTestId('number-set')).toHaveText('N = 24');
  await page
    .getByRole('option', { name: /good\/000/ })
    .last()
    .click();
  await expect(current(page)).toContainText('Done.');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.keyboard.press('ArrowRight');
  await expect(current(page)).toHaveAccessibleName('Step 3 of 7: Paste a fault');
  await expect(app.pasteSwitch()).not.toBeChecked();
  await current(page).getByRole('button', { name: 'Glow everywhere' }).click();
  await expect(current(page)).toContainText('Otherwise than you expected.');
  await expect(app.pasteSwitch()).toBeChecked();
  expect(await violations(page)).toEqual([]);

  // A reload goes on where one was.
  await page.reload();
  await expect(current(page)).toHaveAccessibleName('Step 3 of 7: Paste a fault');
  await expect(current(page)).toContainText('Otherwise than you expected.');

  // To the last by scrolling.
  await page.getByRole('list', { name: 'Steps', exact: true }).hover();
  await page.mouse.wheel(0, 20_000);
  await expect(current(page)).toHaveAccessibleName(/^Step 7 of 7/);
  await current(page)
    .getByRole('button', { name: /^More good images/ })
    .click();
  await expect(page.getByTestId('number-line')).toContainText('flags 0 of 8 normal');
  await page.getByRole('slider', { name: 'Threshold' }).first().press('Home');
  await expect(current(page)).toContainText('Done.');
  await page.getByRole('button', { name: 'Leave the lesson' }).click();
  await expect(lesson(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/lesson=/);
});

test('on a phone the story is a sheet whose steps are swiped', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = new Playground(page);
  await app.open('lesson=line');
  await expect(app.verdict).toContainText('score');
  await expect(current(page)).toHaveAccessibleName('Step 1 of 4: Two heaps');
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const list = page.getByRole('list', { name: 'Steps', exact: true });
  await list.hover();
  await page.mouse.wheel(390, 0);
  await expect(current(page)).toHaveAccessibleName(/^Step 2 of 4/);
  await page.getByRole('button', { name: 'To the panels' }).click();
  await expect(list).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Scores' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: 'Show the lesson' }).click();
  await expect(current(page)).toHaveAccessibleName(/^Step 2 of 4/);
});

test('a teacher writes a step from what is on screen, and its link tells it', async ({ page, context }) => {
  const app = new Playground(page);
  await app.open('fbp=1&b=2');
  await expect(app.verdict).toContainText('score');
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Make a lesson' }).click();
  const editor = page.getByRole('complementary', { name: 'Lesson editor' });
  await editor.getByRole('button', { name: 'Add a step' }).click();
  await editor.getByText('1. Step 1').click();
  await editor.getByLabel('Question').fill('How large is <b>it</b>?');
  await editor.getByRole('button', { name: 'Add an answer' }).click();
  await editor.getByRole('textbox', { name: 'Answer 1' }).fill('Five cells');
  await editor.getByRole('checkbox', { name: 'Answer 1 is right' }).check();
  await editor.getByRole('button', { name: 'Take what is on screen' }).click();
  await expect(editor).toContainText('Size 2');
  expect(await violations(page)).toEqual([]);
  await editor.getByRole('button', { name: 'QR code' }).click();
  const link = await page.getByRole('textbox', { name: 'The link' }).inputValue();
  const pupil = await context.newPage();
  await pupil.goto(link.replace(/&b=2/, ''));
  await expect(current(pupil)).toContainText('How large is <b>it</b>?');
  await current(pupil).getByRole('button', { name: 'Five cells' }).click();
  await expect(new Playground(pupil).slider('Size')).toHaveValue('2');
});

test('a story whose images are missing, or that nobody knows, says so in a sentence', async ({ page }) => {
  const app = new Playground(page);
  await app.open('data=nowhere&lesson=small');
  await expect(lesson(page)).toContainText('The images of this lesson, “nowhere”, could not be loaded');
  await page.evaluate(() => (location.hash = 'lesson=riddle'));
  await expect(lesson(page)).toContainText('This page has no lesson called “riddle”.');
});
