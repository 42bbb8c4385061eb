// Which image is shown after a training on one's own images.
import { beforeEach, describe, expect, it } from 'vitest';
import { initialState } from '../shell/appState';
import { getState, patch, setState } from '../shell/store';
import type { ImageRecord } from './dataSlice';
import { listed } from './dataSlice';
import { showStrangest } from './selection';

const image = (id: string, split: 'train' | 'test'): ImageRecord =>
  listed({ id, name: id, split, label: null, type: 'unknown', own: true });

beforeEach(() => {
  const records = [image('learned', 'train'), image('plain', 'test'), image('odd', 'test')];
  setState(initialState());
  setState({ params: { ...getState().params, dataset: 'own-1' } });
  patch('data', {
    images: Object.fromEntries(records.map((record) => [record.id, record])),
    order: records.map(({ id }) => id),
    selected: 'learned',
  });
  patch('scores', { byId: { learned: 9, plain: 1, odd: 3 } });
});

describe('after a training on one’s own images', () => {
  it('the strangest test image is shown in place of one that was learned from', () => {
    showStrangest();
    expect(getState().data.selected).toBe('odd');
  });

  it('a test image that somebody looks at stays', () => {
    patch('data', { selected: 'plain' });
    showStrangest();
    expect(getState().data.selected).toBe('plain');
  });

  it('nothing happens in a bundled set', () => {
    setState({ params: { ...getState().params, dataset: 'parts' } });
    showStrangest();
    expect(getState().data.selected).toBe('learned');
  });
});
