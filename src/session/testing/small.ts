// A small session for tests: a model, an unfinished run, two images of its own, one with a mask.
import { writeSafetensors } from '../../lib/formats/safetensors';
import { presetParams } from '../../settings/presets';
import { sha256 } from '../digest';
import type { SessionInfo } from '../types';
import { writeSession, type SessionContents } from '../write';

export const smallFile = (value: number): ArrayBuffer =>
  writeSafetensors({ 'normal.local': { shape: [2], data: Float32Array.of(value, 2) } }, { format: 'model' });

export const pictures = [
  new Blob(['first picture']),
  new Blob(['second']),
  new Blob(['mask of second']),
] as const;

const hexOf = async (blob: Blob) => sha256(await blob.arrayBuffer());

export async function smallInfo(): Promise<SessionInfo> {
  // As it was by default when the kept inputs of the fuzzer were written.
  const before = { fbpIntensity: 2, near: 'raw', epochs2: 15 } as const;
  const params = { ...presetParams('balanced'), seed: 7, dataset: 'own-00c0ffee', ...before };
  const image = {
    id: 'own/1/a.png',
    name: 'train/good/a.png',
    split: 'train',
    label: 0,
    type: 'good',
  } as const;
  const test = { id: 'own/2/b', name: 'test/spot/b', split: 'test', label: 1, type: 'spot' } as const;
  return {
    params,
    data: {
      dataset: 'own-00c0ffee',
      images: [
        { ...image, sha256: await hexOf(pictures[0]), maskSha256: null },
        { ...test, sha256: await hexOf(pictures[1]), maskSha256: await hexOf(pictures[2]) },
      ],
    },
    model: {
      params,
      fusionValue: -0.25,
      losses: { 1: [1, 0.5], 2: [2, 1.5] },
      seconds: 12,
      trainImages: 1,
      threshold: { value: 3.5, source: 'set by hand' },
      metrics: {
        ...{ image_auroc: 1, image_ap: 0.9, image_f1_max: 0.8 },
        ...{ pixel_auroc: null, pixel_ap: null, aupro30: null },
      },
    },
    run: { params, step: 4, steps: 10, losses: { 1: [1, 0.75], 2: [] } },
    view: { image: 'own/2/b', fusionValue: null },
  };
}

/** Everything a session can hold; `change` overrides. */
export async function smallContents(change: Partial<SessionContents> = {}): Promise<SessionContents> {
  return {
    info: await smallInfo(),
    weights: smallFile(1),
    checkpoint: smallFile(3),
    imageAt: async (index) =>
      index === 0 ? { image: pictures[0], mask: null } : { image: pictures[1], mask: pictures[2] },
    ...change,
  };
}

/** A written session with its JSON changed by hand, its checksums right. */
export async function rewritten(change: (json: Record<string, unknown>) => void): Promise<Blob> {
  const contents = await smallContents({ imageAt: null });
  const info = { ...contents.info } as unknown as Record<string, unknown>;
  change(info);
  return writeSession({ ...contents, info: info as unknown as SessionInfo });
}
