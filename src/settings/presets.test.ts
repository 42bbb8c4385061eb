// What presets say of themselves, and what the near term is in each.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESETS, presetParams, stepsOf, type PresetName } from './presets';
import { PARAMS } from './table';

const NAMES = Object.keys(PRESETS) as PresetName[];
/** Those that train in steps. */
const TRAINED = NAMES.filter((name) => presetParams(name).method !== 'patchcore');

describe('presets', () => {
  it.each(TRAINED)('%s says its optimiser steps, in its help and in the documentation', (name) => {
    const params = presetParams(name);
    const [first, second] = stepsOf(params, 24);
    const { help } = PARAMS.preset.options.find(({ value }) => value === name)!;
    expect(help).toContain(`${first} + ${second} steps on 24 images`);
    const docs = readFileSync(resolve(import.meta.dirname, '../../docs/methods.md'), 'utf8');
    const row = docs.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``) && /\d \+ \d/.test(line))!; // prettier-ignore
    const cells = row.split('|').map((cell) => cell.trim().replaceAll(',', ''));
    expect(cells[2]).toBe(`${params.epochs1} + ${params.epochs2}`);
    expect(cells.slice(4, 7)).toEqual([24, 80, 320].map((images) => stepsOf(params, images).join(' + ')));
  });

  it('leave the near term at the public code’s but where it was measured to do better', () => {
    // Of features of length one no error comes near the raw value.
    const byQuantile = ['balanced', 'dino'];
    for (const name of NAMES)
      expect(presetParams(name).near).toBe(byQuantile.includes(name) ? 'quantile' : 'raw');
    expect(presetParams('author')).toMatchObject({ gradLoss: 'after', fbpUnit: 'raw', fbpIntensityMin: 8 });
  });
});
