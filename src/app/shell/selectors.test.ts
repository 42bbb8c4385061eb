// What is computed from the state.
import { describe, expect, it } from 'vitest';
import { presetParams } from '../../settings/presets';
import { initialState, type AppState } from './appState';
import { changedFromPreset, decisions, featuresChanged, pendingChanges } from './selectors';
import { blockOf, colormapOf, rangeOf, viewOf } from '../stage/liveViewRequest';

const withModel = (): AppState => {
  const state = initialState();
  return { ...state, model: { source: 'stored', params: state.params, fusionValue: -0.1 } };
};

describe('a decision line', () => {
  const image = (id: string, label: 0 | 1 | null, split: 'test' | 'train' = 'test') => ({ id, label, split });

  it('is counted over labelled, scored test images only', () => {
    const images = [
      image('a', 1),
      image('b', 1),
      image('c', 0),
      image('d', 0),
      image('e', null),
      image('f', 0, 'train'),
      image('g', 1),
    ];
    const scores = { a: 5, b: 1, c: 4, d: 2, e: 9, f: 9 };
    expect(decisions(images, scores, 3)).toEqual({ defects: 2, found: 1, normals: 2, alarms: 1 });
  });

  it('calls a score on the line normal', () => {
    expect(decisions([image('a', 1)], { a: 3 }, 3).found).toBe(0);
  });
});

describe('settings against the model in use', () => {
  it('tell what waits for the next run', () => {
    const state = withModel();
    const changed: AppState = {
      ...state,
      params: { ...state.params, localGrid: 16, opacity: 10, fbpSize: 1 },
    };
    expect(pendingChanges(changed)).toEqual(['localGrid']);
    expect(featuresChanged(changed)).toBe(false);
  });

  it('tell when the features are of another kind', () => {
    const state = withModel();
    expect(featuresChanged({ ...state, params: { ...state.params, inputSize: 256 } })).toBe(true);
    expect(featuresChanged({ ...state, params: { ...state.params, normalise: true } })).toBe(false);
  });

  it('tell that images are cut otherwise, and nothing of tiles where there are none', () => {
    const state = withModel();
    const having = (params: Partial<AppState['params']>) => ({
      ...state,
      params: { ...state.params, ...params },
    });
    expect(featuresChanged(having({ fit: 'tile' }))).toBe(true);
    expect(featuresChanged(having({ inputHeight: 64 }))).toBe(true);
    expect(featuresChanged(having({ tile: 64, overlap: 0.5 }))).toBe(false);
    expect(pendingChanges(having({ tile: 64 }))).toEqual([]);
  });

  it('tell how far they are from their preset', () => {
    expect(changedFromPreset(presetParams('paper'))).toEqual([]);
    expect(changedFromPreset({ ...presetParams('paper'), batch: 4, seed: 9, opacity: 5 })).toEqual(['batch']);
  });
});

describe('the view', () => {
  it('asks nothing of the engine before there is something to show', () => {
    expect(viewOf(initialState())).toBeNull();
  });

  it('keeps the block on the map', () => {
    const state = withModel();
    const features = {
      height: 16,
      width: 16,
      channels: 32,
      sigma: 1,
      backbone: 'x',
      taps: 'standard',
      parameters: 1,
    };
    const far: AppState = {
      ...state,
      engine: { ...state.engine, features },
      params: { ...state.params, fbpOn: true, fbpX: 90, fbpY: 3 },
    };
    expect(blockOf(far)).toMatchObject({ x: 15, y: 3 });
    expect(blockOf(state)).toBeNull();
  });

  it('gives the signed map its own colours, around zero', () => {
    const state = withModel();
    const ranges = { fused: [0, 5], normal: [0, 4], abnormal: [-2, 1] } as const;
    const abnormal: AppState = {
      ...state,
      params: { ...state.params, map: 'abnormal' },
      scores: { ...state.scores, ranges: structuredClone(ranges) as unknown as AppState['scores']['ranges'] },
    };
    expect(colormapOf(abnormal)).toBe('diverging');
    expect(rangeOf(abnormal)).toEqual([-2, 2]);
    expect(rangeOf({ ...abnormal, params: { ...abnormal.params, scale: 'image' } })).toBeNull();
  });
});
