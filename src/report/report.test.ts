import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { byMetric } from '../lib/scoring/metrics/samples';
import type { Metrics } from '../lib/scoring/metrics/summary';
import { compareRuns, partialMeans, type RunResult } from './comparison';
import { comparisonCsv, scoresCsv } from './csv';
import { comparisonJson, prettyJson } from './json';
import { escapeLatex, latexTable } from './latex';
import { ranksOf } from './ranks';

/** Every figure alike, but for those given. */
const figures = (value: number, changes: Partial<Metrics> = {}): Metrics => ({
  ...byMetric(() => value),
  ...changes,
});

const run = (className: string, method: string, seed: number, value: number, changes = {}): RunResult => ({
  className,
  method,
  seed,
  metrics: figures(value, changes),
  samples: byMetric(() => Float32Array.of(value - 0.125, value, value + 0.125)),
  images: className,
});

const plan = { classes: ['nut', 'cap_1'], methods: ['grad', 'crad'], seeds: [0, 1] };
const runs = [
  run('nut', 'grad', 0, 0.5),
  run('nut', 'grad', 1, 0.75),
  run('nut', 'crad', 0, 0.875, { image_ap: null }),
  run('nut', 'crad', 1, 0.875, { image_ap: null }),
  run('cap_1', 'grad', 0, 0.25),
  run('cap_1', 'grad', 1, 0.5),
  run('cap_1', 'crad', 0, 0.5),
];
const comparison = compareRuns(plan, runs);

describe('compareRuns', () => {
  it('gives mean and spread over seeds', () => {
    const cell = comparison.rows[0]!.cells['grad']!;
    expect(cell.mean.image_auroc).toBe(0.625);
    expect(cell.std.image_auroc).toBeCloseTo(0.125 * Math.SQRT2, 12);
    expect(comparison.rows[1]!.cells['crad']!.std.image_auroc).toBeNull();
  });

  it('takes the mean over classes only of seeds that have every class', () => {
    expect(comparison.mean!.cells['grad']!.seeds).toEqual([0, 1]);
    expect(comparison.mean!.cells['crad']!.seeds).toEqual([0]);
    expect(comparison.mean!.cells['grad']!.mean.pixel_ap).toBe(0.5);
    expect(comparison.missing).toEqual([{ className: 'cap_1', method: 'crad', seed: 1 }]);
  });

  it('says over how many classes a mean is that not every class has', () => {
    expect(comparison.mean!.cells['crad']!.classes).toMatchObject({ image_ap: 1, image_auroc: 2 });
    expect(partialMeans(comparison)).toEqual(['mean of image_ap: over 1 of 2 classes']);
    expect(partialMeans(compareRuns(plan, runs.slice(0, 2)))).toEqual([]);
    expect(latexTable(comparison)).toContain('over 1 of 2 classes');
  });

  it('gives the figures over pixels beside, over the classes and seeds that have them', () => {
    const detail = (aupimo: number | null) => ({ aupimo, spro05: null, aupro05: 0.5, pixel_f1_max: 0.25 });
    const told = [
      { ...runs[0]!, detail: detail(0.25) },
      { ...runs[1]!, detail: detail(0.75) },
      { ...runs[4]!, detail: detail(null) },
      { ...runs[5]!, detail: detail(0.25) },
    ];
    const table = compareRuns({ ...plan, methods: ['grad'] }, told);
    const cell = table.mean!.cells['grad']!;
    expect(cell.detail!.mean).toEqual({ aupimo: 0.375, spro05: null, aupro05: 0.5, pixel_f1_max: 0.25 });
    expect(cell.detail!.std.aupimo).toBeCloseTo(0.25 * Math.SQRT1_2, 12);
    expect(comparisonJson(table).mean!['grad']).toMatchObject({
      aupimo: { mean: 0.375 },
      spro05: { mean: null },
    });
    expect(comparisonCsv(table)).toMatch(/\nmean,grad,aupimo,0\.375,0\.17\d*,,,0 1,,,,,\n/);
    expect(comparisonCsv(comparison)).not.toContain('aupimo');
  });

  it('pairs on the seeds that both have, where the images are the same', () => {
    const { paired } = comparison.mean!.cells['crad']!;
    expect(paired!.pixel_ap).toMatchObject({ difference: (0.875 + 0.5) / 2 - 0.375, ahead: 1 });
    expect(comparison.rows[0]!.cells['grad']!.paired).toBeNull();
    const others = runs.map((each) => (each.method === 'crad' ? { ...each, images: 'others' } : each));
    expect(compareRuns(plan, others).rows[0]!.cells['crad']!.paired).toBeNull();
  });

  it('leaves undefined figures null, and absent cells too', () => {
    expect(comparison.rows[0]!.cells['crad']!.mean.image_ap).toBeNull();
    expect(compareRuns(plan, runs.slice(0, 2)).rows[0]!.cells['crad']).toBeNull();
    expect(compareRuns({ ...plan, classes: ['nut'] }, runs).mean).toBeNull();
  });

  it('has no interval where a run has no samples', () => {
    const bare = runs.map((each) => ({ ...each, samples: null }));
    const { cells } = compareRuns(plan, bare).rows[0]!;
    expect(cells['grad']!.intervals).toBeNull();
    expect(cells['crad']!.paired).toBeNull();
  });
});

