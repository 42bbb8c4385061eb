// Cells on the image on screen, as it is seen: squashed, padded, in tiles.
import { describe, expect, it } from 'vitest';
import type { Params } from '../../settings/table';
import { listed } from '../images/dataSlice';
import { initialState, type AppState } from '../shell/appState';
import { cellsOf } from './cells';

const FEATURES = {
  height: 16,
  width: 16,
  channels: 32,
  sigma: 1,
  backbone: 'x',
  taps: 'standard',
  parameters: 1,
};

function showing(params: Partial<Params>, width: number, height: number): AppState {
  const state = initialState();
  const known = { id: 'a', name: 'a', split: 'test', label: 0, type: 'good', own: true } as const;
  const image = { ...listed(known), width, height };
  return {
    ...state,
    params: { ...state.params, ...params },
    engine: { ...state.engine, features: FEATURES },
    data: { ...state.data, images: { a: image }, order: ['a'], selected: 'a' },
  };
}

describe('cells on the image', () => {
  it('are those of the input where the image is squashed, and none without features', () => {
    expect(cellsOf(showing({}, 4096, 256))).toEqual({ width: 16, height: 16, across: 16, down: 16 });
    expect(cellsOf(initialState())).toBeNull();
  });

  it('end with a padded image', () => {
    const cells = cellsOf(showing({ fit: 'letterbox' }, 400, 100));
    expect(cells).toEqual({ width: 16, height: 4, across: 16, down: 4 });
  });

  it('count once where tiles overlap: a tile of 256 px has 16', () => {
    const cells = cellsOf(showing({ fit: 'tile', tile: 256, overlap: 0.25 }, 1024, 256));
    expect(cells).toEqual({ width: 64, height: 16, across: 64, down: 16 });
  });
});
