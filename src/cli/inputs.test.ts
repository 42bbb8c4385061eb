// No command changes a byte of what it reads: every output option against every input, under every name and link by
// which one can be the other.
import { link, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileUnwritable } from './errors';
import { bytesOf, Workplace, type CommandName, type Outputs } from './testing/workplace';

let place: Workplace;
beforeEach(async () => {
  place = new Workplace(await mkdtemp(join(tmpdir(), 'grad-inputs-')));
  await place.fill();
});
afterEach(() => rm(place.folder, { recursive: true }));

/** Ways to make a target, which is not there yet, one with an input. @returns the target's name then */
const WAYS: Record<string, (input: string, target: string) => Promise<string>> = {
  'the same name': async (input) => input,
  'another spelling': async (input) =>
    `${relative(process.cwd(), dirname(input))}//./../${basename(dirname(input))}/${basename(input)}`,
  'a symbolic link': async (input, target) => {
    await symlink(input, target);
    return target;
  },
  'a link to a link': async (input, target) => {
    await symlink(input, `${target}.link`);
    await symlink(`${target}.link`, target);
    return target;
  },
  'a hard link': async (input, target) => {
    await link(input, target);
    return target;
  },
  'a linked folder': async (input, target) => {
    await symlink(dirname(input), `${target}.folder`);
    return join(`${target}.folder`, basename(input));
  },
};

const OPTIONS: Record<CommandName, (keyof Outputs)[]> = {
  evaluate: ['json', 'session'],
  train: ['session'],
  score: ['json'],
  compare: [],
};

/** What maps of the images in data/test are called, and what a comparison leaves behind. */
const NAMES: Partial<Record<CommandName, [option: keyof Outputs, names: string[]]>> = {
  evaluate: ['maps', ['test/crack/a.npy', 'test/crack/a_overlay.png']],
  compare: ['out', ['comparison.json', 'table.csv', 'runs/data/grad/seed-0.json']],
};

async function attempt(command: CommandName, outputs: Outputs) {
  const inputs = Object.values(place.inputsOf(command));
  const before = await bytesOf(inputs);
  const opened = place.enginesOpened;
  const { error } = await place.run(command, outputs);
  return {
    refused: error instanceof FileUnwritable && place.enginesOpened === opened,
    changed: JSON.stringify(await bytesOf(inputs)) !== JSON.stringify(before),
  };
}

const REFUSED = { refused: true, changed: false };

describe.each(Object.keys(WAYS))('an output that is an input by %s', (way) => {
  it.each(Object.keys(OPTIONS) as CommandName[])(
    'is refused by %s before it opens the GPU',
    async (command) => {
      const wanted: Record<string, object> = {};
      const found: Record<string, object> = {};
      const [folderOption, names] = NAMES[command] ?? ['maps', []];
      for (const [what, input] of Object.entries(place.inputsOf(command))) {
        for (const option of OPTIONS[command]) {
          const target = await WAYS[way]!(input, place.path(`${option} ${what}`));
          found[`${option}, ${what}`] = await attempt(command, {
            session: place.path('s.zip'),
            [option]: target,
          });
          wanted[`${option}, ${what}`] = REFUSED;
        }
        // By name these cannot be an input; by a link that lies there they can.
        for (const name of way.endsWith('link') ? names : []) {
          const folder = place.path(`${folderOption} ${what} ${basename(name)}`);
          await mkdir(dirname(join(folder, name)), { recursive: true });
          await WAYS[way]!(input, join(folder, name));
          found[`${name}, ${what}`] = await attempt(command, { [folderOption]: folder });
          wanted[`${name}, ${what}`] = REFUSED;
        }
      }
      expect(found).toEqual(wanted);
    },
  );
});

describe('maps', () => {
  it.each(['the folder itself', 'a folder in it', 'a link to it', 'a link below to a folder of it'])(
    'do not go among the images: %s',
    async (where) => {
      const maps = where === 'the folder itself' ? place.path('data') : place.path('maps');
      if (where === 'a link to it') await symlink(place.path('data'), maps);
      if (where.startsWith('a link below')) {
        await mkdir(maps);
        await symlink(place.path('data/test'), join(maps, 'test'));
      }
      const folder = where === 'a folder in it' ? place.path('data/maps') : maps;
      const before = await readdir(place.path('data'), { recursive: true });
      expect(await attempt('evaluate', { maps: folder })).toEqual(REFUSED);
      expect(await readdir(place.path('data'), { recursive: true })).toEqual(before);
    },
  );

  it('follow no link that is laid after the check', async () => {
    const maps = place.path('maps');
    const outside = place.path('outside');
    await mkdir(outside);
    await mkdir(maps);
    const { writeBytes } = await import('./data/files');
    await symlink(outside, join(maps, 'test'));
    await expect(writeBytes(join(maps, 'test/a.npy'), 'map', { inside: maps })).rejects.toThrow(
      /a link leads out/,
    );
    await expect(writeBytes(join(maps, 'test/new/a.npy'), 'map', { inside: maps })).rejects.toThrow(
      FileUnwritable,
    );
    expect(await readdir(outside)).toEqual([]);
  });
});

it('two outputs in one place are refused', async () => {
  const path = place.path('both');
  expect(await attempt('evaluate', { json: path, session: path })).toEqual(REFUSED);
  const upper = { json: path, session: place.path('BOTH') };
  expect(await attempt('evaluate', upper)).toEqual(REFUSED);
  const below = { json: join(path, 'test'), maps: path };
  expect(await attempt('evaluate', below)).toEqual(REFUSED);
});

it('a command whose outputs go elsewhere reads its inputs and leaves them as they are', async () => {
  const { json, session, maps, out } = {
    json: place.path('new/result.json'),
    session: place.path('new/s.zip'),
    maps: place.path('new/maps'),
    out: place.path('new/out'),
  };
  const files = await readdir(place.path('data'), { recursive: true });
  for (const [command, outputs] of [
    ['evaluate', { json, session, maps }],
    ['train', { session }],
    ['score', { json, maps }],
    ['compare', { out }],
    // Once more, over what is there now.
    ['evaluate', { json, session, maps }],
  ] as const) {
    expect([command, await attempt(command, outputs)]).toEqual([command, { refused: false, changed: false }]);
  }
  expect(await readdir(place.path('data'), { recursive: true })).toEqual(files);
});
