import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, describe, it } from 'vitest';
import { BackboneNotHere, UnknownBackbone } from '../backbones/errors';
import { PRESETS } from '../params/presets';
import { findBackbone } from './backbone';
import { FileUnreadable } from './errors';

describe('findBackbone', () => {
  it('finds the bundled weights', async () => {
    const { name, bytes } = await findBackbone('mini_resnet');
    expect(name).toBe('mini_resnet.safetensors');
    expect(bytes.byteLength).toBeGreaterThan(1e6);
  });

  it('takes a file of any name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'grad-backbone-'));
    const path = join(folder, 'my weights (1).bin');
    await writeFile(path, 'abc');
    expect((await findBackbone(path)).name).toBe('my weights (1).bin');
    await rm(folder, { recursive: true });
  });

  it('says what to do about a preset whose weights are not here', async () => {
    for (const { backbone } of Object.values(PRESETS)) {
      if (!backbone) continue;
      const failure = await findBackbone(backbone).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(BackboneNotHere);
      expect((failure as BackboneNotHere).remedy).toContain('--backbone FILE');
    }
  });

  it('tells a wrong path from a wrong name', async () => {
    await expect(findBackbone('weights/none.safetensors')).rejects.toThrow(FileUnreadable);
    await expect(findBackbone('resnet_900')).rejects.toThrow(UnknownBackbone);
  });
});
