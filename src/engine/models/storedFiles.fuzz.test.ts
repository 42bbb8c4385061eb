// Sessions whose digests are right and whose models and checkpoints are not: somebody who changes a file can mend its digest,
// so that what loads the model is all that stands between the file and the GPU. Each is refused with a remedy and leaves no
// tensor, or is a model. Long runs: src/testing/fuzz.ts.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RemedyError } from '../../lib/errors';
import { readSafetensors, writeSafetensors, type SafetensorsFile } from '../../lib/formats/safetensors';
import { tf } from '../../lib/gpu/tf';
import { readDetector } from '../../lib/methods/detectorFile';
import { readSession } from '../../session/read';
import { smallContents } from '../../session/testing/small';
import { writeSession } from '../../session/write';
import { Corpus, fuzzSettings, fuzzTimeout, hostile, outcomeOf, replaceIn } from '../../testing/fuzz';
import { readCheckpoint } from '../training/checkpointFile';
import { readModelFile } from './modelFile';

const fixture = async (name: string): Promise<ArrayBuffer> =>
  new Uint8Array(await readFile(resolve(import.meta.dirname, '../fixtures', `${name}.safetensors`))).buffer;

const SMALLEST = {
  dfr: { channels: 4, latent: 2 },
  padim: { height: 2, width: 2, channels: 3 },
  patchcore: { channels: 2, score: 'nearest' },
  simplenet: { channels: 3 },
  uniad: { height: 2, width: 2, channels: 3, hidden: 32, layers: 1 },
  riad: { size: 32, width: 4, seed: 1 },
};

/** A file that a method takes, found by giving it each tensor that it says is missing or has another shape. */
function grown(method: keyof typeof SMALLEST, answers: string): ArrayBuffer {
  const metadata = { answers, format: 'grad-playground detector', version: '1', method, config: JSON.stringify(SMALLEST[method]) }; // prettier-ignore
  const tensors: Record<string, { shape: number[]; data: Float32Array }> = {};
  for (;;) {
    const file = writeSafetensors(tensors, metadata);
    try {
      readDetector(readSafetensors(file)).dispose();
      return file;
    } catch (error) {
      const [, missing, name = missing, shape = '1'] =
        /the tensor (\S+) is missing|(\S+) is \[.*\], not \[(.*)\]/.exec((error as Error).message) ?? [];
      if (!name) throw error;
      const sides = shape.split(',').map((side) => (side === 'any' ? 2 : Number(side)));
      tensors[name] = { shape: sides, data: new Float32Array(sides.reduce((a, b) => a * b, 1)).fill(1) };
    }
  }
}

type Seed = { model: boolean; file: ArrayBuffer };
let seeds: Seed[] = [];
const corpus = new Corpus('models');

beforeAll(async () => {
  await tf.setBackend('cpu');
  const detector = await fixture('detector');
  const { answers } = readSafetensors(detector).metadata;
  const methods = Object.keys(SMALLEST) as (keyof typeof SMALLEST)[];
  const files = methods.map((method) => grown(method, answers!));
  seeds = [
    ...[await fixture('gradModel'), detector, ...files].map((file) => ({ model: true, file })),
    { model: false, file: await fixture('gradCheckpoint') },
  ];
});

/** The last byte says which reader the bytes before it are for. */
function packed(model: boolean, file: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(file.byteLength + 1);
  bytes.set(new Uint8Array(file));
  bytes[file.byteLength] = model ? 1 : 0;
  return bytes;
}

/** @throws where a refusal is none, or leaves something behind */
async function refusedOrRead(input: Uint8Array<ArrayBuffer>): Promise<string> {
  const file = input.slice(0, -1).buffer;
  const before = tf.memory().numTensors;
  let outcome = 'ok';
  try {
    const { model } = input.at(-1) === 1 ? await readModelFile(file) : readCheckpoint(file);
    model.dispose();
  } catch (error) {
    if (!(error instanceof RemedyError)) throw error;
    outcome = outcomeOf(error);
  }
  expect(tf.memory().numTensors).toBe(before);
  return outcome;
}

/** What a session with right digests hands to those readers. */
async function throughSession(model: boolean, file: ArrayBuffer): Promise<ArrayBuffer> {
  const contents = await smallContents({ [model ? 'weights' : 'checkpoint']: file, imageAt: null });
  const session = await readSession(await writeSession(contents), 'a.zip');
  return (model ? session.weights : session.checkpoint)!;
}

type Change = (file: SafetensorsFile) => void;
const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length];

/** Another value somewhere in what the file says of itself. */
const described = fc.tuple(fc.nat(), fc.nat(), fc.oneof(fc.jsonValue(), hostile)).map(([which, n, value]): Change => ({ metadata }) => {
  const key = nth(Object.keys(metadata), which)!;
  if (!metadata[key]?.startsWith('{')) return void (metadata[key] = typeof value === 'string' ? value : JSON.stringify(value));
  const tree = JSON.parse(metadata[key]) as Record<string, unknown>;
  replaceIn(tree, n, value);
  metadata[key] = JSON.stringify(tree);
}); // prettier-ignore

