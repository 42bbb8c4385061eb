// Browser tests run against the built page. Those that compute (*.gpu.spec.ts) run one at a time, since a software
// adapter uses all cores; beside them run those of the page alone.
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from './scripts/browser.mjs';

const PORT = 4187;
const COMPUTING = '**/*.gpu.spec.ts';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: 'gpu', testMatch: COMPUTING, workers: 1 },
    {
      name: 'page',
      testIgnore: COMPUTING,
      workers: 1,
      // Drawn without the software adapter, which would take longer.
      use: {
        launchOptions: {
          executablePath: findBrowser() ?? undefined,
          args: ['--no-sandbox', '--disable-gpu'],
        },
      },
    },
  ],
  timeout: 360_000,
  expect: { timeout: 60_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : 'list',
  use: {
    baseURL: `http://localhost:${PORT}/`,
    viewport: { width: 1366, height: 768 },
    // Without its film: on a software adapter every frame of it costs as much as the page's own.
    trace: { mode: 'retain-on-failure', screenshots: false },
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
