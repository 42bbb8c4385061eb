// A folder of two classes and `compare` on it, with an engine without a GPU: for tests.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '../../lib/formats/png';
import { presetParams } from '../../settings/presets';
import { compare } from '../compare/compare';
import type { CompareRequest } from '../compare/tasks';
import { readMethods } from '../compare/variants';
import { writeBytes } from '../data/files';
import { fakeEngine, type FakeEngine } from './fakeEngine';
import { quietTerminal } from './quietTerminal';

export interface Scene {
  folder: string;
  /** Of results. */
  out: string;
  remove(): Promise<void>;
  layPicture(path: string, side: number, seed?: number): Promise<void>;
  layClass(name: string): Promise<void>;
  run: typeof runIn extends (folder: string, ...rest: infer R) => infer O ? (...rest: R) => O : never;
  requestOf(changes: Partial<CompareRequest>): CompareRequest;
  /** From the folder of results. */
  readJson(path: string): Promise<Record<string, never>>;
}

/** Makes it, its classes `nut` and `cap` included. */
export async function openScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'grad-compare-'));
  const out = join(folder, 'out');
  /** Noise compresses badly: the larger the side, the more bytes, the higher the fake engine's score. */
  const layPicture = (path: string, side: number, seed = 7919) => {
    const data = Uint8Array.from({ length: 3 * side * side }, (_, i) => (i * seed) % 251);
    return writeBytes(join(folder, path), encodePng({ width: side, height: side, data }));
  };
  const layClass = async (name: string) => {
    for (const file of ['a', 'b']) {
      await layPicture(`data/${name}/train/good/${file}.png`, 2);
      await layPicture(`data/${name}/test/good/${file}.png`, 2);
      await layPicture(`data/${name}/test/crack/${file}.png`, 20);
    }
  };
  for (const name of ['nut', 'cap']) await layClass(name);
  return {
    folder,
    out,
    layPicture,
    layClass,
    remove: () => rm(folder, { recursive: true }),
    run: (changes, prepare) => runIn(folder, changes, prepare),
    requestOf: (changes) => requestIn(folder, changes),
    readJson: async (path) => JSON.parse(await readFile(join(out, path), 'utf8')) as Record<string, never>,
  };
}

/** Two methods and two seeds, or other things. */
const requestIn = (folder: string, changes: Partial<CompareRequest>): CompareRequest => ({
  params: presetParams('demo'),
  data: join(folder, 'data'),
  variants: readMethods('normal-grid,grad'),
  seeds: [0, 1],
  out: join(folder, 'out'),
  trainLimit: null,
  testLimit: null,
  unified: false,
  shard: null,
  rerun: false,
  verify: null,
  hub: null,
  ...changes,
});

/** What a comparison came to; errors are handed back. */
async function runIn(
  folder: string,
  changes: Partial<CompareRequest> = {},
  prepare: (engine: FakeEngine) => void = () => {},
) {
  const engines: FakeEngine[] = [];
  const terminal = quietTerminal();
  const request = requestIn(folder, changes);
  const createEngine = async () => {
    const engine = fakeEngine();
    prepare(engine);
    engines.push(engine);
    return engine;
  };
  const error = await compare(request, createEngine, terminal).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const calls = engines.flatMap((engine) => engine.calls);
  const count = (name: string) => calls.filter((call) => call.name === name).length;
  return { error, terminal, engines, count, configured: calls.filter(({ name }) => name === 'configure') };
}
