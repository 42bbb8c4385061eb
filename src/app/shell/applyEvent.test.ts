// How engine events change the state, without engine or store.
import { describe, expect, it } from 'vitest';
import type { EngineEvent, StageProgress, TrainReport } from '../../engine/api/types';
import { applyEvent } from './applyEvent';
import { initialState, type AppState } from './appState';
import { appendLoss, MAX_POINTS, thin } from '../training/lossCurve';
import type { ImageRecord } from '../images/dataSlice';

const record: ImageRecord = {
  id: 'a',
  name: 'a.png',
  split: 'test',
  label: null,
  type: 'unknown',
  own: true,
  status: 'listed',
  width: 0,
  height: 0,
  hasThumbnail: false,
  notes: [],
};

const memory = { gpuBytes: 1000, tensors: 3 };
const progress = (change: Partial<StageProgress> = {}): EngineEvent => ({
  kind: 'progress',
  progress: { stage: 1, epoch: 1, epochs: 4, step: 1, steps: 48, loss: 1, secondsLeft: null, ...change },
  memory,
});
const report = (outcome: TrainReport['outcome']): EngineEvent => ({
  kind: 'trained',
  report: { outcome, seconds: 9, stageMs: [3, 6], losses: { 1: [2, 1], 2: [0.5] }, fusionValue: -0.15 },
});
const play = (state: AppState, ...events: EngineEvent[]) => events.reduce(applyEvent, state);
const withImage = (): AppState => {
  const state = initialState();
  return { ...state, data: { ...state.data, images: { a: record }, order: ['a'], selected: 'a' } };
};
const started = (): AppState => {
  const state = initialState();
  const startedWith = { ...state.params, seed: 5 };
  return { ...state, training: { ...state.training, status: 'starting', startedWith } };
};

describe('decoded images', () => {
  const decoded: EngineEvent = {
    kind: 'decoded',
    id: 'a',
    width: 640,
    height: 480,
    orientation: 1,
    thumbnail: null,
    showable: true,
    notices: [{ kind: 'animated', text: 'turned' }],
  };

  it('become ready with their size and notes', () => {
    expect(play(withImage(), decoded).data.images.a).toMatchObject({
      status: 'ready',
      width: 640,
      height: 480,
      notes: ['turned'],
    });
  });

  it('that were removed meanwhile change nothing', () => {
    const state = initialState();
    expect(play(state, decoded)).toBe(state);
  });
});

describe('background work', () => {
  it('is counted while it lasts', () => {
    const half = play(
      initialState(),
      { kind: 'features', done: 3, total: 6 },
      { kind: 'scored', done: 1, total: 6 },
    );
    expect([half.engine.extracting, half.scores.progress]).toEqual([
      { done: 3, total: 6 },
      { done: 1, total: 6 },
    ]);
    const whole = play(half, { kind: 'features', done: 6, total: 6 }, { kind: 'scored', done: 6, total: 6 });
    expect([whole.engine.extracting, whole.scores.progress]).toEqual([null, null]);
  });
});

describe('a training run', () => {
  it('runs from its first progress on and collects losses per stage', () => {
    const { training, engine } = play(
      started(),
      progress({ loss: 2 }),
      progress({ step: 2, stage: 2, loss: 1 }),
    );
    expect(training).toMatchObject({ status: 'running', losses: { 1: [2], 2: [1] } });
    expect(engine.memory).toEqual(memory);
  });

  it('stays paused while it is stepped', () => {
    const state = started();
    const paused: AppState = { ...state, training: { ...state.training, status: 'paused' } };
    expect(play(paused, progress(), progress({ step: 2 })).training).toMatchObject({
      status: 'paused',
      losses: { 1: [1, 1] },
    });
  });

  it('starts its curves anew when the step count falls back', () => {
    const { training } = play(started(), progress({ step: 40, loss: 9 }), progress({ step: 1, loss: 2 }));
    expect(training.losses[1]).toEqual([2]);
  });

  it('that finished hands over its model, with the parameters it was started with', () => {
    const state = play(started(), progress(), report('finished'));
    expect(state.training).toMatchObject({ status: 'finished', seconds: 9, losses: { 1: [2, 1], 2: [0.5] } });
    expect(state.model).toMatchObject({ source: 'trained', fusionValue: -0.15, params: { seed: 5 } });
  });

  it('that finished takes back what was set by hand for the model before', () => {
    const state = started();
    const byHand: AppState = { ...state, view: { ...state.view, threshold: 3, fusionValue: 1 } };
    expect(play(byHand, report('finished')).view).toMatchObject({ threshold: null, fusionValue: null });
  });

  it('that was cancelled leaves the model before it in place', () => {
    const state = started();
    const before = { progress: null, losses: { 1: [7], 2: [8] }, seconds: 3 };
    const stored: AppState = {
      ...state,
      model: { source: 'stored', params: {}, fusionValue: 0.3 },
      training: { ...state.training, before },
    };
    const after = play(stored, progress(), report('cancelled'));
    expect(after.training.status).toBe('cancelled');
    expect(after.model).toEqual(stored.model);
    expect(after.training).toMatchObject({ ...before, before: null });
    expect(play(after, progress()).training.status).toBe('cancelled');
  });
});

describe('failures', () => {
  const error = { name: 'GpuFault', message: 'binding 2', remedy: 'reload' };

  it('end a run that is under way, and only that', () => {
    expect(play(started(), progress(), { kind: 'fault', error }).training.status).toBe('failed');
    expect(play(initialState(), { kind: 'fault', error }).training.status).toBe('idle');
    expect(play(initialState(), { kind: 'fault', error }).engine.error).toEqual(error);
  });

  it('of the device that healed leave everything running', () => {
    const state = play(started(), progress(), { kind: 'lost', reason: 'reset', recovered: true, recent: 1 });
    expect([state.engine.status, state.training.status]).toEqual(['ready', 'running']);
  });

  it('of the device that did not heal say once what is kept', () => {
    const complaint = {
      id: 1,
      tone: 'error',
      message: 'The computing engine was lost.',
      error: 'EngineLost',
    } as const;
    const before = { ...withImage(), notices: { list: [complaint] } };
    const state = play(before, { kind: 'lost', reason: 'reset', recovered: false, recent: 1 });
    expect(state.engine).toMatchObject({ status: 'lost', error: { name: 'EngineLost' } });
    expect(state.engine.error!.remedy).toContain('images, settings and model are kept');
    expect(state.data.order).toEqual(['a']);
    expect(state.notices.list).toEqual([]);
  });

  it('of an engine that only does not answer change nothing else', () => {
    const state = play(started(), progress(), { kind: 'silence', silent: true });
    expect([state.engine.silent, state.training.status]).toEqual([true, 'running']);
    expect(play(state, { kind: 'silence', silent: false }).engine.silent).toBe(false);
  });
});

describe('loss curves', () => {
  it('stay bounded however long a run is', () => {
    let curve: number[] = [];
    for (let step = 0; step < 5000; step++) curve = appendLoss(curve, step);
    expect(curve.length).toBeLessThanOrEqual(MAX_POINTS);
    expect(curve[0]).toBe(0);
  });

  it('are thinned by means, short ones not at all', () => {
    expect(thin([3, 1])).toEqual([3, 1]);
    const long = thin(Array.from({ length: 2 * MAX_POINTS }, (_, i) => i % 2));
    expect(long).toHaveLength(MAX_POINTS);
    expect(new Set(long)).toEqual(new Set([0.5]));
  });
});
