import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { presetParams } from '../settings/presets';
import { BadFlag } from './errors';
import { buildProgram } from './program';
import { quietTerminal } from './testing/quietTerminal';

/** Runs a command line; what the command was asked for. */
async function read(...args: string[]) {
  const terminal = quietTerminal();
  const requests: unknown[] = [];
  const tilings: string[] = [];
  const adapters: string[] = [];
  const keep = async (request: unknown) => void requests.push(request);
  const program = buildProgram(
    {
      evaluate: keep,
      train: keep,
      score: keep,
      compare: keep,
      merge: keep,
      export: keep,
      bench: keep,
      checksums: keep,
      ledger: keep,
      profile: keep,
      tileBy: async (file) => void tilings.push(file),
      computeOn: (adapter) => void adapters.push(adapter),
    },
    terminal,
  );
  const error = await program.parseAsync(args, { from: 'user' }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { terminal, request: requests[0] as Record<string, unknown> | undefined, error, tilings, adapters };
}

describe('command line', () => {
  it('evaluate takes data, limits, destinations and parameters', async () => {
    const { request } = await read(
      ...['evaluate', '--data', 'tiles', '--preset', 'balanced', '--train-limit', '40', '--epochs', '5,15'],
      ...['--json', '-', '--no-refine'],
    );
    expect(request).toEqual({
      params: { ...presetParams('balanced'), epochs1: 5, epochs2: 15, refine: false },
      data: 'tiles',
      trainLimit: 40,
      testLimit: null,
      json: '-',
      maps: null,
      report: null,
      session: null,
      curves: false,
      saturation: null,
      threshold: null,
      holdOut: null,
      hub: null,
    });
  });

  it('takes a table of tiles where one is named', async () => {
    expect((await read('evaluate', '--data', 'd', '--tilings', 'tuned.json')).tilings).toEqual([
      'tuned.json',
    ]);
    expect((await read('evaluate', '--data', 'd')).tilings).toEqual([]);
  });

  it('holds normal images out when a quantile is asked for, and otherwise only on request', async () => {
    const ask = async (...args: string[]) => (await read('evaluate', '--data', 'd', ...args)).request;
    const quantile = { from: 'quantile', q: 0.99 };
    expect(await ask('--threshold', 'quantile:0.99')).toMatchObject({ threshold: quantile, holdOut: 0.2 });
    expect(await ask('--threshold', 'quantile:0.99', '--hold-out', '0.5')).toMatchObject({ holdOut: 0.5 });
    expect(await ask('--threshold', 'synthetic')).toMatchObject({ holdOut: null });
    expect((await read('evaluate', '--data', 'd', '--threshold', 'best')).error).toBeInstanceOf(BadFlag);
    expect((await read('score', 's.zip', 'a.png', '--threshold', '2.5')).request).toMatchObject({
      threshold: { from: 'hand', value: 2.5 },
    });
  });

  it('takes a saturation as a share or as pixels', async () => {
    const ask = async (raw: string) => read('evaluate', '--data', 'd', '--saturation', raw);
    expect((await ask('0.5')).request).toMatchObject({ saturation: { share: 0.5 } });
    expect((await ask('40px')).request).toMatchObject({ saturation: { pixels: 40 } });
    for (const raw of ['', '0', '1.5', '0px', '-3px', 'half'])
      expect((await ask(raw)).error).toBeInstanceOf(BadFlag);
  });

  it('takes a shared link, and says what was wrong with it on the error stream', async () => {
    const { request, terminal } = await read(
      'evaluate',
      '--data',
      'd',
      '--config',
      'https://x.org/#seed=4&rl=999',
    );
    expect(request).toMatchObject({ params: { seed: 4, localGrid: 64 } });
    expect(terminal.errors).toContain('--config: Local grid');
  });

  it('score takes a session, images and nothing that needs training', async () => {
    const { request } = await read('score', 's.safetensors', 'a.png', 'b', '--smooth', 'none');
    expect(request).toMatchObject({
      session: 's.safetensors',
      images: ['a.png', 'b'],
      flags: { smooth: 'none' },
    });
    expect((await read('score', 's', 'a.png', '--epochs', '1,1')).error).toBeInstanceOf(CommanderError);
  });

  it('train and bench say what they need', async () => {
    expect((await read('train', '--data', 'd', '--session', 's')).request).toMatchObject({
      data: 'd',
      session: { path: 's', withImages: false },
    });
    expect((await read('train', '--data', 'd')).terminal.errors).toContain('--session');
    expect((await read('bench', 'kernels')).request).toMatchObject({ topics: ['kernels'] });
    expect((await read('bench')).request).toMatchObject({ topics: ['kernels', 'training', 'inference'] });
    // Not what is faster than a software adapter.
    expect((await read('bench')).adapters).toEqual(['gpu']);
    const { request } = await read('bench', 'checksums', '--compare', 'before.json');
    expect(request).toEqual({ json: null, compare: 'before.json' });
    expect((await read('bench', 'kernels', '--compare', 'f')).error).toBeInstanceOf(BadFlag);
    expect((await read('bench', 'ledger', '--write')).request).toEqual({ json: null, write: true });
    expect((await read('bench', '--write')).error).toBeInstanceOf(BadFlag);
    const profile = await read('bench', 'profile', '--preset', 'paper');
    expect(profile.request).toEqual({ json: null, preset: 'paper' });
    expect((await read('bench', 'ledger', '--preset', 'demo')).error).toBeInstanceOf(BadFlag);
  });

  it('compare takes methods, variants and seeds, and what they share', async () => {
    const { request } = await read(
      ...['compare', '--data', 'd', '--methods', 'normal-grid,grad', '--variant', 'fine=--local-grid 32'],
      ...['--seeds', '0,4', '--out', 'o', '--epochs', '1,2', '--shard', '2/5', '--unified'],
    );
    expect(request).toMatchObject({
      params: { epochs1: 1, epochs2: 2 },
      variants: [
        { changes: { method: 'normal-grid' } },
        { changes: { method: 'grad' } },
        { label: 'fine', changes: { localGrid: 32 } },
      ],
      seeds: [0, 4],
      shard: { index: 2, count: 5 },
      unified: true,
      rerun: false,
    });
    const { request: merged } = await read('compare', '--merge', 'folder');
    expect(merged).toEqual({ folders: ['folder'], out: 'folder', report: null });
    const { request: parts } = await read('compare', '--merge', 'a', 'b', '--out', 'c', '--report', 'd.html');
    expect(parts).toEqual({ folders: ['a', 'b'], out: 'c', report: 'd.html' });
  });

  it.each(['--methods grad --out o', '--data d --methods grad', '--data d --out o'])(
    'compare %s says what is missing',
    async (line) => {
      expect((await read('compare', ...line.split(' '))).error).toMatchObject({ name: 'BadComparison' });
    },
  );

  it.each([
    ['evaluate'],
    ['evaluate --data d --size'],
    ['evaluate --data d --sized 5'],
    ['bench everything'],
    ['conquer'],
  ])('refuses "%s", says why and where help is, on the error stream alone', async (line) => {
    const { terminal, error, request } = await read(...line.split(' '));
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).toBeGreaterThan(0);
    expect(request).toBeUndefined();
    expect(terminal.errors).toMatch(/^error: .+\n/);
    expect(terminal.errors).toContain('--help');
    expect(terminal.output).toBe('');
  });

  it.each(['0', '-3', '2.5', 'many'])('refuses a limit of %s', async (limit) => {
    expect((await read('evaluate', '--data', 'd', `--train-limit=${limit}`)).error).toBeInstanceOf(BadFlag);
  });

  it('prints help on the standard output alone', async () => {
    const { terminal, error } = await read('evaluate', '--help');
    expect((error as CommanderError).exitCode).toBe(0);
    expect(terminal.errors).toBe('');
    for (const part of ['--data <dir>', '--[no-]refine', '--json <file>', 'Presets', 'tf_efficientnet_b6']) {
      expect(terminal.output).toContain(part);
    }
    const general = (await read('--help')).terminal.output;
    for (const name of ['evaluate', 'train', 'score', 'compare', 'bench']) expect(general).toContain(name);
  });
});
