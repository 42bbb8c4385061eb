// The one test command: types, lint, format, unit, GPU and browser tests, in this order, all of them even when one
// fails; those that keep one core busy two at a time. Its last line is `N passed, N failed`, where a check without cases
// of its own counts as one.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser, vulkanEnvironment } from './browser.mjs';

const REPORTS = join('build', 'test');
const total = { passed: 0, failed: 0 };

/** Runs one check; `count` reads its report, otherwise the exit status is one case. `quiet` prints all at its end. */
async function check(title, command, args, { env = {}, count, quiet = false } = {}) {
  if (!quiet) console.log(`\n== ${title}`);
  const start = performance.now();
  const { status, output } = await run(command, args, { ...process.env, ...env }, quiet);
  const counted = (count && readCount(count)) ?? { passed: 0, failed: 0 };
  // A failed run without a failed case (a crash, a compile error) still counts as a failure; so does an empty one.
  if (status !== 0 && counted.failed === 0) counted.failed = 1;
  if (status === 0 && counted.passed === 0) counted[count ? 'failed' : 'passed'] = 1;
  total.passed += counted.passed;
  total.failed += counted.failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  if (quiet) process.stdout.write(`\n== ${title}\n${output}`);
  console.log(`== ${title}: ${counted.passed} passed, ${counted.failed} failed (${seconds} s)`);
}

/** A command's exit status, and what it has printed, if that is not passed on at once. */
function run(command, args, env, quiet) {
  const stdio = ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'];
  const child =
    command === 'node'
      ? spawn(process.execPath, args, { stdio, env })
      : spawn('npx', ['--no-install', command, ...args], { stdio, env, shell: process.platform === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  }
  return new Promise((resolve) => {
    child.on('error', ({ message }) => resolve({ status: null, output: `${message}\n` }));
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** Checks that keep one core busy, two at a time. */
async function inPairs(checks) {
  const lane = async () => {
    for (let next = checks.shift(); next; next = checks.shift()) {
      const [title, command, ...args] = next;
      await check(title, command, args, { quiet: true });
    }
  };
  await Promise.all([lane(), lane()]);
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

function vitest(env) {
  const report = 'vitest.json';
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(REPORTS, report)}`];
  return check('unit, page, GPU and package tests', 'vitest', args, { env, count: vitestCount(report) });
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

const browser = ensureBrowser();
const gpu = vulkanEnvironment(browser);
console.log(`Browser: ${browser}`);
console.log(
  `Vulkan driver for Node: ${gpu.VK_DRIVER_FILES ?? process.env.VK_DRIVER_FILES ?? "the system's"}`,
);

await inPairs([
  ['imports', 'depcruise', '--config', 'dependency-cruiser.config.mjs', 'src'],
  ['lint', 'oxlint', '--deny-warnings'],
  ['types', 'node', 'node_modules/typescript-native/bin/tsc', '--noEmit'],
  ['format', 'oxfmt', '--check'],
  ['build', 'vite', 'build', '--logLevel', 'warn'],
]);
await vitest(gpu);
await check('browser tests', 'playwright', ['test'], {
  env: { GRAD_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: join(REPORTS, 'e2e.json') },
  count: playwrightCount,
});

console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
