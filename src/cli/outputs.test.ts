// Whatever happens to the disk while a command writes, every output is the old file or the new one, whole; what does not
// concern the others costs them nothing, and it is said what is there. GRAD_FAULTS=all fails every step of every command, not a sample.
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeImage } from '../lib/images/decode';
import { readNpy } from '../testing/npy';
import { writeBytes } from './data/files';
import { FileUnwritable, OutputsMissing } from './errors';
import { openSession } from './session';
import { fakeEngine } from './testing/fakeEngine';
import { FAULTS, faultyDisk, type Fault, type FaultyDisk } from './testing/faultyDisk';
import { quietTerminal } from './testing/quietTerminal';
import { Workplace, type CommandName, type Outputs } from './testing/workplace';

// What is measured is no matter here, and takes seconds to load.
vi.mock('./bench/features', () => ({ benchFeatures: null }));
vi.mock('./bench/fusion', () => ({ benchFusion: null }));
vi.mock('./bench/kernels', () => ({ benchKernels: null }));
vi.mock('./bench/checksums', () => ({}));

let folder = '';
let disk: FaultyDisk | null = null;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'grad-outputs-'))));
afterEach(async () => {
  await disk?.restore();
  await rm(folder, { recursive: true });
});

/** Runs something on a disk that fails at a step. @returns how many steps there were, and what was thrown */
async function failing<T>(at: number, fault: Fault, run: () => Promise<T>) {
  const faulty = (disk = faultyDisk(at, fault));
  const result = await run().then(
    (value) => ({ value, error: null as unknown }),
    (error: unknown) => ({ value: null, error }),
  );
  await faulty.restore();
  return { ...result, steps: faulty.steps };
}

const parts = async (where = folder) =>
  (await readdir(where, { recursive: true })).filter((name) => name.endsWith('.part'));

