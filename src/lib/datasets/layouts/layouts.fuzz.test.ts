// Listings of any shape, with tables, rules and looks of any content: the answer speaks of the listing's own files only, of
// each once as image, mask or left out, and throws nothing but a refusal with a remedy. Long runs: src/testing/fuzz.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, Corpus, fuzzSettings, fuzzTimeout, outcomeOf, textOf } from '../../../testing/fuzz';
import { RemedyError } from '../../errors';
import { masksOf, readFolder, readLayout, toLayout, type FolderOptions, type MaskLook } from '../folder';

const TABLES = ['split_csv/1cls.csv', 'meta.json', 'test/_annotations.coco.json', 'samples/train.jsonl'];
const folder = fc.constantFrom(
  ...[
    'train',
    'TEST',
    'test_public',
    'normal_test',
    'val',
    'ground_truth',
    'masks',
    'Label',
    'good',
    'ok',
    'ko',
  ],
  ...[
    'bad',
    'Data',
    'Images',
    'Normal',
    'Anomaly',
    'Positive',
    'dent',
    'set',
    '000',
    '..',
    '.',
    '',
    '__MACOSX',
  ],
  ...['constructor', '__proto__', 'ü', '{name}', 'S0001'],
);
const name = fc.constantFrom(
  ...[
    '0.png',
    '0.JPG',
    '0_mask.png',
    '0_GT.png',
    'mask0.png',
    'image0.png',
    '0_mask1.png',
    '0.json',
    '1.bmp',
  ],
  ...['a.txt', 'b.zip', '.png', 'c', '', 'labels.json', '000.png'],
);
const path = fc
  .tuple(fc.array(folder, { maxLength: 5 }), name, fc.constantFrom('/', '\\'))
  .map(([folders, file, separator]) => [...folders, file].join(separator));
const cell = fc.oneof(
  fc.constantFrom('train', 'test', 'normal', 'anomaly', 'object', 'image', '"', '\n', '0', '1'),
  path,
  fc.string(),
);
const rows = fc.array(
  fc.array(cell, { maxLength: 6 }).map((cells) => cells.join(',')),
  { maxLength: 8 },
);
const csv = rows.map((lines) => ['object,split,label,image,mask', ...lines].join('\n'));
const entry = fc.record(
  {
    img_path: path,
    image: cell,
    filename: path,
    mask_path: path,
    label: cell,
    anomaly: fc.nat(2),
    split: cell,
  },
  { requiredKeys: [] },
);
const meta = fc.dictionary(
  fc.constantFrom('train', 'test', 'val', 'meta', '__proto__'),
  fc.oneof(fc.array(entry, { maxLength: 4 }), fc.dictionary(cell, fc.array(entry, { maxLength: 3 })), cell),
);
const coco = fc.record({
  images: fc.array(fc.record({ id: fc.nat(3), file_name: path, width: fc.nat(9), height: fc.nat(9) }), { maxLength: 4 }),
  annotations: fc.array(fc.record({ image_id: fc.nat(3), segmentation: fc.constantFrom([], [[1, 1, 3, 1, 3, 3]], null) }), { maxLength: 4 }),
}); // prettier-ignore
const json = fc.oneof(meta, coco, entry).map((value) => JSON.stringify(value));
const text = fc.oneof(csv, json, fc.string());
const tables = fc.dictionary(fc.constantFrom(...TABLES), text);

