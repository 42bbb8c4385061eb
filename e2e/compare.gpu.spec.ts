// Methods side by side on a bundled set: run, table, maps, curves, detectability, files; accessible, and nothing of the
// visitor's lost. Two methods that are fast on a software adapter.
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Playground } from './pages/playground';

const SMALL = 'v=1&e1=0&e2=1&pf=16';

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

async function shot(page: Page, name: string): Promise<void> {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${name}.png` });
}

async function exported(page: Page, label: string): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: label }).click();
  return readFile(await (await waiting).path(), 'utf8');
}

test('compares two methods, and brings the model before it back', async ({ page }) => {
  const app = new Playground(page);
  await app.fewImages(1);
  await app.open(SMALL);
  await app.live();
  const auroc = await app.imageAuroc.innerText();
  const score = await app.score();
  await page.getByRole('button', { name: 'Compare' }).click();
  const view = page.getByRole('main', { name: 'Comparison' });
  await expect(view.getByText('Which method finds these defects best?')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  for (const method of [/^GRAD/, /^PatchCore/]) await view.getByRole('checkbox', { name: method }).uncheck();
  await view.getByRole('button', { name: 'Run 2 trainings' }).click();
  await expect(view.getByRole('progressbar', { name: 'Comparison' })).toBeVisible();
  await shot(page, 'running');
  await expect(view.getByText('Clear the table (2 runs)')).toBeVisible({ timeout: 120_000 });

  const figure = view.getByRole('button', { name: /^PaDiM, image AUROC \d/ });
  await expect(figure).toHaveText(/\d+\.\d/);
  await expect(view.getByRole('button', { name: /^CRAD, pixel AUROC \d/ })).toBeVisible();
  await expect(view.getByRole('table').first()).not.toContainText('NaN');
  await figure.click();
  await expect(view.getByRole('region', { name: 'Images of PaDiM' })).toBeVisible();
  await expect(view.getByRole('img', { name: 'Anomaly map of PaDiM' })).toBeVisible();
  await expect(view.getByRole('img', { name: 'Anomaly map of CRAD' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await shot(page, 'maps');

  expect(await exported(page, 'Table (LaTeX)')).toMatch(/CRAD & PaDiM[\s\S]*\\textbf/);
  const report = await exported(page, 'Report to read and print (HTML)');
  expect(report).toMatch(/<td[^>]*>PaDiM|<bdi>PaDiM<\/bdi>/);
  expect(report).toContain('<title>ROC, images</title>');
  expect(await exported(page, 'Scores of all images (CSV)')).toMatch(/^method,seed,path[\s\S]*PaDiM,0,test/);

  await view.getByRole('tab', { name: 'Curves' }).click();
  await expect(view.getByRole('img', { name: /^ROC, images: CRAD, PaDiM/ })).toBeVisible();
  await shot(page, 'curves');
  await view.getByRole('tab', { name: 'Detectability' }).click();
  const cell = view.getByRole('button', { name: /^Blocks of 9 by 9 cells at 16 sigma: \d+ % found/ });
  await expect(cell).toBeVisible({ timeout: 180_000 });
  expect(await violations(page)).toEqual([]);
  await shot(page, 'detectability');

  await page.keyboard.press('Escape');
  await expect(view).toHaveCount(0);
  await expect(app.imageAuroc).toHaveText(auroc);
  expect(await app.score()).toBeCloseTo(score, 2);
  expect(app.complaints).toEqual([]);
});
