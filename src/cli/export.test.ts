// `export` on the command line: where the file goes and where it must not, and what is said.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeAnswers } from '../engine/models/modelFile';
import { tf } from '../lib/gpu/tf';
import { BiGrid } from '../lib/methods/grad/biGrid';
import { saveModel } from '../lib/methods/grad/checkpoint';
import { readOnnx } from '../lib/onnx/testing/readOnnx';
import { smallContents, smallInfo } from '../session/testing/small';
import { writeSession } from '../session/write';
import { presetParams } from '../settings/presets';
import { sha256Hex } from './data/digests';
import { FileUnwritable } from './errors';
import { exportModel, type ExportRequest } from './export';
import { faultyDisk } from './testing/faultyDisk';
import { quietTerminal } from './testing/quietTerminal';

let folder: string;
let session: string;
let file: ArrayBuffer;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const model = BiGrid.create(
    {
      ...{
        method: 'normal-grid',
        channels: 32,
        height: 4,
        width: 4,
        decoder: 'mobile',
        blocks: 1,
        expansion: 1,
      },
      ...{ localGrid: 4, globalGrid: 2, fusion: 'w', lambda: 0.8 },
    },
    1,
  );
  file = await saveModel(model, null, {
    answers: describeAnswers({
      features: {
        backbone: 'mini_resnet',
        taps: 'standard',
        weights: null,
        inputSize: 32,
        project: true,
        range: null,
      },
      statistics: { sigma: 1, channels: null },
    }),
  });
  model.dispose();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grad-export-'));
  session = join(folder, 'session.zip');
  const info = await smallInfo();
  const params = { ...presetParams('demo'), method: 'normal-grid' as const };
  const written = await writeSession(
    await smallContents({
      info: { ...info, params, model: { ...info.model!, params, threshold: null, scale: [0, 2] } },
      weights: file,
    }),
  );
  await writeFile(session, new Uint8Array(await written.arrayBuffer()));
});
afterEach(() => rm(folder, { recursive: true }));

async function take(changes: Partial<ExportRequest> = {}) {
  const terminal = quietTerminal();
  const onnx = join(folder, 'out/detector.onnx');
  const request: ExportRequest = {
    ...{ session, onnx, precision: 'f32', input: 'pixels', threshold: null, flags: {}, hub: null },
    ...changes,
  };
  await exportModel(request, terminal);
  return { terminal, ...readOnnx(new Uint8Array(await readFile(request.onnx))) };
}

/** On a busy machine. */
describe('export', { timeout: 60_000 }, () => {
  it('writes the file, and says that there will be no verdicts without a threshold', async () => {
    const { inputs, metadata, terminal } = await take();
    expect(inputs[0]!.name).toBe('image');
    expect(metadata).toMatchObject({
      ...{ 'grad.method': 'normal-grid', 'grad.threshold': '', 'grad.scale': '[0,2]' },
    });
    expect(terminal.errors).toContain('no threshold');
  });

  it('writes a card beside it, which names the file by its digest', async () => {
    const card = join(folder, 'out/card.md');
    await take({ card });
    const text = await readFile(card, 'utf8');
    const digest = sha256Hex(await readFile(join(folder, 'out/detector.onnx')));
    expect(text).toContain(`SHA-256 \`${digest}\``);
    expect(text).toContain('gives scores only');
  });

  it('takes a threshold, smoothing and features as they are asked for', async () => {
    const threshold = { from: 'hand', value: 2 } as const;
    const { inputs, metadata } = await take({ threshold, input: 'features', flags: { smooth: 'none' } });
    expect(inputs[0]!.name).toBe('features');
    expect(metadata).toMatchObject({
      ...{ 'grad.threshold': '2', 'grad.threshold_source': 'set by hand' },
      // The scale is that of maps smoothed otherwise.
      ...{ 'grad.smoothing': 'none', 'grad.scale': '', 'grad.input': 'features' },
    });
    await expect(take({ threshold: { from: 'f1' } })).rejects.toThrow('sees no images');
  });

  it('never takes the place of the session', async () => {
    await expect(take({ onnx: session })).rejects.toThrow(FileUnwritable);
  });

  it('leaves no half file on a disk that fills', async () => {
    const disk = faultyDisk(5, 'no room');
    await expect(take()).rejects.toThrow(FileUnwritable);
    await disk.restore();
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });
});
