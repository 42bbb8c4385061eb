// Words, times and lines of the comparison.
import { byMetric } from '../../lib/scoring/metrics/samples';
import { describe, expect, it } from 'vitest';
import { describeCell, points, timeLeft } from './compareWords';
import { onOneAxis } from './curveLines';
import type { ComparedRun } from './compareSlice';

const done = (label: string, seconds: number) =>
  ({
    label,
    seconds,
    table: { msPerImage: 100, images: Array.from({ length: 10 }) },
  }) as unknown as ComparedRun;
const progress = { text: '', fraction: 0.5, secondsLeft: null };
const queue = ['grad', 'normal-grid', 'padim'].map((label) => ({ label, seed: 0 }));

describe('the time left', () => {
  it('is unknown before anything of its kind has run', () => {
    expect(timeLeft({ queue, at: 0, progress, runs: [] })).toBeNull();
    expect(timeLeft({ queue, at: 0, progress, runs: [done('grad', 9)] })).toBeNull();
  });

  it('takes a row’s own time, else that of methods which cost alike, scoring included', () => {
    const runs = [done('grad', 9), done('patchcore', 1)];
    expect(timeLeft({ queue, at: 0, progress, runs })).toBe(5 + 10 + 2);
    expect(timeLeft({ queue, at: 2, progress: { ...progress, secondsLeft: 0.5 }, runs })).toBe(0.5);
  });
});

describe('words of the table', () => {
  it('give differences their sign, and none to zero', () => {
    expect([0.0123, -0.0123, 0, -0.0001, 0.0001].map(points)).toEqual(['+1.2', '−1.2', '0.0', '0.0', '0.0']);
  });

  it('say a cell in one sentence', () => {
    const none = { image_ap: null, image_f1_max: null, pixel_auroc: null, pixel_ap: null, aupro30: null };
    const cell = {
      seeds: [0, 1],
      mean: { ...none, image_auroc: 0.9 },
      classes: byMetric((name) => (name === 'image_auroc' ? 1 : 0)),
      std: { ...none, image_auroc: 0.01 },
      intervals: { ...none, image_auroc: [0.8, 0.95] as [number, number] },
      detail: null,
      paired: null,
    };
    expect(describeCell('image AUROC', cell, 'image_auroc')).toBe(
      'image AUROC 90.0 %, plus or minus 1.0 over 2 seeds, 95 % interval 80.0 to 95.0',
    );
    expect(describeCell('AUPRO', cell, 'aupro30')).toBe('AUPRO undefined');
  });
});

describe('curves on one axis', () => {
  it('keep their vertical steps and leave gaps where another curve has its points', () => {
    const line = (x: number[], y: number[]) => ({ name: '', colour: '', curve: { x, y, threshold: [] } });
    const [xs, first, second] = onOneAxis([line([0, 0, 1], [0, 1, 1]), line([0, 0.5, 1], [0, 0.5, 1])]);
    expect(xs).toHaveLength(4);
    expect(first!.filter((y) => y !== null)).toEqual([0, 1, 1]);
    expect(second!.filter((y) => y !== null)).toEqual([0, 0.5, 1]);
    expect(xs!.every((x, i) => i === 0 || x! > xs![i - 1]!)).toBe(true);
  });
});