describe('ranks', () => {
  const row = (...values: (number | null)[]) => {
    const methods = values.map((_, i) => `m${i}`);
    const of = values.map((value, i) => ({
      ...run('c', `m${i}`, 0, 0),
      metrics: figures(0, { image_ap: value }),
    }));
    return Object.values(
      ranksOf(compareRuns({ classes: ['c'], methods, seeds: [0] }, of).rows[0]!, 'image_ap'),
    );
  };

  it('mark the best and the second; what prints alike ranks alike', () => {
    expect(row(0.8, 0.9, 0.7)).toEqual(['second', 'best', null]);
    expect(row(0.90001, 0.9, 0.7)).toEqual(['best', 'best', 'second']);
    expect(row(0.9, null, 0.8)).toEqual(['best', null, 'second']);
    expect(row(0.9)).toEqual([null]);
  });
});

describe('LaTeX', () => {
  const table = latexTable(comparison);

  it('sets image above pixel figures, best bold, second underlined, with the spread', () => {
    expect(table).toContain(
      'nut & \\underline{62.5}{\\scriptsize$\\pm$17.7} / 62.5{\\scriptsize$\\pm$17.7} & \\textbf{87.5}{\\scriptsize$\\pm$0.0} / - \\\\',
    );
    expect(table).toContain('     & \\underline{62.5}');
    expect(table.match(/\\begin\{tabular\}\{lcc\}/)).not.toBeNull();
    for (const rule of ['\\toprule', '\\bottomrule']) expect(table).toContain(rule);
  });

  it('escapes what LaTeX would read as commands', () => {
    expect(table).toContain('cap\\_1');
    expect(escapeLatex('50% \\of {a_b} & $x^2 #1 ~')).toBe(
      '50\\% \\textbackslash{}of \\{a\\_b\\} \\& \\$x\\textasciicircum{}2 \\#1 \\textasciitilde{}',
    );
  });
});

describe('CSV', () => {
  const read = (text: string) =>
    Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;

  it('writes raw scores that read back exactly, whatever a path holds', () => {
    const images = [
      { path: 'test/a, "b"\n.png', type: 'bent', label: 1, score: 0.1 + 0.2 },
      { path: '=cmd()', type: 'x', label: null, score: -1.5 },
    ] as const;
    const rows = read(scoresCsv(images));
    expect(rows[0]).toEqual({ path: images[0].path, type: 'bent', label: '1', score: String(0.1 + 0.2) });
    expect(rows[1]).toMatchObject({ path: "'=cmd()", label: '', score: '-1.5' });
    const decided = read(scoresCsv(images, { value: 0, source: 'set by hand' }));
    expect(decided.map(({ anomalous }) => anomalous)).toEqual(['1', '0']);
  });

  it('writes one line per class, method and figure', () => {
    const rows = read(comparisonCsv(comparison));
    expect(rows).toHaveLength(3 * 2 * 6);
    expect(rows.find((row) => row['class'] === 'nut' && row['method'] === 'crad')).toMatchObject({
      metric: 'image_auroc',
      mean: '0.875',
      seeds: '0 1',
      difference: '0.25',
      ahead: '1',
    });
    expect(rows.find(({ metric, mean }) => metric === 'image_ap' && mean === '')).toBeDefined();
  });
});

describe('JSON', () => {
  it('holds the whole table and survives writing', () => {
    const parsed = JSON.parse(prettyJson(comparisonJson(comparison))) as ReturnType<typeof comparisonJson>;
    expect(parsed.baseline).toBe('grad');
    expect(parsed.missing).toEqual([{ class: 'cap_1', method: 'crad', seed: 1 }]);
    expect(parsed.per_class['nut']!['crad']!.image_ap).toMatchObject({ mean: null, std: null });
    expect(parsed.mean!['grad']!.seeds).toEqual([0, 1]);
  });

  it('keeps lists of numbers on one line and texts as they are', () => {
    const value = { list: [1, -2.5e-7, null], text: '[ 1,\n 2 ]', mixed: [1, 'a'], empty: [] };
    const text = prettyJson(value);
    expect(text).toContain('"list": [ 1, -2.5e-7, null ]');
    expect(JSON.parse(text)).toEqual(value);
  });
});