describe('the writer', () => {
  const PIECE = 'n'.repeat(70_000);
  const WHOLE = PIECE.repeat(3);
  const content = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 3; i++) controller.enqueue(new TextEncoder().encode(PIECE));
        controller.close();
      },
    });

  describe.each(FAULTS)('with %s', (fault) => {
    it.each([null, 'old'])('at every step leaves what was there (%s) or all of the new', async (old) => {
      const path = join(folder, 'deep/er/file');
      const { steps } = await failing(Infinity, fault, () => writeBytes(path, content()));
      expect(await readFile(path, 'utf8')).toBe(WHOLE);
      expect(steps).toBeGreaterThan(6);
      for (let at = 1; at <= steps; at++) {
        await rm(join(folder, 'deep'), { recursive: true, force: true });
        if (old !== null) await writeBytes(path, old);
        const { error } = await failing(at, fault, () => writeBytes(path, content()));
        const left = await readFile(path, 'utf8').catch(() => null);
        expect([null, ...(error ? [] : [WHOLE]), old]).toContain(left);
        if (old !== null) expect(left).not.toBeNull();
        if (fault !== 'kill') expect(await parts()).toEqual([]);
        // A full disk still renames and removes.
        if (fault === 'I/O error') expect(error).toBeInstanceOf(FileUnwritable);
      }
    });
  });

  it('says what a full disk needs', async () => {
    const { error } = await failing(3, 'no room', () => writeBytes(join(folder, 'file'), 'new'));
    expect((error as FileUnwritable).remedy).toContain('make room');
  });

  it('keeps the permissions of the file it takes the place of', async () => {
    const path = join(folder, 'file');
    await writeBytes(path, 'old');
    await chmod(path, 0o640);
    await writeBytes(path, 'new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });
});

const commands: [CommandName, Outputs][] = [
  ['evaluate', { json: 'result.json', session: 's.zip', maps: 'maps' }],
  ['train', { session: 's.zip' }],
  ['score', { json: 'result.json', maps: 'maps' }],
  ['compare', { out: 'out' }],
];

describe.each(commands)('%s', (command, names) => {
  it('leaves whole files only, whatever happens, and its figures on the screen', async () => {
    const place = new Workplace(folder);
    await place.fill();
    const outputs: Outputs = Object.fromEntries(
      Object.entries(names).map(([option, name]) => [option, place.path('to', name as string)]),
    );
    const run = () => place.run(command, outputs);
    const { value, steps } = await failing(Infinity, 'no room', run);
    expect(value!.error).toBeNull();
    await rename(place.path('to'), place.path('old'));
    const all = process.env.GRAD_FAULTS === 'all';
    for (const [i, fault] of FAULTS.entries()) {
      // The writer's own steps are gone through above.
      for (let step = 1 + i; step <= steps; step += all ? 1 : Math.ceil(steps / 3)) {
        for (const withOld of all ? [false, true] : [step % 2 === 0]) {
          await rm(place.path('to'), { recursive: true, force: true });
          if (withOld) await cp(place.path('old'), place.path('to'), { recursive: true });
          await rm(place.path('to/out/runs'), { recursive: true, force: true });
          const old = await filesIn(place.path('to'));
          const { terminal } = (await failing(step, fault, run)).value!;
          const left = await filesIn(place.path('to'));
          for (const path of left) await assertWhole(path);
          expect(left).toEqual(expect.arrayContaining(old));
          if (fault !== 'kill') expect(await parts()).toEqual([]);
          if (command !== 'compare')
            expect(terminal.output).toMatch(/all +3|trained on 2 images|crack\/a.png/);
        }
      }
    }
  });
});

describe('bench', () => {
  it.each(['nothing', 'the old file'])(
    'has its figures on the screen and leaves %s or all of the new, whatever happens',
    async (before) => {
      const { bench } = await import('./bench/command');
      const json = join(folder, 'to/bench.json');
      const run = async () => {
        const terminal = quietTerminal();
        await bench({ topics: [], json }, async () => fakeEngine(), terminal).catch(() => undefined);
        return terminal.output;
      };
      const { steps } = await failing(Infinity, 'no room', run);
      const whole = await readFile(json, 'utf8');
      JSON.parse(whole);
      const old = before === 'nothing' ? null : 'old';
      for (const fault of FAULTS) {
        for (let at = 1; at <= steps; at++) {
          await rm(join(folder, 'to'), { recursive: true, force: true });
          if (old) await writeBytes(json, old);
          const { value } = await failing(at, fault, run);
          expect(value).toContain('GFLOP');
          expect([old, whole]).toContain(await readFile(json, 'utf8').catch(() => null));
          if (fault !== 'kill') expect(await parts()).toEqual([]);
        }
      }
    },
  );
});

/** All but parts, which nobody takes for an output. */
async function filesIn(where: string): Promise<string[]> {
  const entries = await readdir(where, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** By its reader. */
async function assertWhole(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (path.endsWith('.json')) JSON.parse(bytes.toString());
  else if (path.endsWith('.npy')) expect(readNpy(bytes).data).toHaveLength(16);
  else if (path.endsWith('.png')) await decodeImage(bytes);
  else if (path.endsWith('.zip')) await openSession(path);
  else if (path.endsWith('.csv')) expect(bytes.toString()).toMatch(/\n$/);
  else if (path.endsWith('.tex')) expect(bytes.toString()).toContain('\\bottomrule');
  else expect.unreachable(path);
}

describe('an output that fails at the end', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = new Workplace(folder);
    await place.fill();
  });
  const to = (name: string) => place.path('to', name);

  /** Puts a folder where an output goes, after the check and before the writing. */
  async function late(option: keyof Outputs, obstacle: string) {
    const outputs = { json: to('result.json'), session: to('s.zip'), maps: to('maps') };
    const { makeFolder } = await import('./output/disk').then(({ disk: real }) => real);
    const { disk: real } = await import('./output/disk');
    real.makeFolder = async (path) => {
      await makeFolder(path);
      await mkdir(to(obstacle), { recursive: true });
    };
    disk = { steps: 0, restore: async () => void (real.makeFolder = makeFolder) };
    const { error, terminal } = await place.run('evaluate', outputs);
    expect(error).toBeInstanceOf(OutputsMissing);
    const message = (error as Error).message;
    expect(message).toContain(outputs[option as 'json']);
    expect(terminal.output).toMatch(/all +3/);
    return message;
  }

  it('costs the JSON alone', async () => {
    expect(await late('json', 'result.json')).toContain(
      `What is kept: the figures above, ${to('s.zip')}, ${to('maps')}.`,
    );
    expect(await filesIn(to('maps'))).toHaveLength(6);
    await openSession(to('s.zip'));
  });

  it('costs the session alone', async () => {
    expect(await late('session', 's.zip')).toContain(
      `the figures above, ${to('result.json')}, ${to('maps')}.`,
    );
  });

  it('costs the maps that were to come', async () => {
    const message = await late('maps', 'maps/test/crack/a_overlay_overlay.png');
    expect(message).toContain('The maps of 1 of 3 images are there.');
    expect(message).toContain(`the figures above, ${to('result.json')}, ${to('s.zip')}.`);
  });
});

describe('before the work starts', () => {
  it.each<[string, (path: string) => Promise<unknown>]>([
    ['a read-only file', (path) => writeFile(path, 'mine').then(() => chmod(path, 0o444))],
    ['a folder in place of a file', (path) => mkdir(path)],
    ['a file in place of its folder', (path) => rm(join(path, '..'), { recursive: true }).then(() => writeFile(join(path, '..'), ''))], // prettier-ignore
  ])('%s is refused, and nothing is made', async (_, lay) => {
    const place = new Workplace(folder);
    await place.fill();
    for (const [command, names] of commands.slice(0, 3)) {
      for (const option of Object.keys(names) as (keyof Outputs)[]) {
        const where = place.path(`${command} ${option}`);
        const path = option === 'maps' ? join(where, 'test/good/a.npy') : join(where, 'file');
        await mkdir(join(path, '..'), { recursive: true });
        await lay(path);
        const { error } = await place.run(command, { session: place.path('fresh.zip'), [option]: option === 'maps' ? where : path }); // prettier-ignore
        const found = { command, option, error: (error as Error | null)?.name, opened: place.enginesOpened };
        const score = command === 'score' && option === 'maps';
        // Maps of `score` are named by whole paths: they are others.
        if (!score) expect(found).toEqual({ command, option, error: 'FileUnwritable', opened: 0 });
        place.enginesOpened = 0;
      }
    }
  });

  it('a folder that is not there is fine, and not made', async () => {
    const { assertWritable } = await import('./output/targets');
    await assertWritable(join(folder, 'not/there/yet'));
    expect(await readdir(folder)).toEqual([]);
  });
});
