// The one test command: types, lint, format, unit, GPU and browser tests, in this order, all of them even when one
// fails. Its last line is `N passed, N failed`, where a check without cases of its own counts as one.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser, vulkanEnvironment } from './browser.mjs';

const REPORTS = join('build', 'test');
const total = { passed: 0, failed: 0 };

/** Runs one check; `count` reads its report, otherwise the exit status is one case. */
function check(title, command, args, { env = {}, count } = {}) {
  console.log(`\n== ${title}`);
  const start = performance.now();
  const { status } = spawnSync('npx', ['--no-install', command, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const counted = (count && readCount(count)) ?? { passed: 0, failed: 0 };
  // A failed run without a failed case (a crash, a compile error) still counts as a failure; so does an empty one.
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  if (status === 0 && counted.passed === 0) counted[count ? 'failed' : 'passed'] = 1;
  total.passed += counted.passed;
  total.failed += counted.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`== ${title}: ${counted.passed} passed, ${counted.failed} failed (${seconds} s)`);
}

function readCount(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

const readJson = (name) => JSON.parse(readFileSync(join(REPORTS, name), 'utf8'));

const vitestCount = (name) => () => {
  const report = readJson(name);
  return { passed: report.numPassedTests, failed: report.numFailedTests };
};

function playwrightCount() {
  const { stats } = readJson('e2e.json');
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
}

function vitest(project, env) {
  const report = `${project}.json`;
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json'];
  check(`${project} tests`, 'vitest', [...args, `--outputFile.json=${join(REPORTS, report)}`], {
    env,
    count: vitestCount(report),
  });
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

const browser = ensureBrowser();
const gpu = vulkanEnvironment(browser);
console.log(`Browser: ${browser}`);
console.log(
  `Vulkan driver for Node: ${gpu.VK_DRIVER_FILES ?? process.env.VK_DRIVER_FILES ?? "the system's"}`,
);

check('types', 'tsc', ['--noEmit']);
check('lint', 'eslint', ['.', '--max-warnings', '0']);
check('imports', 'depcruise', ['--config', 'dependency-cruiser.config.mjs', 'src']);
check('format', 'prettier', ['--check', '--log-level', 'warn', '.']);
vitest('unit');
vitest('gpu', gpu);
vitest('package', gpu);
check('build', 'vite', ['build', '--logLevel', 'warn']);
check('browser tests', 'playwright', ['test'], {
  env: { GRAD_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: join(REPORTS, 'e2e.json') },
  count: playwrightCount,
});

console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
