import { chromium } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from './scripts/browser.mjs';
const [hash, out, w = '1366', h = '768', ...acts] = process.argv.slice(2);
const b = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-gpu'] });
const p = await (
  await b.newContext({
    viewport: { width: +w, height: +h },
    colorScheme: process.env.DARK ? 'dark' : 'light',
    hasTouch: !!process.env.TOUCH,
  })
).newPage();
p.on('console', (m) => m.type() === 'error' && console.log('console', m.text()));
p.on('pageerror', (e) => console.log('pageerror', e.message));
await p.goto('http://localhost:4311/#' + hash);
await p.getByTestId('live-overlay').waitFor({ state: 'visible', timeout: 240000 });
await p.waitForTimeout(3000);
for (const a of acts) {
  await eval(`(async()=>{${a}})()`);
  await p.waitForTimeout(2500);
}
await p.screenshot({ path: out });
await b.close();
