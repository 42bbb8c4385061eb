// SVG files: whole, with every name escaped, marked as the table on screen is.
import { describe, expect, it } from 'vitest';
import type { Metrics } from '../lib/scoring/metrics/summary';
import { compareRuns } from './comparison';
import { curvesSvg, escapeXml, tableSvg } from './svg';

const figures = (auroc: number | null): Metrics => ({
  image_auroc: auroc,
  image_ap: 0.5,
  image_f1_max: null,
  pixel_auroc: null,
  pixel_ap: null,
  aupro30: null,
});

const run = (method: string, auroc: number | null) => ({
  className: 'all',
  method,
  seed: 0,
  metrics: figures(auroc),
  samples: null,
  images: '',
});

describe('a comparison as SVG', () => {
  it('marks the best bold and the second underlined, and writes no NaN', () => {
    const plan = { classes: ['all'], methods: ['A & B', 'C', 'D'], seeds: [0] };
    const svg = tableSvg(compareRuns(plan, [run('A & B', 0.9), run('C', 0.95), run('D', null)]), '<set>');
    expect(svg).toMatch(/font-weight="bold">95\.0</);
    expect(svg).toMatch(/text-decoration="underline">90\.0</);
    expect(svg).toContain('A &#38; B');
    expect(svg).toContain('<title>&#60;set&#62;</title>');
    expect(svg).not.toMatch(/NaN|undefined|null/);
  });

  it('draws curves from the lower left to the upper right of the square', () => {
    const lines = [{ name: 'GRAD', colour: '#000', curve: { x: [0, 0, 1], y: [0, 1, 1] } }];
    const svg = curvesSvg(lines, { x: 'x', y: 'y', title: 't' });
    expect(svg).toContain('d="M52.0 346.0L52.0 16.0L382.0 16.0"');
    expect(svg).toContain('>GRAD</text>');
  });

  it('escapes what XML would read as markup', () =>
    expect(escapeXml(`<"&'>`)).toBe('&#60;&#34;&#38;&#39;&#62;'));
});