const part = fc.constantFrom('*', '**', '<train>', '<good>', '<normal>', '<truth>', '{name}*', '{type}', '{class}', 'dent', '0.png', '*.png', '{a,0}*', '?', '{', '<x>'); // prettier-ignore
const rule = fc.record(
  {
    path: fc.oneof(fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/')), fc.string({ maxLength: 20 })),
    as: fc.constantFrom('image', 'mask', 'ignore'),
    split: fc.constantFrom('train', 'validation', 'test'),
    label: fc.constantFrom('normal', 'anomalous', 'unknown'),
    class: fc.string({ maxLength: 5 }),
    type: fc.string({ maxLength: 5 }),
  },
  { requiredKeys: ['path'] },
); // prettier-ignore
const layout = fc.record(
  {
    rules: fc.array(rule, { maxLength: 4 }),
    words: fc.dictionary(fc.constantFrom('train', 'normal', 'truth', 'images'), fc.array(folder.filter(Boolean), { maxLength: 2 })),
    unmasked: fc.constantFrom('normal', 'unknown', null),
    splitFile: fc.constantFrom(null, null, 'meta.json', '1cls.csv'),
  },
  { requiredKeys: [] },
); // prettier-ignore
const look = fc.record({ defect: fc.constantFrom(0, 0.1), masklike: fc.boolean() });

/** @returns the layout's name and what it asks */
function expectEachOnce(
  listing: readonly string[],
  options: FolderOptions,
  used: ReadonlySet<string>,
): string {
  const report = readFolder(listing, options);
  const masks = new Set(report.images.flatMap(masksOf));
  const spoken = [...report.images, ...report.ignored].map((file) => file.path);
  expect(new Set(spoken).size).toBe(spoken.length);
  for (const one of [...spoken, ...masks]) expect(listing).toContain(one);
  for (const one of new Set(listing))
    if (!used.has(one)) expect(spoken.includes(one) || masks.has(one)).toBe(true);
  expect(report.summary).toMatch(/\.$/);
  expect(report.images.filter(({ split, label }) => split === 'train' && label === null)).toEqual([]);
  return [report.layout, ...new Set(report.questions.map(({ kind }) => kind))].join(' ');
}

/** A folder as it is kept: what lies there, what its tables say, and what its reader says of it. */
interface Given {
  paths: string[];
  tables: Record<string, string>;
  rules: unknown;
  /** Of the masks, in turn; null: none was looked at. */
  looks: MaskLook[] | null;
}

/** @returns the layout that is taken, or how the rules are refused */
function readOnce(bytes: Uint8Array): string {
  const { paths, tables, rules, looks } = JSON.parse(textOf(bytes)) as Given;
  const listing = [...paths, ...Object.keys(tables)];
  const options: FolderOptions = { tables: new Map(Object.entries(tables)) };
  let refusal = '';
  try {
    if (rules) options.layout = toLayout(rules);
  } catch (error) {
    expect(error).toBeInstanceOf(RemedyError);
    refusal = outcomeOf(error as RemedyError);
  }
  if (looks) options.looks = new Map(listing.map((one, i) => [one, looks[i % looks.length]!]));
  // Without rules that are refused the folder is read all the same.
  const read = expectEachOnce(listing, options, new Set(TABLES));
  return refusal || read;
}

function readRules(bytes: Uint8Array): string {
  try {
    expect(readLayout(textOf(bytes)).rules.length).toBeLessThanOrEqual(500);
    return 'ok';
  } catch (error) {
    if (!(error instanceof RemedyError)) throw error;
    return outcomeOf(error);
  }
}

describe('readFolder', () => {
  const corpus = new Corpus('layouts');

  it('reads every folder that was kept', () => corpus.replay(readOnce));

  it('speaks of every file once, whatever the listing, tables, rules and masks', { timeout: fuzzTimeout(250) }, async () => {
    const given = fc.record<Given>({
      paths: fc.array(path, { maxLength: 30 }),
      tables: fc.option(tables, { nil: {} }),
      rules: fc.option(layout, { nil: null }),
      looks: fc.option(fc.array(look, { minLength: 3, maxLength: 3 }), { nil: null }),
    });
    await fc.assert(fc.asyncProperty(given, (one) => corpus.try(bytesOf(JSON.stringify(one)), readOnce)), fuzzSettings(250));
  }); // prettier-ignore
});

describe('readLayout', () => {
  const corpus = new Corpus('rules');

  it('gives for every text that was kept what it did', () => corpus.replay(readRules));

  it('gives a layout or a remedy, whatever the text', { timeout: fuzzTimeout(200) }, async () => {
    const text = fc.oneof(fc.json(), fc.string(), layout.map((one) => JSON.stringify(one)));
    await fc.assert(fc.asyncProperty(text, (one) => corpus.try(bytesOf(one), readRules)), fuzzSettings(200));
  }); // prettier-ignore
});
