// The page in Chinese: what a Chinese browser is shown, and the change of the language in the middle of things.
import { expect, type Page } from '@playwright/test';
import { test } from './pages/sleepingEngine';

test.use({ locale: 'zh-CN' });

/** Three English words in a row, seen or heard. */
const english = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const spoken = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext'];
    const elements = [...document.querySelectorAll('body *:not(noscript)')];
    const texts = elements.flatMap((element) => [
      ...[...element.childNodes].flatMap((node) =>
        node.nodeType === Node.TEXT_NODE ? [node.nodeValue!] : [],
      ),
      ...spoken.flatMap((name) => element.getAttribute(name) ?? []),
    ]);
    return [...new Set(texts.filter((text) => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/i.test(text)))];
  });

test('a Chinese browser is shown Chinese; another choice acts at once, stays, and is in no link', async ({
  page,
}) => {
  await page.goto('#fbp=1');
  await expect(page.getByRole('button', { name: '所有设置' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  expect(await english(page)).toEqual([]);
  await test.step('in settings, help and the story too', async () => {
    await page.getByRole('button', { name: '所有设置' }).click();
    await expect(page.getByRole('complementary', { name: '所有设置' })).toBeVisible();
    await page.getByRole('button', { name: /帮助与快捷键/ }).click();
    await expect(page.getByRole('dialog')).toContainText('双网格重建');
    expect(await english(page)).toEqual([]);
    await page.getByRole('button', { name: '关闭帮助' }).click();
    await page.getByRole('button', { name: /它是怎样工作的/ }).click();
    await expect(page.getByRole('region', { name: '课程' })).toContainText('只有正常图像');
    expect(await english(page)).toEqual([]);
  });
  const choice = page.getByRole('combobox', { name: '语言' }).first();
  await choice.selectOption({ label: 'English' });
  await expect(page.getByRole('region', { name: 'Lesson' })).toContainText('Only normal images');
  await expect(page.getByRole('complementary', { name: 'All settings' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(page.url()).not.toContain('zh');
  await page.reload();
  await expect(page.getByRole('button', { name: 'All settings' })).toBeVisible();
});