/** Numbers of the description, so that sizes and tensors stop fitting each other. */
const sized = fc.tuple(fc.nat(), fc.nat(), fc.oneof(fc.integer({ min: -1, max: 9 }), fc.constantFrom(2 ** 31, 2 ** 53, 1e9, 0.5, 65_536))).map(([which, n, value]): Change => ({ metadata }) => {
  const key = nth(Object.keys(metadata).filter((name) => /\d/.test(metadata[name]!)), which);
  if (key === undefined) return;
  const count = metadata[key]!.match(/\d+/g)!.length;
  let at = 0;
  metadata[key] = metadata[key]!.replaceAll(/-?\d+(\.\d+)?/g, (number) => (at++ === n % count ? `${value}` : number));
}); // prettier-ignore

const dropped = fc.tuple(fc.nat(), fc.boolean()).map(([n, text]): Change => (file) => {
  const { metadata, tensors } = file;
  const key = nth(Object.keys(metadata), n);
  if (text) file.metadata = Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== key));
  else tensors.delete(nth([...tensors.keys()], n) ?? '');
}); // prettier-ignore

/** Another shape of as many values, another name, another type, values that are none. */
const bent = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('shape', 'name', 'type', 'value')).map(([n, m, how]): Change => ({ tensors }) => {
  const name = nth([...tensors.keys()], n);
  const tensor = name === undefined ? undefined : tensors.get(name);
  if (!tensor || name === undefined) return;
  const bytes = tensor.bytes.slice();
  const values = new Float32Array(bytes.buffer, 0, bytes.length >> 2);
  if (how === 'value') values[m % values.length] = [NaN, Infinity, -1, 0, 1e38, 0.5][m % 6]!;
  const shape = how !== 'shape' ? tensor.shape : [[values.length], [1, values.length], [values.length, 1, 1, 1], []][m % 4]!;
  const dtype = how !== 'type' ? tensor.dtype : (['I32', 'U8', 'F16', 'F64'] as const)[m % 4]!;
  if (how === 'name') tensors.delete(name);
  tensors.set(how === 'name' ? nth([...tensors.keys(), '__proto__', 'x'], m)! : name, { ...tensor, shape: dtype === 'F32' ? shape : [bytes.length / { I32: 4, U8: 1, F16: 2, F64: 8 }[dtype as 'U8']], dtype, bytes });
}); // prettier-ignore

const changes = fc.array(fc.oneof({ weight: 3, arbitrary: sized }, { weight: 3, arbitrary: described }, dropped, bent), { minLength: 1, maxLength: 3 }); // prettier-ignore

function changed({ file }: Seed, list: readonly Change[]): ArrayBuffer {
  const { tensors, metadata } = readSafetensors(file);
  const copy = { tensors: new Map(tensors), metadata: { ...metadata } };
  list.forEach((change) => change(copy));
  try {
    return writeSafetensors(copy.tensors, copy.metadata);
  } catch {
    // A shape that does not fit its values cannot be written; changed bytes come to that.
    return file;
  }
}

describe('a model or checkpoint in a session with right digests', () => {
  it('is read as it was kept, or refused', () => corpus.replay(refusedOrRead));

  it('is taken when nothing is wrong with it', async () => {
    for (const { model, file } of seeds) expect(await refusedOrRead(packed(model, file))).toBe('ok');
  });

  it('reaches the loading of models as it is', async () => {
    const property = fc.asyncProperty(fc.nat(), changes, async (which, list) => {
      const seed = nth(seeds, which)!;
      const file = changed(seed, list);
      expect(Buffer.from(await throughSession(seed.model, file)).equals(Buffer.from(file))).toBe(true);
    });
    await fc.assert(property, { ...fuzzSettings(8), numRuns: 8 });
  }, 60_000);

  it(
    'is refused with a remedy and leaves nothing behind, or is a model: other sizes, values, tensors',
    async () => {
      const property = fc.asyncProperty(fc.nat(), changes, async (which, list) => {
        const seed = nth(seeds, which)!;
        await corpus.try(packed(seed.model, changed(seed, list)), refusedOrRead);
      });
      await fc.assert(property, fuzzSettings(300));
    },
    fuzzTimeout(300),
  );

  it(
    'is refused with a remedy and leaves nothing behind, or is a model: other bytes',
    async () => {
      const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
      const edits = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 4 });
      const property = fc.asyncProperty(fc.nat(), edits, async (which, list) => {
        const seed = nth(seeds, which)!;
        const bytes = new Uint8Array(seed.file.slice(0));
        for (const [where, value] of list) bytes[Math.floor(where * bytes.length)] = value;
        await corpus.try(packed(seed.model, bytes.buffer), refusedOrRead);
      });
      await fc.assert(property, fuzzSettings(200));
    },
    fuzzTimeout(200),
  );
});
