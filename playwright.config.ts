// Browser tests run against the built page, on a software WebGPU adapter, one at a time: the adapter uses all cores.
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from './scripts/browser.mjs';

const PORT = 4187;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : 'list',
  use: {
    baseURL: `http://localhost:${PORT}/`,
    viewport: { width: 1366, height: 768 },
    trace: 'retain-on-failure',
    // Routes of the tests see no request that a service worker answers; the tests of the worker let it be.
    serviceWorkers: 'block',
    launchOptions: { executablePath: findBrowser() ?? undefined, args: BROWSER_ARGS },
  },
  webServer: {
    command: `npx --no-install vite preview --port ${PORT} --strictPort --logLevel warn`,
    port: PORT,
    reuseExistingServer: false,
  },
});
