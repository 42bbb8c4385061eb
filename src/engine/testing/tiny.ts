// Settings and pictures for engine tests: as small as a software adapter needs them.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { encode } from 'fast-png';
import { defaultParams, type Params } from '../../settings/table';
import type { Engine, EngineEvent, ImageFile } from '../api/types';

const PUBLIC = resolve(import.meta.dirname, '../../../public');

/** Reads a bundled file from the working tree. */
export const readPublic = async (path: string): Promise<ArrayBuffer> =>
  new Uint8Array(await readFile(resolve(PUBLIC, path))).buffer;

/** Small enough for a software adapter: 4 x 4 cells, three steps a stage. */
export const SETTINGS: Params = {
  ...defaultParams(),
  inputSize: 32,
  batch: 2,
  epochs1: 1,
  epochs2: 1,
  globalGrid: 2,
  localGrid: 4,
};
export const VIEW = {
  map: 'fused', block: null, fusionValue: null, refine: true, smooth: 'gauss', opacity: 1, colormap: 'viridis', range: null, threshold: null,
} as const; // prettier-ignore
export const SCORING = { smooth: 'gauss', refine: true } as const;

/** A striped 32 x 32 picture, a little brighter for longer ids; a defect is a white square. */
export function picture(id: string, split: 'train' | 'test', defect = false): ImageFile {
  const side = 32;
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return defect && x > 10 && x < 22 && y > 10 && y < 22 ? 255 : 90 + 40 * ((x >> 2) % 2) + id.length;
  });
  const bytes = new Uint8Array(encode({ width: side, height: side, data, channels: 3 })).buffer;
  return { id, name: `${id}.png`, bytes, split, label: defect ? 1 : 0, type: defect ? 'spot' : 'good' };
}

/** Resolves with the next event of this kind. */
export function nextEvent(engine: Engine, kind: EngineEvent['kind']): Promise<EngineEvent> {
  return new Promise((resolve) => {
    const stop = engine.subscribe((event) => {
      if (event.kind === kind) resolve((stop(), event));
    });
  });
}
