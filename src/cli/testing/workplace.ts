// A folder with data, weights and a trained session for the commands, and their requests, on an engine without a GPU.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { encodePng } from '../../lib/formats/png';
import { presetParams } from '../../settings/presets';
import { compare } from '../compare/compare';
import { readMethods } from '../compare/variants';
import { evaluate } from '../evaluate';
import { score } from '../score';
import { train } from '../train';
import { fakeEngine } from './fakeEngine';
import { quietTerminal } from './quietTerminal';

/** Paths of what a command writes; of each only what it has an option for. */
export interface Outputs {
  json?: string;
  session?: string;
  maps?: string;
  out?: string;
}

export type CommandName = 'evaluate' | 'train' | 'score' | 'compare';

/** The session, made once. */
let trained: Uint8Array | null = null;

export class Workplace {
  /** How often a command got as far as its engine. */
  enginesOpened = 0;

  /** What commands keep between them goes here too, and never where the user's own lies. */
  constructor(readonly folder: string) {
    vi.stubEnv('GRAD_CACHE', join(folder, 'cache'));
  }

  path(...steps: string[]): string {
    return join(this.folder, ...steps);
  }

  /** Lays data, weights and a session. */
  async fill(): Promise<void> {
    for (const name of ['a', 'b']) await this.layPicture(`data/train/good/${name}.png`, 2);
    await this.layPicture('data/test/good/a.png', 2);
    await this.layPicture('data/test/crack/a.png', 20);
    await this.layPicture('data/test/crack/a_overlay.png', 21);
    await this.layPicture('data/ground_truth/crack/a_mask.png', 20);
    await writeFile(this.path('weights.safetensors'), 'weights');
    trained ??= await this.#train();
    await writeFile(this.path('trained.zip'), trained);
    this.enginesOpened = 0;
  }

  async #train(): Promise<Uint8Array> {
    await this.run('train', { session: this.path('trained.zip') });
    return readFile(this.path('trained.zip'));
  }

  /** Noise compresses badly: the larger the side, the more bytes, the higher the fake engine's score. */
  async layPicture(path: string, side: number): Promise<void> {
    const data = Uint8Array.from({ length: 3 * side * side }, (_, i) => (i * 7919) % 251);
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), encodePng({ width: side, height: side, data }));
  }

  /** Files that a command reads, by what they are. */
  inputsOf(command: CommandName): Record<string, string> {
    const data = {
      'training image': this.path('data/train/good/a.png'),
      'test image': this.path('data/test/crack/a.png'),
      mask: this.path('data/ground_truth/crack/a_mask.png'),
      weights: this.path('weights.safetensors'),
    };
    if (command !== 'score') return data;
    return { session: this.path('trained.zip'), 'test image': data['test image'], weights: data.weights };
  }

  /** Runs a command. @returns what it printed, and what it threw */
  async run(command: CommandName, { json, session, maps, out }: Outputs, data = this.path('data')) {
    const terminal = quietTerminal();
    const params = { ...presetParams('demo'), backbone: this.path('weights.safetensors') };
    const open = async () => {
      this.enginesOpened++;
      return fakeEngine();
    };
    const common = { params, data, trainLimit: null, testLimit: null, threshold: null, holdOut: null, hub: null }; // prettier-ignore
    const sessionAt = session === undefined ? null : { path: session, withImages: true };
    const files = { json: json ?? null, maps: maps ?? null };
    const running = {
      evaluate: () =>
        evaluate(
          { ...common, ...files, session: sessionAt, curves: false, saturation: null },
          open,
          terminal,
        ),
      train: () => train({ ...common, session: sessionAt! }, open, terminal),
      score: () => score({ ...common, ...files, session: this.path('trained.zip'), images: [join(data, 'test')], flags: { backbone: params.backbone } }, open, terminal), // prettier-ignore
      compare: () => compare({ ...common, out: out!, variants: readMethods('grad'), seeds: [0], unified: false, shard: null, rerun: false, verify: null }, open, terminal), // prettier-ignore
    };
    const error: unknown = await running[command]().then(() => null, (thrown: unknown) => thrown); // prettier-ignore
    return { error, terminal };
  }
}

/** The bytes of files, by path; links are followed. */
export async function bytesOf(paths: readonly string[]): Promise<Record<string, string>> {
  const read = paths.map(async (path) => [path, (await readFile(path)).toString('base64')] as const);
  return Object.fromEntries(await Promise.all(read));
}
