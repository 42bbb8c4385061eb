// The line of each source, and what it falls back on.
import { beforeEach, describe, expect, it } from 'vitest';
import { initialState } from '../shell/appState';
import { threshold } from '../shell/selectors';
import { listed } from '../images/dataSlice';
import { getState, patch, setState } from '../shell/store';
import { setLineSource, suggestLine } from './decisionLine';

const FROM_LABELS = { value: 4, source: 'labelled test images' } as const;

function show(images: { id: string; split: 'train' | 'test'; label: 0 | 1; score: number }[]): void {
  const records = images.map(({ id, split, label }) =>
    listed({ id, name: id, split, label, type: '', own: true }),
  );
  patch('data', {
    images: Object.fromEntries(records.map((record) => [record.id, record])),
    order: records.map(({ id }) => id),
  });
  const byId = Object.fromEntries(images.map(({ id, score }) => [id, score]));
  patch('scores', { byId, fromLabels: FROM_LABELS, suggested: FROM_LABELS });
}

const line = () => threshold(getState());

beforeEach(() => {
  setState(initialState());
  show([
    { id: 'a', split: 'train', label: 0, score: 0 },
    { id: 'b', split: 'test', label: 0, score: 1 },
    { id: 'c', split: 'test', label: 0, score: 3 },
    { id: 'd', split: 'test', label: 1, score: 9 },
  ]);
});

describe('the decision line', () => {
  it('is a quantile of the normal test images on demand', () => {
    void setLineSource('quantile', 0.5);
    expect(getState().scores.suggested).toEqual({ value: 2, source: 'quantile of normal images' });
    void setLineSource('labels');
    expect(line()).toBe(4);
  });

  it('takes normal training images where there are no others', () => {
    show([{ id: 'a', split: 'train', label: 0, score: 7 }]);
    void setLineSource('quantile', 0.9);
    expect(line()).toBe(7);
  });

  it('stands between normal images and pasted blocks, once there are some', async () => {
    await setLineSource('synthetic');
    expect(line()).toBe(4);
    patch('scores', { synthetic: [0, 6, 80] });
    await suggestLine();
    expect(getState().scores.suggested).toMatchObject({
      source: 'synthetic anomalies',
      evidence: { normals: 2, flagged: 0, pasted: 3 },
    });
    expect(line()).toBeGreaterThan(3);
  });

  it('is of the source chosen last, also when the formulas of another came late', async () => {
    patch('scores', { synthetic: [6, 8] });
    const late = setLineSource('synthetic');
    void setLineSource('quantile', 1);
    await late;
    expect(getState().scores.suggested).toMatchObject({ value: 3, source: 'quantile of normal images' });
  });

  it('gives way to the hand, and comes back when a source is chosen', () => {
    patch('view', { threshold: 8 });
    expect(line()).toBe(8);
    void setLineSource('quantile', 1);
    expect(line()).toBe(3);
  });
});
