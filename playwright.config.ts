// Browser tests run against the built page, two at a time: a few where there is WebGPU, by a software adapter, all others
// where there is none and the processor computes, which takes less than half the time, drawing too.
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from './scripts/browser.mjs';

const PORT = 4187;
const WITH_WEBGPU = '**/{live,chaos,firstView}.gpu.spec.ts';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: false,
  projects: [
    { name: 'gpu', testMatch: WITH_WEBGPU },
    {
      name: 'page',
      testIgnore: WITH_WEBGPU,
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
