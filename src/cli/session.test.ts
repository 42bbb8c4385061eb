// Sessions as the command line opens them: its own, the page's, those of the first version, and unfit ones.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../lib/formats/safetensors';
import { presetParams } from '../settings/presets';
import { NotASession } from '../session/errors';
import { smallContents, smallInfo } from '../session/testing/small';
import { writeSession } from '../session/write';
import { FileUnreadable, NothingTrained } from './errors';
import { openSession } from './session';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grad-session-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(content: Blob | ArrayBuffer): Promise<string> {
  const path = join(folder, 'session');
  await writeFile(path, new Uint8Array(content instanceof Blob ? await content.arrayBuffer() : content));
  return path;
}

describe('a session on the command line', () => {
  it('may come from the page', async () => {
    const { model, weights } = await openSession(await write(await writeSession(await smallContents())));
    expect(model).toEqual((await smallInfo()).model);
    expect(weights.byteLength).toBeGreaterThan(0);
  });

  it('may be of the first version', async () => {
    const about = {
      schema: 1,
      params: { ...presetParams('demo'), seed: 3 },
      trainImages: 2,
      threshold: null,
    };
    const file = writeSafetensors({}, { 'grad.session': JSON.stringify(about) });
    expect((await openSession(await write(file))).model).toMatchObject({
      params: { seed: 3 },
      trainImages: 2,
    });
  });

  it('must have a model that was trained to its end', async () => {
    const info = { ...(await smallInfo()), model: null };
    const unfinished = await write(await writeSession(await smallContents({ info, weights: null })));
    await expect(openSession(unfinished)).rejects.toThrow(NothingTrained);
    await expect(openSession(unfinished)).rejects.toThrow('step 4 of 10');
  });

  it('is refused by name when it is another file or not there', async () => {
    const other = await write(new Blob(['hello']));
    await expect(openSession(other)).rejects.toThrow(NotASession);
    await expect(openSession(other)).rejects.toThrow(other);
    await expect(openSession(join(folder, 'missing'))).rejects.toThrow(FileUnreadable);
  });
});
