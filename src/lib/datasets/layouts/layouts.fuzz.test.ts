// Listings of any shape, with tables of any content: the answer speaks of the listing's own files only, of each once as
// image, mask or left out, and throws nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzSettings, fuzzTimeout } from '../../../testing/fuzz';
import { readFolder } from '../folder';

const TABLE = 'split_csv/1cls.csv';
const folder = fc.constantFrom(
  ...['train', 'TEST', 'test_public', 'ground_truth', 'masks', 'good', 'ok', 'ko', 'bad', 'Data', 'Images'],
  ...['Normal', 'Anomaly', 'dent', 'set', '..', '.', '', '__MACOSX', 'constructor', '__proto__', 'ü'],
);
const name = fc.constantFrom('0.png', '0.JPG', '0_mask.png', '1.bmp', 'a.txt', 'b.zip', '.png', 'c', '');
const path = fc
  .tuple(fc.array(folder, { maxLength: 5 }), name, fc.constantFrom('/', '\\'))
  .map(([folders, file, separator]) => [...folders, file].join(separator));
const cell = fc.oneof(
  fc.constantFrom('train', 'test', 'normal', 'anomaly', 'object', 'image', '"', '\n'),
  path,
  fc.string(),
);
const rows = fc.array(
  fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(',')),
  { maxLength: 8 },
);
const table = rows.map((lines) => ['object,split,label,image,mask', ...lines].join('\n'));
const tables = fc.option(fc.oneof(table, fc.string()), { nil: undefined });

describe('readFolder', () => {
  it('speaks of every file once, whatever the listing and its table', { timeout: fuzzTimeout(500) }, () => {
    const property = fc.property(fc.array(path, { maxLength: 30 }), tables, (paths, text) => {
      const listing = text === undefined ? paths : [...paths, TABLE];
      const report = readFolder(listing, text === undefined ? {} : { tables: new Map([[TABLE, text]]) });
      const masks = new Set(report.images.map(({ maskPath }) => maskPath).filter((mask) => mask !== null));
      const spoken = [...report.images, ...report.ignored].map((file) => file.path);
      expect(new Set(spoken).size).toBe(spoken.length);
      for (const one of [...spoken, ...masks]) expect(listing).toContain(one);
      for (const one of new Set(paths))
        if (one !== TABLE) expect(spoken.includes(one) || masks.has(one)).toBe(true);
      expect(report.summary).toMatch(/\.$/);
    });
    fc.assert(property, fuzzSettings(500));
  });
});
