// Kills real commands at random moments while they write, and looks at what is left: every output is the file of before or a
// whole new one, and no byte of the data has changed. `npm run kill -- --rounds 40 --seed 7 [--commands train,evaluate]`.
// What a failing disk leaves is tested beside the writer (src/cli/outputs.test.ts); here it is the operating system's word.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { decode, encode } from 'fast-png';
import { unzipSync } from 'fflate';
import { ensureBrowser, vulkanEnvironment } from './browser.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    commands: { type: 'string', default: 'train,evaluate,score,compare' },
  },
});
const SIDE = 64;
/** No round is waited for longer, in milliseconds. */
const LONGEST = 120_000;

let state = Number(values.seed) >>> 0;
/** Uniform in 0..1 (mulberry32). */
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const home = mkdtempSync(join(tmpdir(), 'grad-kill-'));
const data = join(home, 'data');
const to = join(home, 'to');
const out = (...names) => join(to, ...names);

function layPicture(path, spot) {
  const pixels = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => (i * 7919 + path.length) % 97);
  if (spot) pixels.fill(255, 3 * SIDE * 20, 3 * SIDE * 28);
  mkdirSync(dirname(join(data, path)), { recursive: true });
  writeFileSync(join(data, path), encode({ width: SIDE, height: SIDE, channels: 3, data: pixels }));
}
for (const name of ['a', 'b', 'c']) layPicture(`train/good/${name}.png`, false);
for (const name of ['a', 'b']) layPicture(`test/good/${name}.png`, false);
for (const name of ['a', 'b']) layPicture(`test/spot/${name}.png`, true);

const TINY = ['--size', '64', '--epochs', '1,1', '--batch', '4'];
const TRAINED = join(home, 'trained.zip');
const COMMANDS = {
  train: ['train', '--data', data, '--session', out('session.zip'), '--session-images', ...TINY],
  evaluate: ['evaluate', '--data', data, '--json', out('figures.json'), '--session', out('session.zip'), '--maps', out('maps'), ...TINY],
  score: ['score', TRAINED, join(data, 'test'), '--json', out('scores.json'), '--maps', out('maps')],
  compare: ['compare', '--data', data, '--methods', 'padim', '--seeds', '0', '--out', to, ...TINY],
}; // prettier-ignore

const environment = {
  ...process.env,
  ...vulkanEnvironment(ensureBrowser()),
  GRAD_CACHE: join(home, 'cache'),
};

/** Runs a command; `kill` says when it is to be killed. @returns whether it was, and how long it ran in milliseconds */
function run(args, kill) {
  const start = performance.now();
  const child = spawn(process.execPath, ['build/cli/main.js', ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (text) => (words += text));
  const stop = kill(() => child.kill('SIGKILL'));
  const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST);
  return new Promise((resolve) =>
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      stop();
      resolve({ code, killed: signal === 'SIGKILL', ms: performance.now() - start, words });
    }),
  );
}

const never = () => () => undefined;

/** Some time after the n-th thing that happens among the outputs. */
const atWrite = (n, delay) => (strike) => {
  let timer = null;
  mkdirSync(to, { recursive: true });
  const watcher = watch(to, { recursive: true }, () => {
    if (--n === 0) timer = setTimeout(strike, delay);
  });
  return () => (watcher.close(), clearTimeout(timer));
};

const after = (ms) => (strike) => {
  const timer = setTimeout(strike, ms);
  return () => clearTimeout(timer);
};

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

const hashOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
const hashes = (folder) => new Map(filesIn(folder).map((path) => [path, hashOf(path)]));

/** Whether a file is one that its reader takes; parts are nobody's. */
function isWhole(path) {
  const bytes = readFileSync(path);
  try {
    if (path.endsWith('.json')) JSON.parse(bytes.toString());
    else if (path.endsWith('.zip')) return 'session.json' in unzipSync(bytes);
    else if (path.endsWith('.png')) decode(bytes);
    else if (path.endsWith('.npy')) return bytes.length === 10 + bytes.readUInt16LE(8) + 4 * SIDE * SIDE;
    else return /\n$/.test(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

/** What is wrong after a kill. */
function faults(old, inputs) {
  const found = [];
  const now = hashes(to);
  for (const [path, hash] of now)
    if (!path.endsWith('.part') && old.get(path) !== hash && !isWhole(path))
      found.push(`${relative(home, path)} is neither old nor whole`);
  for (const path of old.keys()) if (!now.has(path)) found.push(`${relative(home, path)} is gone`);
  for (const [path, hash] of hashes(data))
    if (inputs.get(path) !== hash) found.push(`${relative(home, path)} has changed`);
  return found;
}

const inputs = hashes(data);
const names = values.commands.split(',');
const table = new Map(names.map((name) => [name, { rounds: 0, killed: 0, 'with new files': 0, failed: 0 }]));
const lasted = new Map();
const lines = [];
try {
  const first = await run(['train', '--data', data, '--session', TRAINED, ...TINY], never);
  if (first.code !== 0) throw new Error(first.words);
  for (let round = 0; round < Number(values.rounds); round++) {
    const name = names[round % names.length];
    const row = table.get(name);
    // Old files of every kind in every second round: what a whole run leaves.
    const withOld = Math.floor(round / names.length) % 2 === 1;
    rmSync(to, { recursive: true, force: true });
    if (withOld || !lasted.has(name)) {
      const { code, ms, words } = await run(COMMANDS[name], never);
      if (code !== 0) throw new Error(`${name}: ${words}`);
      lasted.set(name, { ms, files: filesIn(to).length });
      if (!withOld) rmSync(to, { recursive: true, force: true });
      // Finished runs would be taken as they are.
      rmSync(out('runs'), { recursive: true, force: true });
    }
    const old = hashes(to);
    const { ms, files } = lasted.get(name);
    // Three of four while files come, the fourth at any time.
    const kill =
      random() < 0.75 ? atWrite(1 + Math.floor(random() * 3 * files), random() * 8) : after(random() * ms);
    const { killed, code, words } = await run(COMMANDS[name], kill);
    if (!killed && code !== 0)
      lines.push(`round ${round}, ${name}: ended with ${code}: ${words.slice(-200)}`);
    const wrong = faults(old, inputs);
    lines.push(...wrong.map((what) => `round ${round}, ${name}: ${what}`));
    row.rounds += 1;
    row.killed += killed ? 1 : 0;
    const fresh = [...hashes(to)].some(([path, hash]) => !path.endsWith('.part') && old.get(path) !== hash);
    row['with new files'] += killed && fresh ? 1 : 0;
    row.failed += wrong.length > 0 ? 1 : 0;
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.table(Object.fromEntries(table));
lines.forEach((line) => console.log(line));
process.exit(lines.length > 0 ? 1 : 0);
