// The README's pictures, taken of the built page: `npm run pictures` writes docs/screenshot.png and docs/inside.png.
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { ensureBrowser } from './browser.mjs';

const SIZE = { width: 1366, height: 768 };
const PICTURES = [
  // A block on a normal image, and what the model makes of it.
  { file: 'docs/screenshot.png', hash: 'v=2&fbp=1&x=5&y=10&img=test/good/000.jpg' },
  { file: 'docs/inside.png', hash: 'v=2&view=inside' },
];

const server = await preview({ preview: { port: 0 }, logLevel: 'warn' });
const [address] = server.resolvedUrls.local;
const browser = await chromium.launch({
  executablePath: ensureBrowser(),
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { file, hash } of PICTURES) {
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(`${address}#${hash}`);
  await page.getByTestId('live-overlay').waitFor({ state: 'attached', timeout: 120_000 });
  // What comes after the first map begins by then.
  await page.waitForTimeout(3000);
  await page.getByText('Reading and decoding').waitFor({ state: 'detached', timeout: 120_000 });
  await page.screenshot({ path: file });
  console.log(file);
  await page.close();
}
await browser.close();
await server.close();
