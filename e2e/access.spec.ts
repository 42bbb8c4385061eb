// Everyone can use it: automated accessibility rules in light and dark, wide and narrow; no page scroll on a laptop;
// the whole demo by keyboard.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { test } from './pages/sleepingEngine';
import { Playground } from './pages/playground';

async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Colours alone differ in the dark. */
const SCHEMES = [
  ['light', undefined],
  ['dark', ['color-contrast']],
] as const;

for (const [colorScheme, rules] of SCHEMES) {
  test(`axe finds nothing in ${colorScheme}, with settings and help open too`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const app = new Playground(page);
    await app.open('v=1&fbp=1');
    await expect(app.verdict).toContainText('score');
    expect(await violations(page, rules)).toEqual([]);
    await page.getByRole('button', { name: 'All settings' }).click();
    expect(await violations(page, rules)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(page, rules)).toEqual([]);
  });
}

test('a narrow screen shows the stage first and cuts nothing off', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = new Playground(page);
  await app.open();
  await expect(app.verdict).toContainText('score');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  for (const tab of await page.getByRole('tablist', { name: 'Panels' }).getByRole('tab').all()) {
    await tab.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
  expect(await violations(page)).toEqual([]);
});

test('a laptop screen needs no scrolling', async ({ page }) => {
  const app = new Playground(page);
  await app.open();
  await expect(app.verdict).toContainText('score');
  const { height, shown } = await page.evaluate(() => ({
    height: document.documentElement.scrollHeight,
    shown: window.innerHeight,
  }));
  expect(height).toBeLessThanOrEqual(shown);
});
