// The inside view of the bundled model: opened by its link, pointed at by keyboard and pointer, readable by everyone, closed
// by its key.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Playground } from './pages/playground';

test('shows the way of the features, and the sum behind a pixel and the readers of a cell', async ({
  page,
}) => {
  const app = new Playground(page);
  await app.fewImages();
  await app.open('v=2&view=inside');
  const sum = page.getByRole('region', { name: /^Pixel, row/ });
  await expect(sum).toContainText('distance = (1 −', { timeout: 90_000 });

  // By keyboard: the pixel moves on the feature map, and the readout follows.
  const features = page.getByRole('button', { name: /^Feature map/ });
  await features.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('readout')).toContainText('fused');
  const before = await sum.getByRole('heading').innerText();
  await page.keyboard.press('ArrowDown');
  await expect(sum.getByRole('heading')).not.toHaveText(before);

  // A cell of a table lights the pixels that read it.
  const table = page.getByRole('button', { name: /^Normal, local/ });
  await table.click({ position: { x: 10, y: 10 } });
  await expect(
    page.getByText(/this cell of the normal local table|of the normal local table is read/i),
  ).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(table).toHaveAccessibleName(/row 1, column 2/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]); // prettier-ignore

  await page.keyboard.press('i');
  await expect(sum).toHaveCount(0);
  await expect(page).not.toHaveURL(/view=/);
  expect(app.complaints).toEqual([]);
});
